"""Spans of days in words."""

import datetime as dt


def day_span(first: dt.date, last: dt.date) -> str:
    """The first and the last day.

    >>> day_span(dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    '16 November to 22 November 2026'
    >>> day_span(dt.date(2026, 12, 28), dt.date(2027, 1, 3))
    '28 December 2026 to 3 January 2027'
    """
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%B}{year} to {last.day} {last:%B} {last.year}"
