"""What is no sitemap, and sitemaps that are meant to hurt."""

import gzip
import time

import pytest

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.sitemap import SitemapSpec, read
from tests.evidence.sources.test_sitemap import look, urls


def refusal(body: bytes) -> UnreadableSource:
    with pytest.raises(UnreadableSource) as caught:
        read(body, "application/xml", SitemapSpec(), url="https://news.test/sitemap.xml")
    return caught.value


@pytest.mark.parametrize("body", [b"", b" \n", b"\xef\xbb\xbf", b"\0\0", gzip.compress(b"", mtime=0)])
def test_an_empty_answer_is_named(body: bytes) -> None:
    assert refusal(body).code == "empty"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<!DOCTYPE html><html><title>Sign in</title>", "html"),
        (b"<!-- x --><HTML lang=en>", "html"),
        (b"https://news.test/a\nhttps://news.test/b", "not_a_sitemap"),
        (b"{}", "not_a_sitemap"),
        (b"%PDF-1.7", "not_a_sitemap"),
        (b"<rss><channel/></rss>", "not_a_sitemap"),
        (b"<urlset><url>", "broken"),
        (b"<urlset>&undefined;</urlset>", "broken"),
        (b"<urlset></urlset><urlset/>", "broken"),
        (b"<urlset a='1' a='2'/>", "broken"),
        (b"<urlset>&#0;</urlset>", "broken"),
        (b"<", "broken"),
        (b"\x1f\x8b garbage", "broken"),
        (gzip.compress(urls("/a"), mtime=0)[:-9], "broken"),
    ],
)
def test_something_else_is_no_sitemap(body: bytes, code: str) -> None:
    assert refusal(body).code == code


LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE urlset [<!ENTITY l0 "lol">{LOL}]>',
        f'<!DOCTYPE urlset [<!ENTITY a "{"x" * 10_000}">]>',
        '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE urlset [<!ENTITY a SYSTEM "http://127.0.0.1/">]>',
        '<!DOCTYPE urlset [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
        "<!DOCTYPE urlset [<!ENTITY % p \"<!ENTITY a 'b'>\"> %p;]>",
        '<!DOCTYPE urlset [<!NOTATION n SYSTEM "x"><!ENTITY a SYSTEM "x" NDATA n>]>',
    ],
    ids=["billion laughs", "quadratic", "file", "network", "parameter", "nested parameter", "unparsed"],
)
def test_entities_of_its_own_end_the_reading(doctype: str) -> None:
    assert refusal(f"{doctype}<urlset><url><loc>&a;&l9;</loc></url></urlset>".encode()).code == "entities"


def test_an_external_dtd_is_not_fetched_and_does_no_harm() -> None:
    assert look(b'<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/x.dtd">' + urls("/a")).text == "a"


HEAVY = {
    "more entries than the rules allow": (b"<urlset>" + b"<url/>" * 50_001, "too_many_items"),
    "60,000 deep": (b"<urlset>" + b"<a>" * 60_000, "too_deep"),
    "an index in an index in an index": (b"<sitemapindex>" * 60_000, "too_deep"),
    "over a million elements": (b"<urlset>" + b"<a/>" * 1_000_001, "too_complex"),
    "a gzip bomb": (gzip.compress(b" " * 200_000_000, mtime=0), "too_large"),
    "gzip in gzip": (gzip.compress(gzip.compress(urls("/a"), mtime=0), mtime=0), "not_a_sitemap"),
}


@pytest.mark.parametrize(("body", "code"), HEAVY.values(), ids=HEAVY.keys())
def test_heavy_markup_is_refused(body: bytes, code: str) -> None:
    started = time.monotonic()
    assert refusal(body).code == code
    assert time.monotonic() - started < 6


def test_a_title_of_five_megabytes_is_cut() -> None:
    title = "<![CDATA[" + "x" * 5_000_000 + "]]>"
    (item,) = look(f"<urlset><url><loc>/a</loc><news><title>{title}</title></news></url></urlset>".encode()).items
    assert len(item.title) == 500


def test_markup_and_odd_characters_are_text() -> None:
    title = "<![CDATA[<script>alert(1)</script> b\u200ba\u202en\U000e0041]]>"
    (item,) = look(f"<urlset><url><loc>/a</loc><news><title>{title}</title></news></url></urlset>".encode()).items
    assert item.title == "<script>alert(1)</script> ban"


def test_fields_inside_each_other_do_no_harm() -> None:
    body = b"<urlset><url><loc>/a<loc>/b</loc>/c</loc><loc>/d</loc><x><loc>/e</loc></x></url><loc>/f</loc></urlset>"
    assert look(body).text == "d"
