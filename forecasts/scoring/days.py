"""The axis on which date predictions live: days since 1970, a date standing for the end of its day (UTC)."""

import datetime as dt

EPOCH = dt.date(1970, 1, 1)


def day_number(day: dt.date | str) -> int:
    """Where the end of `day` lies, in days since the start of 1970. ValueError for a text that is no ISO date.

    >>> day_number("1970-01-01"), day_number(dt.date(1970, 1, 2))
    (1, 2)
    """
    return ((dt.date.fromisoformat(day) if isinstance(day, str) else day) - EPOCH).days + 1


def date_of(number: int) -> dt.date:
    """The day that ends at `number`. OverflowError outside the years 1 to 9999.

    >>> date_of(day_number("2027-06-30"))
    datetime.date(2027, 6, 30)
    """
    return EPOCH + dt.timedelta(days=number - 1)
