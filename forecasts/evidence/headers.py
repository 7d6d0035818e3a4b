"""The few response headers that decide something, read leniently: servers write them by hand."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER = timedelta(days=7)
MAX_VALIDATOR = {"etag": 500, "last-modified": 100}  # letters
MAX_TYPE = 100

Headers = tuple[tuple[str, str], ...]

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


def header(headers: Headers, name: str) -> str:
    """The values of one header (lower-case name), joined by commas; "" when absent."""
    return ", ".join(value for key, value in headers if key == name)


def http_date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110, section 5.6.7) as aware UTC, or None when it is not one."""
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def retry_after(headers: Headers, now: datetime) -> int | None:
    """Seconds to wait (0 to 7 days) from either form of Retry-After; None when absent or unreadable.

    A date is counted from the answer's own Date when it has one, since both come from the same clock, else from `now`.
    """
    value = header(headers, "retry-after").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:10])  # ten digits are over 30 years already
    elif (until := http_date(value)) is not None:
        seconds = (until - (http_date(header(headers, "date")) or now)).total_seconds()
    else:
        return None
    return int(min(max(seconds, 0), MAX_RETRY_AFTER.total_seconds()))


def media_type(headers: Headers) -> tuple[str, str]:
    """Media type and charset of Content-Type, both lower-case and "" when not given."""
    value = header(headers, "content-type").split(",")[0]
    charset = _CHARSET.search(value)
    return value.partition(";")[0].strip().lower()[:MAX_TYPE], charset[1].lower() if charset else ""


def validator(headers: Headers, name: str) -> str:
    """An ETag or Last-Modified to send back as it came. One too long to be kept is dropped: we then read in full."""
    value = header(headers, name)
    return value if len(value) <= MAX_VALIDATOR[name] else ""
