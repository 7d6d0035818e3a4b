"""Predictions and items as matching sees them, and where the two disagree: place, time, the name that leads."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from forecasts.evidence.places import PLACES
from forecasts.evidence.words import as_written, names, terms

LATE = timedelta(days=60)
EARLY = timedelta(days=1000)

_YEAR = re.compile(r"(?:19|20)\d\d\Z")


@dataclass(frozen=True)
class Subject:
    """A prediction to rank: `resolves_by` is its last day (UTC)."""

    id: str
    statement: str
    criteria: str
    resolves_by: date


@dataclass(frozen=True)
class Report:
    """An item to place: `published_on` (UTC) is None when it says no date."""

    title: str
    text: str
    published_on: date | None = None


@dataclass(frozen=True)
class Found:
    """What an item says, read once: its terms, and which of them are places or years."""

    terms: frozenset[str]
    places: frozenset[str]
    years: frozenset[str]
    published_on: date | None


@dataclass(frozen=True)
class Known:
    """What is kept of a prediction: its terms and how it writes them, names in their order, places, years, and the days
    between which an item about it is published."""

    subject: Subject
    statement: frozenset[str]
    names: tuple[str, ...]
    places: frozenset[str]
    years: frozenset[str]
    written: Mapping[str, tuple[str, ...]]
    earliest: date
    latest: date

    def is_other_place(self, found: Found) -> bool:
        """Both name places and share none."""
        return bool(found.places and self.places and self.places.isdisjoint(found.places))

    def is_other_time(self, found: Found) -> bool:
        """Published long after the deadline or long before it, or about earlier years only."""
        if found.years and max(found.years) < min(self.years):
            return True
        return found.published_on is not None and not self.earliest <= found.published_on <= self.latest

    def is_lead_missing(self, found: Found) -> bool:
        """The prediction's first name, most often who is to act, does not occur."""
        return bool(self.names) and self.names[0] not in found.terms


@lru_cache(maxsize=20_000)
def read_subject(subject: Subject) -> Known:
    """The words of a prediction, read once."""
    statement = terms(subject.statement)
    plain = frozenset(term for term in statement if not _YEAR.match(term))
    return Known(
        subject=subject,
        statement=plain,
        names=tuple(name for name in names(f"{subject.statement} {subject.criteria}") if name in plain),
        places=PLACES & frozenset([*statement, *terms(subject.criteria)]),
        years=frozenset([*filter(_YEAR.match, statement), str(subject.resolves_by.year)]),
        written=as_written(subject.statement),
        earliest=date.fromordinal(max(subject.resolves_by.toordinal() - EARLY.days, 1)),
        latest=date.fromordinal(min(subject.resolves_by.toordinal() + LATE.days, date.max.toordinal())),
    )


def read_report(words: Iterable[str], published_on: date | None) -> Found:
    """An item by its terms, ready to be compared with any number of predictions."""
    found = frozenset(words)
    return Found(found, PLACES & found, frozenset(filter(_YEAR.match, found)), published_on)
