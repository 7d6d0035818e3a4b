"""When a page says it was published, or last changed."""

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any, Literal

import htmldate

from forecasts.evidence.sources.dates import instant
from forecasts.evidence.sources.feed.items import believable

MAX_DATA = 200_000
MAX_VALUES = 5_000
MAX_GUESSED = 500_000

DatedBy = Literal["json-ld", "meta", "htmldate", "none"]

PUBLISHED = ("datePublished", "uploadDate", "dateCreated")
MODIFIED = ("dateModified",)
_PUBLISHED_NAMES = ("article:published_time", "og:published_time", "datepublished", "dcterms.issued", "dc.date", "date")
_MODIFIED_NAMES = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")


def published(root: Any, now: datetime | None) -> tuple[datetime | None, DatedBy]:
    """When the page appeared, in UTC, and what says so; the last change where nothing better is said."""
    date, by = _said(root, now, PUBLISHED, _PUBLISHED_NAMES)
    if date is None:
        date, by = modified(root, now)
    if date is None:
        date, by = _guessed(root, now), "htmldate"
    return date, by if date else "none"


def modified(root: Any, now: datetime | None) -> tuple[datetime | None, DatedBy]:
    """When the page last changed, in UTC, and what says so.

    A change is never dated by when its page first appeared, which may be years before.
    """
    return _said(root, now, MODIFIED, _MODIFIED_NAMES)


def _said(
    root: Any, now: datetime | None, keys: tuple[str, ...], names: tuple[str, ...]
) -> tuple[datetime | None, DatedBy]:
    if date := _first(_linked_data(root, keys), now):
        return date, "json-ld"
    if date := _first(_meta(root, names), now):
        return date, "meta"
    return None, "none"


def _first(texts: Iterable[str], now: datetime | None) -> datetime | None:
    """The first of `texts` that is a believable date."""
    return next(filter(None, (believable(instant(text, now), now) for text in texts)), None)


def _linked_data(root: Any, keys: tuple[str, ...]) -> list[str]:
    """The values of `keys` in the page's JSON-LD; those of the first key come first."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    for script in root.iter("script"):
        if "ld+json" in script.get("type", "").lower():
            for key, value in _values(script.text or ""):
                if key in found and isinstance(value, str):
                    found[key].append(value)
    return [value for key in keys for value in found[key]]


def _values(text: str) -> Iterator[tuple[str, object]]:
    """Keys and values of a JSON document at any depth, in no promised order; nothing when it is broken or huge."""
    try:
        waiting: list[Any] = [json.loads(text)] if len(text) <= MAX_DATA else []
    except (ValueError, RecursionError):
        return
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value.items()
        nested = value.values() if isinstance(value, dict) else value
        waiting.extend(reversed([inner for inner in nested if isinstance(inner, dict | list)]))


def _meta(root: Any, names: tuple[str, ...]) -> list[str]:
    said: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        said.setdefault(name.lower(), element.get("content") or "")
    return [said[name] for name in names if name in said]


def _guessed(root: Any, now: datetime | None) -> datetime | None:
    """htmldate's reading of the page's texts and links. Without `now` a date that lies ahead could not be told."""
    if now is None or sum(map(len, root.itertext())) > MAX_GUESSED:
        return None
    try:
        guess = htmldate.find_date(
            deepcopy(root),
            extensive_search=False,  # which takes any year in the text for its first of January
            original_date=True,
            max_date=now.replace(tzinfo=None),
        )
    except (ValueError, TypeError, AttributeError, OverflowError):  # seen on dates broken in the right place
        return None
    return believable(instant(guess or "", now), now)
