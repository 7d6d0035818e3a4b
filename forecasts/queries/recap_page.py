"""The recap of a week of the ISO calendar or of a year, as its page, its feed and the API show it."""

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Min

from forecasts.errors import Refused
from forecasts.models import Prediction

from .desk import WEEK
from .digest import week_of
from .recap import Recap, recap

EARLIEST, LATEST = 1970, 9998
WEEK_NAME, YEAR_NAME = re.compile(r"(\d{4})-W(\d{2})", re.ASCII), re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A week, Monday to Sunday, or a year, in UTC: [`since`, `until`)."""

    name: str
    since: dt.datetime
    until: dt.datetime

    @property
    def is_week(self) -> bool:
        return "W" in self.name

    @property
    def year(self) -> str:
        return self.name[:4]

    @property
    def url(self) -> str:
        return f"/recap/{self.name}/" if self.is_week else f"/year/{self.name}/"

    @property
    def before(self) -> "Period":
        return week_from(self.since - WEEK) if self.is_week else _year(self.since.year - 1)

    @property
    def after(self) -> "Period":
        return week_from(self.until) if self.is_week else _year(self.until.year)


@dataclass(frozen=True)
class RecapPage:
    """`previous` and `following` are None where nothing was public yet, or the period has not begun."""

    period: Period
    recap: Recap
    is_over: bool
    previous: Period | None
    following: Period | None


def last_week(now: dt.datetime) -> Period:
    """The last week that is over."""
    return week_from(week_of(now) - WEEK)


def week_named(name: str, now: dt.datetime) -> Period:
    """The week with a name such as 2026-W48. Raises Refused for what names none, or one that has not begun."""
    found = WEEK_NAME.fullmatch(name)
    period = _numbered(*map(int, found.groups())) if found else None
    if period is None or period.since > now:
        raise Refused("week", name, f"give a week of the ISO calendar that has begun, such as {last_week(now).name}")
    return period


def year_named(name: str, now: dt.datetime) -> Period:
    """The year with a name such as 2026. Raises Refused for what names none, or one that has not begun."""
    if not YEAR_NAME.fullmatch(name) or not EARLIEST <= int(name) <= now.year:
        raise Refused("year", name, f"give a year from {EARLIEST} to {now.year}")
    return _year(int(name))


def recap_page(period: Period, now: dt.datetime) -> RecapPage:
    first: dt.datetime | None = Prediction.objects.aggregate(first=Min("published_at"))["first"]
    return RecapPage(
        period=period,
        recap=recap(period.until, period.until - period.since),
        is_over=period.until <= now,
        previous=period.before if first and first < period.since else None,
        following=period.after if period.until <= now else None,
    )


def _numbered(year: int, number: int) -> Period | None:
    """None for a week that the year has not."""
    try:
        monday = dt.date.fromisocalendar(year, number, 1)
    except ValueError:
        return None
    return week_from(dt.datetime.combine(monday, dt.time.min, dt.UTC)) if EARLIEST < year <= LATEST else None


def week_from(monday: dt.datetime) -> Period:
    """The week that begins at `monday`, 00:00 UTC."""
    year, number, _ = monday.isocalendar()
    return Period(f"{year}-W{number:02}", monday, monday + WEEK)


def _year(year: int) -> Period:
    return Period(f"{year:04}", dt.datetime(year, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC))
