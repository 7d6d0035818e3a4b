"""Printed labels to periods: the first and last day that a value is for."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from forecasts.errors import UnreadableSource
from forecasts.evidence.plaintext import clean
from forecasts.evidence.sources.data_series.numbers import shown

Freq = Literal["day", "week", "month", "quarter", "year"]
DateLabel = Literal["period_start", "period_end", "as_of"]
FREQS: tuple[Freq, ...] = ("day", "week", "month", "quarter", "year")
DATE_LABELS: tuple[DateLabel, ...] = ("period_start", "period_end", "as_of")
MAX_LABEL = 40
YEARS = range(1600, 2501)  # outside, it is an error or a placeholder such as 9999-12-31

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
# Not calendar.month_name: that one follows the machine's locale.
_FIRST_HALF = ("january", "february", "march", "april", "may", "june")
_NAMES = (*_FIRST_HALF, "july", "august", "september", "october", "november", "december")


@dataclass(frozen=True)
class Period:
    """A label as printed and the days it stands for, both included."""

    label: str
    start: dt.date
    end: dt.date


def read_period(printed: object, *, freq: Freq, date_label: DateLabel, tz: ZoneInfo) -> Period:
    """The period that `printed` stands for in a series of `freq`.

    A label of a day or an instant (read in `tz`) is the first day of its period, its last, or, `as_of`, the only one.
    Raises UnreadableSource with code `bad_date` when it is none of the known forms or of another length than `freq`.
    """
    label = clean(str(printed)[: MAX_LABEL + 1]) if isinstance(printed, str | int) else ""
    try:
        unit, day = _parse(label, tz)
    except (ValueError, OverflowError):
        raise _bad(printed, "expected such as 2026, 2026-Q3, 2026-09, 2026-W36, 2026-09-01 or September 2026") from None
    if day.year not in YEARS:
        raise _bad(printed, f"expected a year from {YEARS[0]} to {YEARS[-1]}")
    if unit == "day":
        return Period(label, *_around(day, freq, date_label))
    if unit != freq or date_label == "as_of":
        wanted = "a day, as spec.date_label is as_of" if date_label == "as_of" else f"a {freq}, as spec.freq says"
        raise _bad(printed, f"it is a {unit}; expected {wanted}")
    return Period(label, day, following(day, freq) - dt.timedelta(1))


def _parse(label: str, tz: ZoneInfo) -> tuple[Freq, dt.date]:
    """The length of what is labelled and its first day. Raises ValueError or OverflowError."""
    if len(label) > MAX_LABEL:
        raise ValueError(label)
    for pattern, unit, first_day in _FORMS:
        if match := pattern.fullmatch(label):
            return unit, first_day(match)
    moment = dt.datetime.fromisoformat(label)
    return "day", (moment.astimezone(tz) if moment.tzinfo else moment).date()


def _number_of(name: str) -> int:
    found = [number for number, full in enumerate(_NAMES, 1) if full.startswith(name.lower())]
    if len(name) < 3 or not found:
        raise ValueError(name)
    return found[0]


def _year(match: re.Match[str]) -> dt.date:
    return dt.date(int(match["year"]), 1, 1)


def _quarter(match: re.Match[str]) -> dt.date:
    return dt.date(int(match["year"]), 3 * int(match["quarter"]) - 2, 1)


def _month(match: re.Match[str]) -> dt.date:
    return dt.date(int(match["year"]), int(match["month"]), 1)


def _week(match: re.Match[str]) -> dt.date:
    return dt.date.fromisocalendar(int(match["year"]), int(match["week"]), 1)


def _day(match: re.Match[str]) -> dt.date:
    return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))


def _named_month(match: re.Match[str]) -> dt.date:
    return dt.date(int(match["year"]), _number_of(match["name"]), 1)


def _named_day(match: re.Match[str]) -> dt.date:
    return dt.date(int(match["year"]), _number_of(match["name"]), int(match["day"]))


_Y, _NAME, _D = "(?P<year>[0-9]{4})", r"(?P<name>[A-Za-z]{3,9})\.?", "(?P<day>[0-9]{1,2})"
_FORMS: tuple[tuple[re.Pattern[str], Freq, Callable[[re.Match[str]], dt.date]], ...] = (
    (re.compile(_Y), "year", _year),
    (re.compile(rf"{_Y}[- ]?[Qq](?P<quarter>[1-4])"), "quarter", _quarter),
    (re.compile(rf"[Qq](?P<quarter>[1-4])[- /]?{_Y}"), "quarter", _quarter),
    (re.compile(rf"{_Y}(?:[-/]|-?M)(?P<month>[0-9]{{2}})"), "month", _month),
    (re.compile(rf"{_Y}-?W(?P<week>[0-9]{{2}})"), "week", _week),
    (re.compile(rf"{_Y}([-/])(?P<month>[0-9]{{2}})\2(?P<day>[0-9]{{2}})"), "day", _day),
    (re.compile(rf"{_NAME}[- ]{_Y}"), "month", _named_month),
    (re.compile(rf"{_Y}[- ]{_NAME}"), "month", _named_month),
    (re.compile(rf"{_D}[- ]{_NAME}[- ]{_Y}"), "day", _named_day),
    (re.compile(rf"{_NAME} {_D}, {_Y}"), "day", _named_day),
)


def _around(day: dt.date, freq: Freq, date_label: DateLabel) -> tuple[dt.date, dt.date]:
    one = dt.timedelta(1)
    if freq == "day" or date_label == "as_of":
        return day, day
    if date_label == "period_start":
        return day, following(day, freq) - one
    return following(day + one, freq, -1), day


def following(day: dt.date, freq: Freq, steps: int = 1) -> dt.date:
    """`day` moved by `steps` periods of `freq`; where a month is too short for it, to the last day of that month."""
    if freq in ("day", "week"):
        return day + dt.timedelta((7 if freq == "week" else 1) * steps)
    year, month = divmod(day.year * 12 + day.month - 1 + _MONTHS[freq] * steps, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _bad(printed: object, expected: str) -> UnreadableSource:
    return UnreadableSource(f"{shown(printed)} is no date of this series; {expected}", "bad_date")
