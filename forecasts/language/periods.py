"""Calendar periods in English words: "Q3 2026", "mid-2027", "3 March 2027" become a first and a last day.

A pattern has a reader that gives a Period, or a sentence saying why the words name none. Nothing here knows about "by"
or "before": `deadlines` adds those. Gaps are bounded, so that every pattern is linear in the sentence.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

Precision = Literal["year", "month", "day", "instant"]

NEEDS_PUBLICATION = "it counts from the article's date, which is not known"
NEEDS_CALENDAR = "it does not say which calendar it counts in; name the months, or the quarter of a calendar year"
NEEDS_HEMISPHERE = "seasons differ by hemisphere; name the months"
NO_SUCH_DAY = "there is no such day"
DAY_OR_MONTH = "its day and month cannot be told apart; write the month as a word"


@dataclass(frozen=True)
class Period:
    """A span of days that words name. `moment` is set where they name an instant; `meaning` says how they were read."""

    first: date
    last: date
    precision: Precision
    meaning: str
    moment: datetime | None = None


Reading = Period | str
Reader = Callable[[re.Match[str], datetime | None], Reading]
# What must stand before the words for them to be a date: nothing, "by" or "the end of", or "the end of".
Needs = Literal["nothing", "lead", "edge"]

_MONTHS = tuple(calendar.month_name)[1:]
_NOT_YEARS = (
    r"per\s?cent|percent(?:age)?|(?:m|b|tr)illion|points?|people|jobs|companies|firms|"
    r"tonnes|km|MW|GW|dollars|euros|units"
)
YEAR = rf"(?:19|20|21)\d\d(?![\d%]|[.,/]\d|s\b|\s(?:{_NOT_YEARS})\b)"
MONTH = "(?:" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r"|Sept)\b\.?"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
_NAMED_MONTH = rf"(?P<month>{MONTH})"
_TIME = r"(?:(?:T|,?\s(?:at\s)?)(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?\s?(?:UTC|GMT|Z)\b)?"
_YEARISH = rf"(?:of\s)?(?:(?P<year>{YEAR})|(?P<which>this|next|the(?:\s(?:coming|following|current))?)\syear\b)"
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_ORDINAL = "|".join(_ORDINALS)
_SEASON = r"(?:spring|summer|autumn|fall|winter)\b"
_TO = r"\s?(?:-|–|—|/|\bto\b|\band\b|\bor\b|\bthrough\b|\buntil\b)\s?"


def whole_months(year: int, first: int, last: int, meaning: str, precision: Precision = "month") -> Period:
    last_day = calendar.monthrange(year, last)[1]
    return Period(date(year, first, 1), date(year, last, last_day), precision, meaning)


def whole_year(year: int) -> Period:
    return whole_months(year, 1, 12, f"the year {year}", "year")


def month_number(word: str) -> int:
    return next(number for number, name in enumerate(_MONTHS, start=1) if name[:3].lower() == word[:3].lower())


def day_of(match: re.Match[str], year: int, month: int, day: int) -> Reading:
    """The day, or the instant where a time with its zone stands beside it."""
    hour, minute = (match.groupdict().get(name) for name in ("hour", "minute"))
    try:
        found = date(year, month, day)
        clock = time(int(hour), int(minute), tzinfo=UTC) if hour and minute else None
    except ValueError:
        return NO_SUCH_DAY
    meaning = f"{found.day} {_MONTHS[month - 1]} {year}"
    if clock is None:
        return Period(found, found, "day", meaning)
    return Period(found, found, "instant", f"{clock:%H:%M} UTC on {meaning}", datetime.combine(found, clock))


def _year_of(match: re.Match[str], published: datetime | None) -> int | None:
    """The year beside a period of it; None where it is relative to a date that is not known."""
    if match["year"]:
        return int(match["year"])
    is_next = match["which"].split()[-1].lower() in {"next", "coming", "following"}
    return published.year + is_next if published else None


def _read_day(match: re.Match[str], _: datetime | None) -> Reading:
    word = match["month"]
    month = int(word) if word.isdigit() else month_number(word)
    return day_of(match, int(match["year"]), month, int(match["day"]))


def _read_slashed_day(match: re.Match[str], _: datetime | None) -> Reading:
    first, second = int(match["day"]), int(match["month"])
    if first <= 12 and second <= 12 and first != second:
        return DAY_OR_MONTH
    day, month = (first, second) if first > 12 else (second, first)
    return day_of(match, int(match["year"]), month, day)


def _read_month(match: re.Match[str], published: datetime | None) -> Reading:
    year = _year_of(match, published)
    if year is None:
        return NEEDS_PUBLICATION
    word = match["month"]
    month = int(word) if word.isdigit() else month_number(word)
    if not 1 <= month <= 12:
        return "there is no such month"
    return whole_months(year, month, month, f"{_MONTHS[month - 1]} {year}")


def _read_quarter(match: re.Match[str], published: datetime | None) -> Reading:
    year = _year_of(match, published)
    if year is None:
        return NEEDS_PUBLICATION
    word = match["quarter"].lower()
    quarter = int(word) if word.isdigit() else _ORDINALS.get(word, 4)
    return whole_months(year, 3 * quarter - 2, 3 * quarter, f"quarter {quarter} of the calendar year {year}")


def _read_half(match: re.Match[str], published: datetime | None) -> Reading:
    year = _year_of(match, published)
    if year is None:
        return NEEDS_PUBLICATION
    half = 1 if match["half"].lower() in {"1", "first", "1st"} else 2
    return whole_months(year, 6 * half - 5, 6 * half, f"half {half} of the calendar year {year}")


def _read_third(match: re.Match[str], published: datetime | None) -> Reading:
    year = _year_of(match, published)
    if year is None:
        return NEEDS_PUBLICATION
    if match["third"].lower().startswith("m"):
        return whole_months(year, 5, 6, f"the middle of {year}, which is the end of June")
    if match["third"].lower() == "early":
        return whole_months(year, 1, 4, f"early {year}, its first four months")
    return whole_months(year, 9, 12, f"late {year}, its last four months")


def read_year(match: re.Match[str], _: datetime | None) -> Reading:
    return whole_year(int(match["year"]))


def _read_years(match: re.Match[str], _: datetime | None) -> Reading:
    first, last = int(match["range"]), int(match["to"])
    last += first // 100 * 100 if last < 100 else 0
    if last < first:
        return "the range ends before it begins"
    return whole_months(last, 1, 12, f"a range, whose end counts: {last}", "year")


def _read_decade(match: re.Match[str], _: datetime | None) -> Reading:
    first = int(match["decade"])
    return Period(date(first, 1, 1), date(first + 9, 12, 31), "year", f"the decade {first} to {first + 9}")


def refuse(reason: str) -> Reader:
    """A reader for words that name no period we may choose for the writer."""
    return lambda _match, _published: reason


# The order does not matter: where several fit, the longest wording wins.
CALENDAR_PERIODS: tuple[tuple[str, Reader, Needs], ...] = (
    (rf"(?P<year>{YEAR})-(?P<month>[01]\d)-(?P<day>[0-3]\d){_TIME}(?!\d)", _read_day, "nothing"),
    (rf"(?P<day>[0-3]?\d)/(?P<month>[0-3]?\d)/(?P<year>{YEAR}){_TIME}", _read_slashed_day, "nothing"),
    (rf"{DAY}\s(?:of\s)?{_NAMED_MONTH},?\s(?P<year>{YEAR}){_TIME}", _read_day, "nothing"),
    (rf"{_NAMED_MONTH}\s{DAY},?\s(?P<year>{YEAR}){_TIME}", _read_day, "nothing"),
    (rf"(?P<range>{MONTH}(?:\s{YEAR})?{_TO})?{_NAMED_MONTH},?\s{_YEARISH}", _read_month, "nothing"),
    (r"(?P<year>(?:19|20|21)\d\d)-(?P<month>[01]\d)(?![\d-])", _read_month, "nothing"),
    (rf"(?P<range>Q[1-4]{_TO})?Q(?P<quarter>[1-4])[\s-]?{_YEARISH}", _read_quarter, "nothing"),
    (rf"(?P<quarter>[1-4])Q[\s-]?{_YEARISH}", _read_quarter, "nothing"),
    (rf"(?P<year>{YEAR})[\s-]?Q(?P<quarter>[1-4])\b", _read_quarter, "nothing"),
    (rf"(?P<quarter>{_ORDINAL}|last|final)[\s-]quarter\s{_YEARISH}", _read_quarter, "nothing"),
    (rf"H(?P<half>[12])[\s-]?{_YEARISH}", _read_half, "nothing"),
    (rf"(?P<half>first|1st|second|2nd|last)[\s-]half\s{_YEARISH}", _read_half, "nothing"),
    (rf"(?P<third>early|mid|late)[\s-](?:in\s)?{_YEARISH}", _read_third, "nothing"),
    (rf"(?P<third>middle)\s{_YEARISH}", _read_third, "lead"),
    (rf"year[\s-]end\s(?:of\s|in\s)?(?P<year>{YEAR})", read_year, "nothing"),
    (rf"(?P<range>(?:19|20|21)\d\d){_TO}(?P<to>{YEAR}|\d\d(?![\d-]))", _read_years, "lead"),
    (r"(?P<decade>(?:19|20|21)\d0)s\b", _read_decade, "lead"),
    (rf"(?:calendar\s)?(?:year\s)?(?P<year>{YEAR})", read_year, "lead"),
    (rf"(?:fiscal|financial)\s(?:year\s)?(?:{YEAR}|\d\d\b)", refuse(NEEDS_CALENDAR), "nothing"),
    (r"FY[\s-]?(?:20)?\d\d(?:[/-]\d\d)?\b", refuse(NEEDS_CALENDAR), "nothing"),
    (
        rf"(?:Q[1-4]|[1-4]Q|(?:{_ORDINAL}|final)[\s-]quarter|H[12]|(?:first|second)[\s-]half)\b",
        refuse(NEEDS_CALENDAR),
        "lead",
    ),
    (r"(?:this|next|the\scoming|the\scurrent)\squarter\b", refuse(NEEDS_CALENDAR), "nothing"),
    (rf"(?:early\s|late\s|mid[\s-])?{_SEASON}(?:\s(?:of\s)?{YEAR})?", refuse(NEEDS_HEMISPHERE), "lead"),
    (rf"{_SEASON}\s(?:of\s)?{YEAR}", refuse(NEEDS_HEMISPHERE), "nothing"),
    (rf"(?:this|next|the\scoming|the\sfollowing)\s{_SEASON}", refuse(NEEDS_HEMISPHERE), "nothing"),
)
