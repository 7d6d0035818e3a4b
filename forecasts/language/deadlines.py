"""When a forecast in words falls due: "by 2027", "within two years", "by the end of Q3 2026" become a dated deadline.

Rules, with examples, in docs/deadlines.md. A date without a time means its end, 23:59:59 UTC; a range means its end;
"before" means the day before; relative dates count from publication. Words that leave the date to the reader ("soon",
"next summer", a quarter of no stated calendar) are refused with the reason, never guessed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from forecasts.language.periods import CALENDAR_PERIODS, Needs, Period, Precision, Reader, read_year, refuse
from forecasts.language.relative import RELATIVE_PERIODS, TOO_FAR, VAGUE, VAGUE_WORDS

BY_YEAR_MEANINGS = ("end", "start")
END_OF_DAY = time(23, 59, 59, tzinfo=UTC)
BEFORE_PUBLICATION = "it lies before the article was published"
A_START = "it says when the time begins, not when it ends"

_LEADS = (
    (
        "starting",
        (
            r"after|since|from|as\sof|(?:starting|beginning)(?:\sin)?|effective|not\s(?:until|before)|"
            r"as\s(?:early|soon)\sas|no\s(?:earlier|sooner)\sthan"
        ),
    ),
    ("before", r"before|prior\sto|ahead\sof"),
    (
        "strong",
        r"by(?:\s(?:around|about|roughly))?|(?:no|not)\slater\sthan|(?:on|by)\sor\sbefore|until|till|up\sto|through|within",
    ),
    ("weak", r"in|during|on|at|over|throughout|between|around|sometime\sin|at\ssome\spoint\sin|as\slate\sas|come"),
)
_LEAD = "|".join(rf"(?P<{kind}>{words})" for kind, words in _LEADS)
_BEFORE_PERIOD = re.compile(
    rf"(?:(?<![\w-])(?:{_LEAD})\s)?(?:the\s)?"
    r"(?:(?<![\w-])(?:very\s)?(?P<edge>end(?:\sof|-)?|(?:close|start|beginning)\sof)\s?)?(?:the\s)?$",
    re.IGNORECASE,
)
_LONGEST_LEAD = 60
# The surest words count: a lower rank wins, and a refusal ranks just under a date of its kind.
_RANK = {"strong": 0, "before": 0, "weak": 2, "starting": 8}
_IN_THE_PAST = 9


@dataclass(frozen=True)
class Deadline:
    """The last moment at which the event may happen (aware, UTC), read from `wording` at start..end by `rule`."""

    resolves_by: datetime
    precision: Precision
    wording: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True)
class Unreadable:
    """Words about time that give no deadline, and why."""

    wording: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class _Found:
    """Words about time: where they stand, what leads them, what they name and how sure they are to be the deadline."""

    start: int
    end: int
    lead: str
    edge: str
    match: re.Match[str]
    reader: Reader
    rank: int


def _compile(
    periods: Iterable[tuple[str, Reader, Needs]], rank: int
) -> tuple[tuple[re.Pattern[str], Reader, Needs, int], ...]:
    return tuple(
        (re.compile(rf"(?<![\w.,$€£¥])(?<!\d-)(?:{words})(?!\w|-[a-z])", re.IGNORECASE), reader, needs, rank)
        for words, reader, needs in periods
    )


_PERIODS = (
    *_compile(RELATIVE_PERIODS, rank=2),
    *_compile(CALENDAR_PERIODS, rank=4),
    *_compile([(words, refuse(VAGUE), "nothing") for words in VAGUE_WORDS], rank=6),
)


def read_deadline(
    sentence: str, published_at: datetime | None, by_year_means: str = "end"
) -> Deadline | Unreadable | None:
    """The deadline of a sentence; Unreadable where its date words give none; None where it has no date words.

    The surest words count: "by" and the like before "in", a bare date and vague words; among equals the first.
    `published_at` is aware. Raises ValueError for a naive `published_at` or an unknown `by_year_means`.
    """
    if by_year_means not in BY_YEAR_MEANINGS:
        raise ValueError(f"by_year_means must be one of {BY_YEAR_MEANINGS}, not {by_year_means!r}")
    if published_at is not None and published_at.tzinfo is None:
        raise ValueError("published_at must be aware")
    ranked = []
    for found in _longest(_find(sentence)):
        answer = _answer(found, sentence[found.start : found.end], published_at, by_year_means)
        past = isinstance(answer, Unreadable) and BEFORE_PUBLICATION in answer.reason
        rank = _IN_THE_PAST if past else found.rank + isinstance(answer, Unreadable)
        ranked.append((rank, found.start, answer))
    return min(ranked, key=lambda each: each[:2])[2] if ranked else None


def _find(sentence: str) -> Iterator[_Found]:
    for pattern, reader, needs, rank in _PERIODS:
        for match in pattern.finditer(sentence):
            before = _BEFORE_PERIOD.search(sentence, max(0, match.start() - _LONGEST_LEAD), match.start())
            kind = next((kind for kind, _ in _LEADS if before and before[kind]), "")
            edge = (before["edge"] or "").lower() if before else ""
            if needs == "nothing" or edge or (kind and needs == "lead"):
                start = before.start() if before and (kind or edge) else match.start()
                yield _Found(start, match.end(), kind, edge, match, reader, _RANK.get(kind, 2 if edge else rank))


def _longest(found: Iterator[_Found]) -> list[_Found]:
    """Without those that a longer one covers or overlaps."""
    kept: list[_Found] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif each.end - each.start > kept[-1].end - kept[-1].start:
            kept[-1] = each
    return kept


def _answer(found: _Found, wording: str, published_at: datetime | None, by_year_means: str) -> Deadline | Unreadable:
    try:
        return _read(found, wording, published_at, by_year_means)
    except (OverflowError, ValueError):  # past the last day that a date can hold
        return _unreadable(found, wording, TOO_FAR)


def _read(found: _Found, wording: str, published_at: datetime | None, by_year_means: str) -> Deadline | Unreadable:
    reading = found.reader(found.match, published_at)
    if found.lead == "starting" and not found.match.groupdict().get("range"):
        reading = A_START
    if isinstance(reading, str):
        return _unreadable(found, wording, reading)
    by_year = by_year_means if wording[:2].lower() == "by" and found.reader is read_year else ""
    day, how = _last_day(found, reading, by_year)
    resolves_by = reading.moment or datetime.combine(day, END_OF_DAY)
    if published_at is not None and resolves_by < published_at:
        return _unreadable(found, wording, BEFORE_PUBLICATION)
    rule = f"“{wording}” is read as {reading.meaning}; {how}: {resolves_by:%Y-%m-%d %H:%M:%S} UTC."
    return Deadline(resolves_by, reading.precision, wording, found.start, found.end, rule)


def _unreadable(found: _Found, wording: str, reason: str) -> Unreadable:
    return Unreadable(wording, found.start, found.end, f"“{wording}” gives no deadline: {reason}.")


def _last_day(found: _Found, period: Period, by_year: str) -> tuple[date, str]:
    """The last day that counts, and the rule for it in words."""
    if found.lead == "before" and not found.edge.startswith("end"):
        return period.first - timedelta(days=1), "“before” means the day before it begins"
    if found.edge and not found.edge.startswith("end"):
        return period.first, "its first day counts"
    if by_year == "start" and not found.edge:
        return period.first - timedelta(days=1), "by a year means by its start (BY_YEAR_MEANS is start)"
    if by_year and not found.edge:
        return period.last, "by a year means by its end (BY_YEAR_MEANS is end)"
    return period.last, "its end counts"
