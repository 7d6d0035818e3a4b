"""What is no feed, and feeds that are meant to hurt."""

import json
import time

import pytest

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.feed import FeedSpec, parse
from tests.evidence.sources.test_feed import rss

SPEC = FeedSpec()


def refusal(body: bytes, media_type: str = "application/rss+xml") -> UnreadableSource:
    with pytest.raises(UnreadableSource) as caught:
        parse(body, media_type, SPEC)
    return caught.value


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\0\0\0"])
def test_an_empty_answer_is_named(body: bytes) -> None:
    assert refusal(body).code == "empty"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (b"<!DOCTYPE html><html><head><title>Sign in &amp; read</title>", "Sign in & read"),
        (b"<!doctype HTML>\n<TITLE lang=en>\nJust a\n moment...</TITLE>", "Just a moment..."),
        (b"\xef\xbb\xbf  <html><title>Cafe</title>", "Cafe"),
        (b"<!-- saved --><!-- twice --><html><body>no title", "(no title)"),
        (
            b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN' 'x'><html><title>X</title></html>",
            "X",
        ),
        (b"<body>hello", "(no title)"),
        (b"<html><title>" + b"x" * 200 + b"</title>", "x" * 80),
    ],
)
def test_a_page_instead_of_a_feed_is_named_with_its_title(body: bytes, title: str) -> None:
    error = refusal(body)
    assert error.code == "html"
    assert str(error) == f"expected RSS, Atom or JSON Feed; got HTML titled '{title}'"


@pytest.mark.parametrize(
    "body",
    [
        b"hello",
        b"%PDF-1.7",
        b"\x89PNG\r\n",
        b"<sitemapindex/>",
        b"<?xml version='1.0'?><note>hi</note>",
        b"{}",
        b"[]",
        b"{",
        b'{"version": "https://jsonfeed.org/version/1"}',
        b'{"version": 1, "items": []}',
        b'{"version": "https://jsonfeed.org/version/1", "items": {}}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [NaN]}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [Infinity]}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"1" * 5000 + b"]}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: ascii(body[:40]),
)
def test_something_else_is_not_a_feed(body: bytes) -> None:
    error = refusal(body)
    assert error.code == "not_a_feed"
    assert str(error).startswith("expected RSS, Atom or JSON Feed; got ")


LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LOL}]>',
        f'<!DOCTYPE rss [<!ENTITY a "{"x" * 10_000}">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "http://127.0.0.1/">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
        "<!DOCTYPE rss [<!ENTITY % p \"<!ENTITY a 'b'>\"> %p;]>",
    ],
    ids=["billion laughs", "quadratic", "file", "network", "parameter", "nested parameter"],
)
@pytest.mark.parametrize("broken", ["", "&undefined;"], ids=["well-formed", "broken"])
def test_entities_of_its_own_end_the_reading(doctype: str, broken: str) -> None:
    error = refusal(rss(f"<title>&a;&l9;{broken}</title>", doctype))
    assert error.code == "entities"


@pytest.mark.parametrize("reference", ["&#99999999999;", "&#x110000;", "&#xd800;"])
def test_what_makes_the_feed_parser_stumble_is_an_unreadable_source(reference: str) -> None:
    assert refusal(rss(f"<title>{reference} &undefined;</title>")).code == "broken"


def test_an_external_dtd_is_not_fetched_and_does_no_harm() -> None:
    (item,) = parse(rss("<title>T</title>", '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">'), "", SPEC)
    assert item.title == "T"


@pytest.mark.parametrize("start", ["", "<a>&undefined;</a>"], ids=["well-formed", "broken"])
def test_two_thousand_items_are_read_and_more_are_not(start: str) -> None:
    body = f"<rss version='2.0'><channel>{start}{'<item><title>T</title></item>' * 2000}</channel></rss>".encode()
    assert len(parse(body, "", SPEC)) == 2000
    assert refusal(body.replace(b"</channel>", b"<item></item></channel>")).code == "too_many_items"
    items = [{"title": "T"}] * 2001
    assert (
        refusal(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode()).code
        == "too_many_items"
    )


HEAVY = {
    "60,000 items": (b"<rss><channel>" + b"<item/>" * 60_000, "too_many_items"),
    "60,000 unclosed items": (b"<rss>&x;<channel>" + b"<item " * 60_000, "too_deep"),
    "60,000 deep": (b"<rss><channel>" + b"<a>" * 60_000, "too_deep"),
    "60,000 deep and broken": (b"<rss>&x;<channel>" + b"<a>" * 60_000, "too_deep"),
    "half a million elements": (b"<rss><channel>" + b"<a/>" * 500_000, "too_complex"),
    "half a million broken elements": (b"<rss>&x;<channel>" + b"<a/>" * 500_000, "too_complex"),
    "a million stray marks": (b"<rss>&x;<channel>" + b"<" * 1_000_000, "too_complex"),
    "a million ampersands": (b"<rss><channel>" + b"& " * 1_000_000, "too_complex"),
    "ten thousand attributes": (
        b"<rss><channel><a " + b" ".join(b"a%d=''" % n for n in range(10_000)) + b"/></channel></rss>",
        "too_complex",
    ),
}


@pytest.mark.parametrize(("body", "code"), HEAVY.values(), ids=HEAVY.keys())
def test_heavy_markup_is_refused_before_it_is_parsed(body: bytes, code: str) -> None:
    started = time.monotonic()
    assert refusal(body).code == code
    assert time.monotonic() - started < 4


SLOW_FOR_OTHERS = ["<!--", "<div>", "<a ", "<", "</", "&#", "<a b='", "<![CDATA[", "<script>", "<?"]


@pytest.mark.parametrize("markup", SLOW_FOR_OTHERS)
def test_markup_inside_an_item_takes_linear_time(markup: str) -> None:
    """Half a megabyte of each takes common parsers minutes."""
    started = time.monotonic()
    text = json.dumps({"content_html": markup * (500_000 // len(markup))})
    (item,) = parse(f'{{"version": "https://jsonfeed.org/version/1", "items": [{text}]}}'.encode(), "", SPEC)
    assert len(item.text) <= 50_000
    assert time.monotonic() - started < 4


def test_a_title_of_five_megabytes_is_cut() -> None:
    (item,) = parse(rss(f"<title>{'x' * 5_000_000}</title>"), "", SPEC)
    assert item.title == "x" * 500
