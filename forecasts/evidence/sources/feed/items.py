"""From a feed's fields to an Item: plain text, believable dates, safe links. Shared by the XML and JSON readers."""

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from forecasts.evidence.plaintext import clean, from_html
from forecasts.evidence.sources.kind import Item

MAX_GUID = 500
MAX_TITLE = 500
MAX_TEXT = 50_000
MAX_LINK = 2_048
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # the web's first pages; earlier dates are defaults or errors
AHEAD = timedelta(hours=48)


def make_item(
    *, guid: str, link: str, title: str, text: str, published_at: datetime | None, url: str, now: datetime | None
) -> Item:
    """An Item from cleaned `title` and `text`; `url` is what `link` is relative to."""
    title = title[:MAX_TITLE]
    whole = "\n".join(part for part in (title, text[:MAX_TEXT]) if part)
    address = web_link(link, url)
    date = believable(published_at, now)
    return Item(
        guid=_short(clean(guid) or address) or _digest(whole),
        url=address,
        title=title,
        text=whole,
        published_at=date,
        dated_by="feed" if date else "none",
    )


def plain(text: str, *, is_html: bool) -> str:
    """Cleaned plain text; `is_html` says whether `text` is markup."""
    return from_html(text) if is_html else clean(text)


def web_link(link: str, base: str) -> str:
    """`link` made absolute, or "" unless it is http(s): no javascript:, data: or mailto: is ever shown as a link."""
    try:
        address = urljoin(base, clean(link))
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname and len(address) <= MAX_LINK else ""


def believable(date: datetime | None, now: datetime | None) -> datetime | None:
    """`date`, or None when it is before 1990 or more than 48 hours after `now`."""
    if date is None or date < EARLIEST or (now is not None and date > now + AHEAD):
        return None
    return date


def _short(guid: str) -> str:
    return guid if len(guid) <= MAX_GUID else _digest(guid)


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
