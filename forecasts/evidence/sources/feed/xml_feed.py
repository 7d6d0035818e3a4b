"""RSS, Atom and RDF through feedparser."""

import io
from datetime import UTC, datetime
from typing import Any

import feedparser

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.feed.items import make_item, plain
from forecasts.evidence.sources.feed.spec import FeedSpec
from forecasts.evidence.sources.kind import Item


def read(xml: bytes, spec: FeedSpec, url: str, now: datetime | None) -> tuple[Item, ...]:
    """The items in UTF-8 `xml` that has passed the guard. Raises UnreadableSource (`not_a_feed`, `broken`)."""
    found = _parse(xml)
    if not found.version:
        raise UnreadableSource("expected RSS, Atom or JSON Feed; got XML that is none of them", "not_a_feed")
    return tuple(_item(entry, spec, url, now) for entry in found.entries)


def _parse(xml: bytes) -> Any:
    try:
        return feedparser.parse(
            io.BytesIO(xml),  # bytes alone would be tried as a file's name first
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except Exception as error:  # KeyError, OverflowError, ValueError and others, on feeds broken in the right place
        raise UnreadableSource(f"the feed is too broken to be read: {type(error).__name__}", "broken") from error


def _item(entry: Any, spec: FeedSpec, url: str, now: datetime | None) -> Item:
    return make_item(
        guid=str(entry.get("id") or ""),
        link=str(entry.get("link") or ""),
        title=_plain(entry.get("title_detail")),
        text=_text(entry, spec),
        # Plain dict access: feedparser's own falls back from one date to the other, with a warning.
        published_at=_date(dict.get(entry, "published_parsed")) or _date(dict.get(entry, "updated_parsed")),
        url=url,
        now=now,
    )


def _text(entry: Any, spec: FeedSpec) -> str:
    if spec.text == "title":
        return ""
    contents = [_plain(detail) for detail in entry.get("content", ())] if spec.text == "content" else []
    return "\n".join(filter(None, contents)) or _plain(entry.get("summary_detail"))


def _plain(detail: Any) -> str:
    if not detail:
        return ""
    return plain(str(detail.get("value") or ""), is_html=detail.get("type") != "text/plain")


def _date(parts: Any) -> datetime | None:
    if not parts:
        return None
    try:
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
