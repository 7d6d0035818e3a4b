"""Periods that count from the day of publication ("within two years", "next month"), and words that name no date."""

import calendar
import re
from datetime import UTC, date, datetime, timedelta

from forecasts.language.periods import (
    DAY,
    MONTH,
    NEEDS_PUBLICATION,
    Needs,
    Period,
    Reader,
    Reading,
    day_of,
    month_number,
    whole_months,
    whole_year,
)

LAST_YEAR = 2199
TOO_FAR = f"it lies after the year {LAST_YEAR}"
NOT_A_MONTH = "it is no month without a capital letter"
VAGUE = "it names no date; ask for a day, a month or a year"
_MONTHS_IN = {"month": 1, "year": 12, "decade": 120}
_DAYS_IN = {"day": 1, "week": 7, "fortnight": 14}
_WEEKDAYS = tuple(calendar.day_name)

_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_NUMBERS = {word: number for number, word in enumerate(_WORDS.split(), start=1)} | {
    "a": 1,
    "an": 1,
    "a couple of": 2,
    "a dozen": 12,
    "twenty-four": 24,
    "thirty": 30,
    "forty-eight": 48,
    "sixty": 60,
    "ninety": 90,
    "a hundred": 100,
}
_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r"|\d{1,4}"
_COUNT = rf"(?:(?:{_NUMBER})(?:\s(?:to|or|and)\s|\s?[-–—]\s?))?(?P<count>half\san?|{_NUMBER})\s"
_UNIT = r"(?P<unit>hour|day|week|fortnight|month|year|decade)s?\b"
_ONE_UNIT = r"(?P<unit>hour|day|week|month|year|decade)\b"
_UNITS = r"(?:hours|days|weeks|months|quarters|years|decades)"


def _later(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _read_duration(match: re.Match[str], published: datetime | None) -> Reading:
    if published is None:
        return NEEDS_PUBLICATION
    word, unit = match["count"].lower().replace("half an", "half a"), match["unit"].lower()
    today = published.astimezone(UTC).date()
    meaning = f"a time counted from publication on {today}"
    count = 1 if word in {"", "half a"} else _NUMBERS.get(word) or int(word)
    if unit == "hour":
        moment = published.astimezone(UTC) + timedelta(hours=count)
        return Period(moment.date(), moment.date(), "instant", meaning, moment.replace(microsecond=0))
    if unit in _DAYS_IN:
        last = today + timedelta(days=count * _DAYS_IN[unit])
        return Period(last, last, "day", meaning)
    months = count * _MONTHS_IN[unit] // (2 if word == "half a" else 1)
    if today.year + months // 12 >= LAST_YEAR:
        return TOO_FAR
    last = _later(today, months)
    return Period(last, last, "day", meaning)


def _read_this_or_next(match: re.Match[str], published: datetime | None) -> Reading:
    if published is None:
        return NEEDS_PUBLICATION
    today, unit = published.astimezone(UTC).date(), match["unit"].lower()
    step = 1 if match["which"].split()[-1].lower() in {"next", "coming", "following"} else 0
    if unit == "year":
        return whole_year(today.year + step)
    if unit == "month":
        month = _later(today.replace(day=1), step)
        return whole_months(month.year, month.month, month.month, f"{month:%B} {month.year}")
    if unit == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return Period(first, first + timedelta(days=6), "day", f"the week from Monday {first}")
    length = 10 if unit == "decade" else 100
    first_year = today.year // length * length + step * length
    last = date(first_year + length - 1, 12, 31)
    return Period(date(first_year, 1, 1), last, "year", f"the {unit} {first_year} to {last.year}")


def _read_near_day(match: re.Match[str], published: datetime | None) -> Reading:
    if published is None:
        return NEEDS_PUBLICATION
    day = published.astimezone(UTC).date() + timedelta(days=match["near"].lower() == "tomorrow")
    return Period(day, day, "day", f"a day counted from publication on {published:%Y-%m-%d}")


def _read_weekday(match: re.Match[str], published: datetime | None) -> Reading:
    if published is None:
        return NEEDS_PUBLICATION
    today = published.astimezone(UTC).date()
    ahead = (_WEEKDAYS.index(match["weekday"].capitalize()) - today.weekday() - 1) % 7 + 1
    day = today + timedelta(days=ahead)
    return Period(day, day, "day", f"the first {_WEEKDAYS[day.weekday()]} after publication on {today}")


def _read_month_alone(match: re.Match[str], published: datetime | None) -> Reading:
    """A month without a year is the first one that does not end before publication."""
    if published is None:
        return NEEDS_PUBLICATION
    if not match["month"][0].isupper():
        return NOT_A_MONTH
    today, month = published.astimezone(UTC).date(), month_number(match["month"])
    year = today.year + (month < today.month)
    return whole_months(year, month, month, f"the first {calendar.month_name[month]} from publication on {today}")


def _read_day_alone(match: re.Match[str], published: datetime | None) -> Reading:
    if published is None:
        return NEEDS_PUBLICATION
    today, month, day = published.astimezone(UTC).date(), month_number(match["month"]), int(match["day"])
    year = today.year + ((month, day) < (today.month, today.day))
    return day_of(match, year, month, day)


_NAMED_MONTH = rf"(?P<month>{MONTH})"
_NEXT = r"(?:the\s)?(?:course\sof\s(?:the\s)?)?(?:next|coming|following)\s"
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})\b"
_SPAN = r"(?P<unit>year|month|week|decade|century)\b"
_MANY = rf"(?:a\sfew|several|some|many|a\snumber\sof|the\snext\sfew|the\snext\sseveral)\s{_UNITS}\b"

