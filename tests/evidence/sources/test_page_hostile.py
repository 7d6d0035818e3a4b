"""Answers that are no page to watch, and pages that are meant to hurt."""

import time
from datetime import UTC, datetime

import pytest

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.page import PageSpec, read
from tests.evidence.sources.test_page import look, only, page

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def outcome(body: bytes, spec: PageSpec) -> str:
    """The code of the refusal, or "read"."""
    try:
        read(body, "text/html", spec, now=NOW)
    except UnreadableSource as error:
        return error.code
    return "read"


def refusal(body: bytes, spec: PageSpec | None = None) -> UnreadableSource:
    with pytest.raises(UnreadableSource) as caught:
        read(body, "text/html", spec or PageSpec(), now=NOW)
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\0\0",
        b"\xef\xbb\xbf",
        b"<!-- nothing -->",
        b"<!doctype html>",
        b"<html><body></body></html>",
        b"<p>&nbsp;&#8203;</p>",
        b"<div id=root></div><script>render('much')</script><noscript>You need to enable JavaScript.</noscript>",
        b"<svg><text>drawn</text></svg>",
    ],
)
def test_a_page_without_text_is_named(body: bytes) -> None:
    assert refusal(body).code == "empty"


def test_nothing_left_after_dropping_is_empty_too() -> None:
    for everything in ("*", "html", "body", "body *"):
        assert refusal(b"<p>Text</p>", PageSpec(drop=(everything,))).code == "empty"
    assert refusal(b"<p>Text</p>", PageSpec(select="p", drop=("body",))).code == "no_match"


@pytest.mark.parametrize("body", [b"%PDF-1.7 text", b"\x89PNG\r\n", b"PK\x03\x04", b"\x1f\x8b\x08"])
def test_a_file_is_no_page(body: bytes) -> None:
    assert refusal(body).code == "not_a_page"


CHALLENGES = [
    "<title>Just a moment...</title><body><noscript>Enable JavaScript and cookies to continue</noscript>",
    "<title>news.test</title><body><p>Checking your browser before accessing news.test.</p>",
    "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
    "<title>Captcha</title><form><img src=c><input name=c></form>",
    "<title>Hi</title><p>Our systems have detected unusual traffic from your computer network.</p>",
    "<title>DDoS-Guard</title><p>Please wait</p>",
    "<title>x</title><p>Verify you are human by completing the action below.</p>",
]


@pytest.mark.parametrize("markup", CHALLENGES)
def test_a_check_for_robots_is_its_own_status(markup: str) -> None:
    assert refusal(markup.encode()).code == "bot_wall"
    assert refusal(markup.encode(), PageSpec(select="#rates")).code == "bot_wall"


@pytest.mark.parametrize(
    "markup",
    [
        "<title>Sign in</title><form><input name=u><input type=password></form>",
        "<title>Portal</title><form>Bitte anmelden <input type=password><button>Weiter</button></form>",
    ],
)
def test_a_form_to_sign_in_is_its_own_status(markup: str) -> None:
    assert refusal(markup.encode()).code == "login_wall"


def test_an_article_about_captchas_is_an_article() -> None:
    story = "<p>Solve the captcha, says the site; many readers sign in instead and read on for a while.</p>" * 20
    assert look(f"{story}<input type=password>", head="<title>Captcha and its critics</title>").text.startswith("Solve")


HEAVY = {
    "10,000 deep": (b"<div>" * 10_000 + b"x" + b"</div>" * 10_000, "too_deep"),
    "a megabyte of lists": (b"<ul><li>" * 125_000, "too_deep"),
    "a megabyte of paragraphs": (b"<p>" * 333_000, "too_complex"),
    "ten thousand attributes": (b"<a " + b" ".join(b"a%d=''" % n for n in range(10_000)) + b">", "too_complex"),
    "attributes without spaces": (b"<a " + b"".join(b"a%d=''" % n for n in range(10_000)) + b">", "too_complex"),
    "five megabytes that are escaped": (b"<" * 5_000_000, "too_large"),
    "one long list": (b"<p>x" * 10_001, "too_complex"),
    "fonts left open": (
        b"<p>" + b"".join(b"<font size=%d>" % n for n in range(200)) + b"<div>x</div>" * 40_000,
        "too_complex",
    ),
    "a long list of numbers": (b"<pre>" + b"12345678\n" * 200_000, "too_large"),
}


