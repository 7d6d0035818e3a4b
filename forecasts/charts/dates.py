"""Where an axis of time is labelled, and with what words."""

from datetime import UTC, datetime, timedelta

from forecasts.language.figures import ENGLISH, Spelling

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY_STEPS = (1, 2, 3, 7, 14)
MONTH_STEPS = (1, 2, 3, 4, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 36_000)

DateTick = tuple[int, str, str]


def moment(microseconds: int) -> datetime:
    """Microseconds since 1970 as a time in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def date_ticks(start: int, end: int, most: int = 4, spelling: Spelling = ENGLISH) -> tuple[DateTick, ...]:
    """At most `most` round dates within [start, end]: (microseconds, text, the year below it where it changes).

    Steps are days, months or years, whichever is the finest that fits. A span that holds fewer than two round dates is
    labelled at its two ends. Microseconds since 1970, UTC. Raises ValueError unless start < end.
    """
    if not start < end:
        raise ValueError(f"end must be after start, not {end} after {start}")
    first, last = moment(start), moment(end)
    for days in DAY_STEPS:
        if (last - first).days // days < most:
            dates = _days(first, last, days)
            return _worded(dates if len(dates) > 1 else [first, last], 0, spelling)
    step = next(step for step in MONTH_STEPS if len(_months(first, last, step)) <= most)
    return _worded(_months(first, last, step), step, spelling)


def _days(first: datetime, last: datetime, step: int) -> list[datetime]:
    midnight = (first - MICROSECOND).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return [midnight + timedelta(days=n) for n in range(0, (last - midnight).days + 1, step)]


def _months(first: datetime, last: datetime, step: int) -> list[datetime]:
    """The first of each month whose count from year 0 is a multiple of `step`."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    months = [datetime(m // 12, m % 12 + 1, 1, tzinfo=UTC) for m in range(-(-start // step) * step, end + 1, step)]
    return [month for month in months if first <= month]


def _worded(dates: list[datetime], step: int, spelling: Spelling) -> tuple[DateTick, ...]:
    """Text per date; `step` in months, 0 for days. The year stands below the first date and wherever it changes."""
    ticks, year = [], 0
    for date in dates:
        if step and step % 12 == 0:
            text, under = str(date.year), ""
        else:
            month = spelling.months[date.month - 1]
            text = month if step else spelling.day % {"day": date.day, "month": month}
            under = str(date.year) if date.year != year else ""
        ticks.append(((date - EPOCH) // MICROSECOND, text, under))
        year = date.year
    return tuple(ticks)
