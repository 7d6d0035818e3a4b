"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from datetime import UTC, datetime
from typing import Any

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.feed.guard import MAX_ITEMS
from forecasts.evidence.sources.feed.items import make_item, plain
from forecasts.evidence.sources.feed.spec import FeedSpec
from forecasts.evidence.sources.kind import Item

VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


def read(text: str, spec: FeedSpec, url: str, now: datetime | None) -> tuple[Item, ...]:
    """The items of a JSON Feed. Raises UnreadableSource with code `not_a_feed` or `too_many_items`."""
    try:
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise _not_a_feed("JSON that cannot be read") from None
    if not isinstance(document, dict) or not str(document.get("version")).startswith(VERSIONS):
        raise _not_a_feed("JSON that is no JSON Feed")
    items = document.get("items")
    if not isinstance(items, list):
        raise _not_a_feed("a JSON Feed without its list of items")
    if len(items) > MAX_ITEMS:
        raise UnreadableSource(
            f"the feed has more than {MAX_ITEMS:,} items; at most that many are read", "too_many_items"
        )
    return tuple(_item(item, spec, url, now) for item in items if isinstance(item, dict))


def _item(item: dict[str, Any], spec: FeedSpec, url: str, now: datetime | None) -> Item:
    return make_item(
        guid=_string(item, "id"),
        link=_string(item, "url") or _string(item, "external_url"),
        title=plain(_string(item, "title"), is_html=False),
        text=_text(item, spec),
        published_at=_date(_string(item, "date_published") or _string(item, "date_modified")),
        url=url,
        now=now,
    )


def _text(item: dict[str, Any], spec: FeedSpec) -> str:
    if spec.text == "title":
        return ""
    summary = plain(_string(item, "summary"), is_html=False)
    content = plain(_string(item, "content_text"), is_html=False) or plain(_string(item, "content_html"), is_html=True)
    return (content or summary) if spec.text == "content" else (summary or content)


def _string(item: dict[str, Any], key: str) -> str:
    """A field as text: ids are sometimes numbers, and anything but text and numbers is left out."""
    value = item.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _date(text: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _not_a_feed(got: str) -> UnreadableSource:
    return UnreadableSource(f"expected RSS, Atom or JSON Feed; got {got}", "not_a_feed")
