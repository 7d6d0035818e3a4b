"""Atom 1.0 (RFC 4287). Pure: what a feed says in, the document out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

from forecasts.evidence.plaintext import clean

MEDIA_TYPE = "application/atom+xml"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Entry:
    """`title` and `summary` are plain text; times are aware."""

    name: UUID
    url: str
    title: str
    summary: str
    published: dt.datetime
    updated: dt.datetime


@dataclass(frozen=True)
class Feed:
    """`url` is its own address, `page` the one of the page that shows the same."""

    name: UUID
    url: str
    page: str
    title: str
    author: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> dt.datetime:
        """That of its newest entry; a feed without any says 1970, never the time at which it was asked for."""
        return max((entry.updated for entry in self.entries), default=EPOCH)


def atom(feed: Feed) -> bytes:
    """The document in UTF-8. Control, zero-width and direction characters are left out: XML forbids the first."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _text(root, "id", feed.name.urn)
    _text(root, "title", feed.title)
    _text(root, "updated", _time(feed.updated))
    SubElement(root, "link", rel="self", type=MEDIA_TYPE, href=feed.url)
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    _text(SubElement(root, "author"), "name", feed.author)
    for entry in feed.entries:
        _entry(SubElement(root, "entry"), entry)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(element: Element, entry: Entry) -> None:
    _text(element, "id", entry.name.urn)
    _text(element, "title", entry.title)
    SubElement(element, "link", rel="alternate", type="text/html", href=entry.url)
    _text(element, "published", _time(entry.published))
    _text(element, "updated", _time(entry.updated))
    _text(element, "summary", entry.summary)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)


def _time(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
