"""Dates as documents write them."""

from datetime import UTC, date, datetime, time


def instant(text: str, now: datetime | None) -> datetime | None:
    """An ISO 8601 date or time in UTC; None for anything else. A day means its end, except today, which means `now`.

    A time without a zone is taken as UTC.
    """
    text = text.strip()[:40]
    try:
        if len(text) <= len("2026-01-05"):
            end = datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
            return now if now and now.date() == end.date() else end
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