@pytest.mark.parametrize(("body", "code"), HEAVY.values(), ids=HEAVY.keys())
def test_heavy_markup_is_refused_before_it_is_worked_on(body: bytes, code: str) -> None:
    started = time.monotonic()
    assert refusal(b"<html><body>" + body, PageSpec(select="body")).code == code
    assert time.monotonic() - started < 6


SLOW_FOR_OTHERS = [
    "<!--",
    "<",
    "</",
    "&#",
    "<a ",
    "<a b='",
    "<a b=\"<a b='",
    "<![CDATA[",
    "<script>",
    "<style>",
    "<svg><style><font>",
    "<?",
    "<b>",
    "<title>",
    "a=b ",
    "2026-01-05 ",
    "x",
]


@pytest.mark.parametrize("markup", SLOW_FOR_OTHERS)
@pytest.mark.parametrize("select", ["", "body"])
def test_half_a_megabyte_of_odd_markup_takes_seconds_at_most(markup: str, select: str) -> None:
    started = time.monotonic()
    body = f"<p>Hello {markup * (500_000 // len(markup))}".encode()
    assert outcome(body, PageSpec(select)) in ("read", "empty", "too_complex", "too_deep")
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    "selector",
    ["* * * * * x", "* ~ * ~ * ~ x", "p:nth-child(7)", "p:nth-last-child(7)", ":not(p ~ p)", "p:last-of-type"],
)
def test_a_selector_on_a_long_list_takes_seconds_at_most(selector: str) -> None:
    spec = PageSpec.from_dict({"select": selector})
    started = time.monotonic()
    assert outcome(page(f"<ol>{'<p>x</p>' * 9_000}</ol>" * 4), spec) in ("read", "no_match")
    assert time.monotonic() - started < 6


def test_almost_too_many_attributes_again_and_again_take_seconds_at_most() -> None:
    body = f"<p>Hello {('<a ' * 499 + '>') * 3_300}".encode()
    started = time.monotonic()
    assert outcome(body, PageSpec("body")) in ("read", "too_complex")
    assert time.monotonic() - started < 6


def test_a_script_that_looks_like_a_tag_of_many_words_is_a_script() -> None:
    script = "for(i=0;i<n;i++) {" + " ".join(f"a{n % 90} = b{n};" for n in range(2_000)) + "}"
    assert look(f"<script>{script}</script><p>Text</p>").text == "Text"


def test_a_title_of_five_megabytes_is_cut() -> None:
    assert len(only(look("Text", head=f"<title>{'x' * 5_000_000}</title>")).title) == 500


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_are_not_resolved(doctype: str) -> None:
    text = read(f"{doctype}<html><body><main>A &a; &b;</main></body></html>".encode(), "", PageSpec("main")).text
    assert text == "A &a; &b;"


def test_scripts_drawings_and_links_leave_no_markup() -> None:
    main = (
        "<svg onload=alert(1)><title>x</title></svg><a href='javascript:alert(1)'>link</a><iframe src=x>no</iframe>"
        "<template><p>no</p></template><style>p{}</style><p>1 &lt; 2 &lt;script&gt;</p>"
    )
    assert look(main).text == "link\n1 < 2 <script>"


def test_thousands_of_dropped_parts_inside_each_other_do_no_harm() -> None:
    nested = "<div>" * 200 + "x" + "</div>" * 200
    reading = look(nested * 100 + "<p>Kept</p>", PageSpec(select="main", drop=("div", "div div", "i")))
    assert reading.text == "Kept"


def test_the_body_may_be_cut_anywhere() -> None:
    body = page("<h1>Act</h1><p title='a'>In <b>force</b> &amp; binding.</p>")
    for length in range(len(body)):
        assert outcome(body[:length], PageSpec(select="main")) in ("read", "empty", "no_match")
