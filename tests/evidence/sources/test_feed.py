"""Feeds: RSS, Atom, RDF and JSON Feed into the same items."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forecasts.errors import Refused
from forecasts.evidence.sources import KINDS, Item, Reading, feed, source_kind
from forecasts.evidence.sources.feed import FeedSpec, parse

SPEC = FeedSpec()
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
DAY = datetime(2026, 1, 5, 10, tzinfo=UTC)
ACT = Item("a1", "https://news.test/a1", "AI Act in force", "AI Act in force\nThe rules apply & bind.", DAY, "feed")

RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title><item>
<guid isPermaLink="false">a1</guid><title>AI &lt;i&gt;Act&lt;/i&gt; in force</title><link>https://news.test/a1</link>
<pubDate>Mon, 05 Jan 2026 11:00:00 +0100</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>The rules <b>apply</b> &amp; bind.</p><script>alert(1)</script>]]></content:encoded>
</item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry>
<id>a1</id><title>AI Act in force</title><link rel="alternate" href="https://news.test/a1"/>
<published>2026-01-05T10:00:00Z</published><updated>2026-01-09T10:00:00Z</updated><summary>Short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The rules apply &amp; bind.</p></div></content>
</entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.test/"><title>News</title></channel>
<item rdf:about="a1"><title>AI Act in force</title><link>https://news.test/a1</link>
<description>The rules apply &amp;amp; bind.</description><dc:date>2026-01-05T10:00:00Z</dc:date></item></rdf:RDF>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [{"id": "a1",
 "url": "https://news.test/a1", "title": "AI Act in force", "summary": "Short.",
 "content_html": "<p>The rules apply &amp; bind.</p>", "date_published": "2026-01-05T11:00:00+01:00"}]}"""


def rss(item: str, before: str = "") -> bytes:
    return f'{before}<rss version="2.0"><channel><title>News</title><item>{item}</item></channel></rss>'.encode()


def only(body: bytes, **more: Any) -> Item:
    (item,) = parse(body, "application/xml", SPEC, **more)
    return item


@pytest.mark.parametrize("body", [RSS, ATOM, RDF, JSON], ids=["RSS", "Atom", "RDF", "JSON Feed"])
def test_it_reads_a_feed(body: bytes) -> None:
    assert only(body) == ACT


def test_the_text_of_all_items_says_where_each_begins() -> None:
    items = parse(rss("<title>A</title></item><item></item><item><title>Bc</title>"), "", SPEC)
    reading = Reading.of(items)
    text, begins = reading.text, reading.begins
    assert text == "A" + "\n\n" + "" + "\n\n" + "Bc"
    assert begins == (0, 3, 5)
    assert Reading.of(()) == Reading("")


@pytest.mark.parametrize("media_type", ["", "text/html", "text/plain", "application/json", "image/png"])
def test_the_bytes_decide_not_the_media_type(media_type: str) -> None:
    assert parse(RSS, media_type, SPEC) == (ACT,)


def test_the_kind_is_found_by_its_name() -> None:
    kind = source_kind("feed")
    assert kind is feed.KIND
    assert "feed" in KINDS
    assert kind.read(RSS, "", kind.spec({})) == Reading.of((ACT,))
    with pytest.raises(Refused, match="give one of data_series, feed"):
        source_kind("telegram")


@pytest.mark.parametrize("body", [RSS, ATOM, JSON], ids=["RSS", "Atom", "JSON Feed"])
@pytest.mark.parametrize(
    ("text", "below"), [("content", "\nThe rules apply & bind."), ("summary", "\nShort."), ("title", "")]
)
def test_the_spec_says_what_is_read_below_the_title(body: bytes, text: str, below: str) -> None:
    (item,) = parse(body, "", FeedSpec.from_dict({"text": text}))
    assert item.text == "AI Act in force" + below


def test_unknown_keys_and_values_of_a_spec_are_refused_by_name() -> None:
    with pytest.raises(Refused) as caught:
        FeedSpec.from_dict({"texts": "content", "text": "all", "xpath": "//a"})
    assert [problem.field for problem in caught.value.problems] == ["spec.texts", "spec.xpath", "spec.text"]


@pytest.mark.parametrize("value", [None, 3, ["content"], {}])
def test_a_spec_of_the_wrong_type_is_refused(value: object) -> None:
    with pytest.raises(Refused, match=r"spec\.text"):
        FeedSpec.from_dict({"text": value})


def test_a_feed_without_items_is_a_feed() -> None:
    assert parse(b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>', "", SPEC) == ()
    assert parse(b'{"version": "https://jsonfeed.org/version/1", "items": []}', "", SPEC) == ()


def test_markup_never_reaches_the_text() -> None:
    markup = (
        "<![CDATA[<svg onload=alert(1)><title>x</title></svg><style>p{}</style><!-- hidden --><p>One</p><p>Two<br>three"
        "</p><iframe src=x>no</iframe><a href='javascript:x'>four</a><!x><?y?></> 1 < 2 &lt;b&gt;]]>"
    )
    assert (
        only(rss(f"<title>T</title><description>{markup}</description>")).text == "T\nOne\nTwo\nthree\nfour 1 < 2 <b>"
    )


def test_control_zero_width_direction_and_tag_characters_are_removed() -> None:
    odd = "b\u200ba\u202en\u2066 \U000e0041a\u00adb\ufeff"
    assert only(rss(f"<title>{odd}</title>")).title == "ban ab"
    assert only(json_feed({"title": "a\x00\x1b[31mb\ud800"})).title == "a[31mb"


def json_feed(*items: object) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.test",
        "file:///etc/passwd",
        "http://[",
        "http://",
        "http:x",
        "/a",
        "",
    ],
)
def test_only_web_links_are_kept(link: str) -> None:
    assert only(rss(f"<guid>g</guid><title>T</title><link>{link}</link>")).url == ""
    assert only(json_feed({"id": "g", "title": "T", "url": link})).url == ""


