"""Sitemaps: news and plain ones into the newest items."""

import gzip
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.errors import Refused, UnreadableSource
from forecasts.evidence.sources.kind import Item, Reading
from forecasts.evidence.sources.sitemap import KIND, SitemapSpec, read

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
DAY = datetime(2026, 1, 5, 10, tzinfo=UTC)
URL = "https://news.test/sitemap.xml"
NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://news.test/a1</loc><lastmod>2026-01-09</lastmod>
<image:image><image:loc>https://img.test/1.jpg</image:loc><image:title>A picture</image:title></image:image>
<n:news><n:publication><n:name>News</n:name></n:publication>
<n:publication_date>2026-01-05T11:00:00+01:00</n:publication_date>
<n:title>AI Act in force &amp; binding</n:title><n:keywords>ai, law</n:keywords></n:news></url></urlset>"""
ACT = Item(
    "https://news.test/a1",
    "https://news.test/a1",
    "AI Act in force & binding",
    "AI Act in force & binding\nai, law",
    DAY,
    "feed",
)


def urls(*locations: str, **fields: str) -> bytes:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<urlset>{''.join(f'<url><loc>{location}</loc>{inner}</url>' for location in locations)}</urlset>".encode()


def look(body: bytes, spec: SitemapSpec | None = None, **more: Any) -> Reading:
    return read(body, "application/xml", spec or SitemapSpec(), **{"url": URL, "now": NOW, **more})


def test_it_reads_a_news_sitemap() -> None:
    assert look(NEWS) == Reading(ACT.text, (ACT,), (0,))


def test_the_kind_reads_what_its_spec_says() -> None:
    assert (KIND.name, KIND.extractor) == ("sitemap", "sitemap-1")
    body = urls("https://news.test/news/a", "https://news.test/shop/b", "/news", "https://news.test")
    reading = KIND.read(body, "", KIND.spec({"path": "/news/"}), url=URL)
    assert [item.url for item in reading.items] == ["https://news.test/news/a"]


@pytest.mark.parametrize(
    ("location", "title"),
    [
        ("https://news.test/2026/ai-act_in+force.html", "ai act in force"),
        ("https://news.test/caf%C3%A9-opens/?a=b", "café opens"),
        ("https://news.test/", "news.test"),
        ("https://news.test/%E2%80%AE%00evil%0Aline", "evil line"),
        ("https://news.test/%ff", "\ufffd"),
        ("https://news.test/a.b.php", "a.b"),
    ],
)
def test_a_plain_location_is_titled_by_its_path(location: str, title: str) -> None:
    (item,) = look(urls(location)).items
    assert (item.title, item.text) == (title, title)


@pytest.mark.parametrize(
    ("lastmod", "date"),
    [
        ("2026-01-05T10:00:00Z", DAY),
        (" 2026-01-05T12:00+02:00 ", DAY),
        ("2026-01-05T10:00:00", DAY),
        ("2026-01-05", datetime(2026, 1, 5, 23, 59, 59, tzinfo=UTC)),
        ("2026-01-10", NOW),
        ("2026-01-13", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("0001-01-01", None),
        ("32 Jan", None),
        ("", None),
    ],
)
def test_dates_are_read_when_they_can_be_believed(lastmod: str, date: datetime | None) -> None:
    (item,) = look(urls("/a", lastmod=lastmod)).items
    assert (item.published_at, item.dated_by) == (date, "feed" if date else "none")


def test_the_newest_come_first_and_those_without_a_date_last() -> None:
    body = (
        "<urlset><url><loc>/none</loc></url><url><loc>/old</loc><lastmod>2026-01-01</lastmod></url>"
        "<url><loc>/new</loc><lastmod>2026-01-02</lastmod></url></urlset>"
    )
    assert [item.title for item in look(body.encode()).items] == ["new", "old", "none"]


def test_links_to_other_hosts_and_no_links_are_left_out() -> None:
    others = [
        "https://other.test/a",
        "javascript:alert(1)",
        "https://news.test.evil.test/",
        "ftp://news.test/",
        "",
        "http://[",
    ]
    assert look(urls(*others, "/mine", "https://NEWS.test/too")).text == "mine\n\ntoo"
    assert look(urls("https://other.test/a"), url="").text == "a"


def test_a_sitemap_without_locations_is_a_sitemap() -> None:
    assert look(b"<urlset/>") == Reading("")
    assert look(b"<urlset><url/><url><lastmod>2026-01-01</lastmod></url></urlset>") == Reading("")


def test_a_packed_sitemap_is_unpacked() -> None:
    assert look(gzip.compress(NEWS, mtime=0)).items == (ACT,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_charset_may_be_a_lie(encoding: str) -> None:
    body = '<?xml version="1.0" encoding="koi8-r"?><urlset><url><loc>/über</loc></url></urlset>'.encode(encoding)
    assert look(body, charset="us-ascii").text == "über"


def test_an_index_names_the_sitemaps_to_use_instead() -> None:
    children = "".join(f"<sitemap><loc>/part-{n}.xml</loc></sitemap>" for n in range(7))
    with pytest.raises(UnreadableSource) as caught:
        look(f"<sitemapindex>{children}</sitemapindex>".encode())
    assert caught.value.code == "index"
    named = ", ".join(f"https://news.test/part-{n}.xml" for n in range(5))
    assert str(caught.value) == f"this is an index of sitemaps; use one of those it names: {named}"
    with pytest.raises(UnreadableSource, match="names none"):
        look(b"<sitemapindex/>")


def test_fifty_thousand_locations_are_read_within_seconds_and_the_newest_two_thousand_kept() -> None:
    entries = "".join(
        f"<url><loc>https://news.test/{n}</loc><lastmod>{(DAY - timedelta(minutes=n)).isoformat()}</lastmod>"
        "<changefreq>daily</changefreq><priority>0.5</priority></url>"
        for n in reversed(range(50_000))
    )
    started = time.monotonic()
    reading = look(f"<urlset>{entries}</urlset>".encode())
    assert time.monotonic() - started < 8
    assert [item.title for item in reading.items] == [str(n) for n in range(2_000)]


def test_which_of_many_without_a_date_are_the_newest_cannot_be_told() -> None:
    locations = [f"/{'news' if n < 2_000 else 'shop'}/{n}" for n in range(2_001)]
    with pytest.raises(UnreadableSource, match="2,001 locations") as caught:
        look(urls(*locations))
    assert caught.value.code == "too_many_items"
    assert len(look(urls(*locations), SitemapSpec("/news/")).items) == 2_000
    assert len(look(urls(*locations, lastmod="2026-01-05")).items) == 2_000


@given(st.lists(st.text("ab \u0301é🙂<&\n", max_size=5), max_size=8))
def test_every_item_stands_in_the_text_where_it_is_said_to(titles: list[str]) -> None:
    entries = "".join(
        f"<url><loc>/{n}</loc><news><title><![CDATA[{title}]]></title></news></url>" for n, title in enumerate(titles)
    )
    reading = look(f"<urlset>{entries}</urlset>".encode())
    assert len(reading.items) == len(titles)
    for item, begin in zip(reading.items, reading.begins, strict=True):
        assert reading.text[begin : begin + len(item.text)] == item.text != ""


def test_unknown_keys_and_values_of_a_spec_are_refused_by_name() -> None:
    with pytest.raises(Refused) as caught:
        SitemapSpec.from_dict({"paths": "/", "path": "news"})
    assert [problem.field for problem in caught.value.problems] == ["spec.paths", "spec.path"]


@pytest.mark.parametrize("path", [None, 3, ["/"], "https://news.test/", "/" * 501])
def test_a_path_of_the_wrong_form_is_refused(path: object) -> None:
    with pytest.raises(Refused, match=r"spec\.path"):
        SitemapSpec.from_dict({"path": path})
