"""Atom: the document by hand, and read back by the reader that we read others' feeds with."""

import datetime as dt
import uuid

from defusedxml.ElementTree import fromstring

from forecasts.evidence.sources.feed import FeedSpec, parse
from forecasts.exports.atom import Entry, Feed, atom

AT = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
SPACE = "{http://www.w3.org/2005/Atom}"


def entry(title: str = "It happened", at: dt.datetime = AT, n: int = 1) -> Entry:
    return Entry(uuid.UUID(int=n), f"https://reckoner.example/predictions/{n}/", title, f"Why {n}: {title}", at, at)


def feed(*entries: Entry) -> Feed:
    here = "https://reckoner.example"
    return Feed(uuid.UUID(int=9), f"{here}/feeds/a.atom", f"{here}/", "Reckoner: all", "Reckoner", entries)


def test_it_works() -> None:
    found = fromstring(atom(feed(entry(), entry("It did not", AT + dt.timedelta(days=1), 2))))
    assert found.findtext(f"{SPACE}id") == "urn:uuid:00000000-0000-0000-0000-000000000009"
    assert found.findtext(f"{SPACE}updated") == "2026-07-02T12:00:00Z"  # of the newest entry
    assert [link.attrib for link in found.findall(f"{SPACE}link")] == [
        {"rel": "self", "type": "application/atom+xml", "href": "https://reckoner.example/feeds/a.atom"},
        {"rel": "alternate", "type": "text/html", "href": "https://reckoner.example/"},
    ]
    assert found.findtext(f"{SPACE}author/{SPACE}name") == "Reckoner"
    assert [row.findtext(f"{SPACE}title") for row in found.findall(f"{SPACE}entry")] == ["It happened", "It did not"]


def test_our_own_reader_reads_it_back_and_hostile_text_is_only_text() -> None:
    evil = "<script>alert(1)</script> & ]]> \x00\x0b\u202e &amp;"
    (item,) = parse(atom(feed(entry(evil))), "application/atom+xml", FeedSpec())
    assert (item.url, item.published_at) == ("https://reckoner.example/predictions/1/", AT)
    root = fromstring(atom(feed(entry(evil))))
    assert root.findtext(f"{SPACE}entry/{SPACE}title") == "<script>alert(1)</script> & ]]> &amp;"
    assert {element.tag for element in root.iter()} == {
        f"{SPACE}{name}"
        for name in ("feed", "id", "title", "updated", "link", "author", "name", "entry", "published", "summary")
    }


def test_a_feed_without_entries_does_not_say_when_it_was_asked_for() -> None:
    assert fromstring(atom(feed())).findtext(f"{SPACE}updated") == "1970-01-01T00:00:00Z"
    assert parse(atom(feed()), "", FeedSpec()) == ()