RELATIVE_PERIODS: tuple[tuple[str, Reader, Needs], ...] = (
    (rf"(?:within|inside(?:\sof)?|in)\s{_COUNT}{_UNIT}(?:['’]s?)?(?:\stime\b)?", _read_duration, "nothing"),
    (rf"(?:within|in|over|during|inside)\s{_NEXT}{_COUNT}{_UNIT}", _read_duration, "nothing"),
    (rf"(?:within|in|over|during|inside)\s{_NEXT}(?P<count>){_ONE_UNIT}", _read_duration, "nothing"),
    (rf"{_COUNT}{_UNIT}\sfrom\s(?:now|today)\b", _read_duration, "nothing"),
    (rf"(?P<which>this|next|the\s(?:coming|following|current|next))\s{_SPAN}", _read_this_or_next, "nothing"),
    (rf"before\s(?P<which>the|this)\s{_SPAN}\sis\s(?:out|over)", _read_this_or_next, "nothing"),
    (rf"within\s(?P<which>the)\s{_SPAN}", _read_this_or_next, "nothing"),
    (rf"(?P<which>the)\s{_SPAN}", _read_this_or_next, "edge"),
    (r"(?P<which>(?P<unit>year|month|week|decade))[\s-]end\b(?!\s\d)", _read_this_or_next, "lead"),
    (r"(?P<near>today|tonight|tomorrow)\b", _read_near_day, "nothing"),
    (rf"(?:this|next|the\scoming)\s{_WEEKDAY}", _read_weekday, "nothing"),
    (_WEEKDAY, _read_weekday, "lead"),
    (rf"(?:next\s)?{_NAMED_MONTH}(?![\s,]{1, 3}\d)", _read_month_alone, "lead"),
    (rf"{_NAMED_MONTH}\s{DAY}(?!,?\s\d)", _read_day_alone, "lead"),
    (rf"{DAY}\s(?:of\s)?{_NAMED_MONTH}(?!,?\s\d)", _read_day_alone, "lead"),
)

# Words about time that name no date. They count only where the sentence has no date beside them.
VAGUE_WORDS = (
    r"(?:very\s)?soon|shortly|imminently|eventually|ultimately|someday|before\slong|in\sdue\scourse|sooner\sor\slater",
    r"over\stime|one\sday|any\s(?:day|time|moment)\snow|in\sthe\sfuture|down\sthe\sroad",
    r"in\sthe\s(?:near|foreseeable|distant|not[\s-]too[\s-]distant)\sfuture|for\sthe\sforeseeable\sfuture",
    r"(?:in|over)\sthe\s(?:short|medium|long|longer|near)[\s-](?:term|run)",
    rf"(?:within|in|over|during)\s{_MANY}|{_MANY}\sfrom\snow",
    rf"(?:within|in|over|during)\sthe\s(?:coming|next|following)\s{_UNITS}\b|in\scoming\s{_UNITS}\b",
    rf"(?:in\s(?:the\s)?)?{_UNITS}\s(?:to\scome|ahead)\b",
    rf"(?:within|in)\s(?:{_NUMBER})\s(?:working|business)\sdays\b",
)