def test_relative_links_are_read_against_the_feeds_address() -> None:
    assert only(rss("<title>T</title><link>/a?b</link>"), url="https://news.test/feed").url == "https://news.test/a?b"


def test_an_item_without_an_id_is_named_by_its_link_else_by_its_text() -> None:
    assert only(rss("<title>T</title><link>https://news.test/1</link>")).guid == "https://news.test/1"
    first, same, other = (only(rss(f"<title>{title}</title>")).guid for title in ("A", "A", "B"))
    assert first == same != other
    assert first.startswith("sha256:")


def test_a_very_long_id_is_kept_as_a_digest() -> None:
    assert only(rss(f"<guid>{'x' * 500}</guid><title>T</title>")).guid == "x" * 500
    assert only(rss(f"<guid>{'x' * 501}</guid><title>T</title>")).guid.startswith("sha256:")


def test_items_that_share_an_id_stay_apart() -> None:
    two = rss("<guid>g</guid><title>A</title></item><item><guid>g</guid><title>B</title>")
    assert [(item.guid, item.title) for item in parse(two, "", SPEC)] == [("g", "A"), ("g", "B")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 05 Jan 2026 10:00:00 GMT", DAY),
        ("Mon, 05 Jan 2026 05:00:00 EST", DAY),
        ("5 Jan 2026 10:00", DAY),
        ("2026-01-05T10:00:00", DAY),
        ("2026-01-05T12:00:00+02:00", DAY),
        ("2026-01-05", datetime(2026, 1, 5, tzinfo=UTC)),
        ("Mon, 32 Jan 2026 10:00:00 GMT", None),
        ("lundi 5 janvier 2026", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_or_left_out(written: str, expected: datetime | None) -> None:
    item = only(rss(f"<title>T</title><pubDate>{written}</pubDate>"), now=NOW)
    assert (item.published_at, item.dated_by) == (expected, "feed" if expected else "none")


@pytest.mark.parametrize(("ahead", "believed"), [(48, True), (49, False)])
def test_a_date_far_ahead_of_the_fetch_is_not_believed(ahead: int, believed: bool) -> None:
    date = NOW + timedelta(hours=ahead)
    assert (
        only(json_feed({"title": "T", "date_published": date.isoformat()}), now=NOW).published_at == date
    ) == believed


CAFE = "Café – 5 €"
UTF16 = CAFE.encode("utf-16-le")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "cp1252"),
        ("us-ascii", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("windows-1252", "cp1252"),
        ("utf-16", "utf-8"),
        ("utf-7", "utf-8"),
        ("unicode_escape", "utf-8"),
        ("no-such-charset", "utf-8"),
        ("base64", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-8", "utf-16"),
        ("utf-16", "utf-16-be"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32"),
    ],
)
def test_the_text_is_right_whatever_charset_is_declared(declared: str, encoding: str) -> None:
    document = rss(f"<title>{CAFE}</title>", f'<?xml version="1.0" encoding="{declared}"?>').decode()
    assert only(document.encode(encoding)).title == CAFE


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb18030", "人工智能法规"),
        ("shift_jis", "規制が施行"),
        ("iso-2022-jp", "規制が施行"),
        ("koi8-r", "Закон принят"),
    ],
)
def test_other_charsets_are_read_as_declared_by_document_or_transport(charset: str, text: str) -> None:
    title = f"<title>{text}</title>"
    assert only(rss(title, f'<?xml version="1.0" encoding="{charset}"?>').decode().encode(charset)).title == text
    assert only(rss(title).decode().encode(charset), charset=charset).title == text


def test_utf_7_never_becomes_markup() -> None:
    assert only(rss("<title>+ADw-script+AD4-</title>"), charset="utf-7").title == "+ADw-script+AD4-"


def test_bytes_in_no_charset_at_all_are_replaced() -> None:
    title = only(rss("<title>a?b</title>").replace(b"?", b"\x81\xff\x00"), charset="utf-8").title
    assert title == "a\ufffdÿb"


def test_broken_xml_is_read_as_well_as_it_can_be() -> None:
    item = only(rss("<title>Fish & chips &nbsp; caf&eacute;</title><description><p>Open</description>"))
    assert item.title == "Fish & chips café"


def test_a_broken_feed_with_many_lone_tags_is_not_taken_for_a_deep_one() -> None:
    entries = "".join(f"<entry><id>{n}</id><category term='x'/><title>A & B</title></entry>" for n in range(300))
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
    assert len(parse(body, "", SPEC)) == 300


def test_numbers_serve_as_ids_in_json_and_other_types_do_not() -> None:
    assert only(json_feed({"id": 7, "title": "T"})).guid == "7"
    assert only(json_feed({"id": {"a": 1}, "title": "T", "url": ["x"], "content_text": None})).guid.startswith(
        "sha256:"
    )


def test_json_items_that_are_no_objects_are_passed_over() -> None:
    assert [item.title for item in parse(json_feed("x", None, {"title": "T"}, []), "", SPEC)] == ["T"]
