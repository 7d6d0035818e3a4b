"""Predictions that say nearly the same, and ladders: those that differ only in the deadline ("by 2026", "by 2027").

Compared by the words of the statement, rare ones counting more, as evidence is; names must agree. Dates are left out of
the comparison, so that the rungs of a ladder are found. Deterministic: the same rows give the same answer.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from forecasts.evidence.places import PLACES
from forecasts.evidence.words import Frequencies, names, terms
from forecasts.language.deadlines import read_deadline
from forecasts.language.figures import percent
from forecasts.models import (
    CriteriaVersion,
    Forecast,
    Forecaster,
    GroupKind,
    Prediction,
    PredictionKind,
    PredictionStatus,
)

COMPARED = 5_000  # latest predictions
MOST_NEAR = 200  # of these are looked at more closely
ALIKE = 0.6  # share of the words of both, by rarity, that both have
SHOWN = 5
MOST_RUNGS = 500  # standing forecasts on a ladder

_MONTH = "(?:" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in tuple(calendar.month_name)[1:]) + r")\b\.?"
_DATES = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s)?{_MONTH}(?:\s\d{{1,2}}\b)?(?:,?\s(?:19|20|21)\d\d\b)?"
    r"|\b(?:19|20|21)\d\d(?:-\d\d){0,2}\b|\b[QH][1-4]\b"
)
_BY = re.compile(r"(?:by|before|within|(?:no|not)\slater\sthan|prior\sto|in\sthe\snext)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|never|no|cannot|unlikely)\b|n['’]t\b", re.IGNORECASE)

Kind = Literal["same", "rung", "alike"]


class Core(NamedTuple):
    """A statement without its date: terms, the first name, whether it denies, whether "by" or the like led the date."""

    terms: frozenset[str]
    lead: str
    denies: bool
    is_by: bool


@dataclass(frozen=True)
class Like:
    """A logged prediction beside a statement: the same, a rung of its ladder (only the deadline differs), or alike.

    `likeness` is from 0 to 1.
    """

    prediction: Prediction
    likeness: float
    kind: Kind

    @property
    def words(self) -> str:
        """What it is to the statement, in words."""
        return {"same": "the same", "rung": "another deadline", "alike": f"{self.likeness:.0%} alike"}[self.kind]

    @property
    def is_rung(self) -> bool:
        return self.kind == "rung"


@dataclass(frozen=True)
class Rung:
    """What one forecaster says of one rung: probability in ten-thousandths, deadline (UTC).

    `prediction` is None for a statement that is not logged. `denies`: it says that something will not happen.
    """

    deadline: dt.datetime
    tick: int
    forecaster: str
    denies: bool = False
    prediction: Prediction | None = None


@dataclass(frozen=True)
class Incoherence:
    """Two rungs that one forecaster cannot both mean: what happens by the earlier date has happened by the later."""

    earlier: Rung
    later: Rung

    def __str__(self) -> str:
        wrong = "later" if self.earlier.denies else "earlier"
        return (
            f"{self.earlier.forecaster} gives {percent(self.earlier.tick)} by {self.earlier.deadline:%Y-%m-%d} and "
            f"{percent(self.later.tick)} by {self.later.deadline:%Y-%m-%d}; "
            f"the {wrong} deadline cannot be more probable."
        )


class Words:
    """Which words the latest predictions have, ready to be compared with any number of statements.

    Read once by a process and kept until there is another prediction or another version of one.
    """

    def __init__(self) -> None:
        rows = list(_compared_ones().order_by("-pk").values_list("pk", "statement")[:COMPARED])
        words = [_words(statement) for _, statement in rows]
        frequencies = Frequencies().grown([list(each) for each in words])
        self.keys = [key for key, _ in rows]
        self._rarity = frequencies.rarity
        self._lengths = np.array([len(each) for each in words])
        self._weights = np.array([self._weight(each) for each in words])
        holders: dict[str, list[int]] = {}
        for place, each in enumerate(words):
            for term in each:
                holders.setdefault(term, []).append(place)
        self._holders = {term: np.array(places) for term, places in holders.items()}

    def _weight(self, words: frozenset[str]) -> float:
        return sum(map(self._rarity, sorted(words)))

    def near(self, statement: str) -> dict[int, float]:
        """Keys and likeness of what shares at least ALIKE of the words by rarity and half of them by number."""
        said = _words(statement)
        shared, weight = np.zeros(len(self.keys)), np.zeros(len(self.keys))
        for term in sorted(said):
            if (places := self._holders.get(term)) is not None:
                shared[places] += 1
                weight[places] += self._rarity(term)
        either = self._weight(said) + self._weights - weight
        is_near = (shared > 0) & (2 * shared >= np.maximum(len(said), self._lengths)) & (weight >= ALIKE * either)
        found = {self.keys[place]: float(weight[place] / either[place]) for place in np.flatnonzero(is_near)}
        return dict(sorted(found.items(), key=lambda pair: -pair[1])[:MOST_NEAR])


@lru_cache(maxsize=1)
def words_at(newest_prediction: int | None, newest_version: int | None) -> Words:
    return Words()


def _compared_ones() -> QuerySet[Prediction]:
    return Prediction.objects.filter(kind=PredictionKind.BINARY).exclude(status=PredictionStatus.VOID)


def like_statements(asked: Sequence[tuple[str, dt.datetime | None]]) -> list[tuple[Like, ...]]:
    """For each statement and deadline: the same first, then the rungs of its ladder by deadline, then what is alike;
    at most SHOWN of each kind. Three queries.
    """
    newest = [model._default_manager.aggregate(Max("pk"))["pk__max"] for model in (Prediction, CriteriaVersion)]
    words = words_at(*newest)
    near = [words.near(statement) for statement, _ in asked]
    keys = {key for each in near for key in each}
    fields = ("slug", "statement", "kind", "status", "resolves_by", "suggested_tick", "suggested_forecaster__name")
    rows = _compared_ones().select_related("suggested_forecaster").only(*fields).in_bulk(keys) if keys else {}
    return [
        _likes(*each, [(rows[key], found[key]) for key in found if key in rows])
        for each, found in zip(asked, near, strict=True)
    ]


def _likes(
    statement: str, resolves_by: dt.datetime | None, near: Iterable[tuple[Prediction, float]]
) -> tuple[Like, ...]:
    found: dict[Kind, list[Like]] = {"same": [], "rung": [], "alike": []}
    for row, likeness in near:
        if like := _compared(statement, resolves_by, row, likeness):
            found[like.kind].append(like)
    found["rung"].sort(key=lambda like: (_day(like.prediction.resolves_by) or dt.date.max, like.prediction.pk))
    found["alike"].sort(key=lambda like: (-like.likeness, like.prediction.pk))
    return tuple(like for kind in found.values() for like in kind[:SHOWN])


def like_prediction(prediction: Prediction) -> tuple[Like, ...]:
    """What says nearly the same as `prediction`, and the rungs of its ladder, grouped by an editor or by words."""
    if prediction.kind != PredictionKind.BINARY:
        return ()
    (found,) = like_statements([(prediction.statement, prediction.resolves_by)])
    grouped = Prediction.objects.filter(
        group__isnull=False, group=prediction.group_id, group__kind=GroupKind.LADDER, resolves_by__isnull=False
    ).exclude(Q(pk=prediction.pk) | Q(status=PredictionStatus.VOID) | ~Q(kind=PredictionKind.BINARY))
    rungs = {row.pk: Like(row, 1.0, "rung") for row in grouped.select_related("suggested_forecaster")}
    return (*rungs.values(), *(like for like in found if like.prediction.pk not in {prediction.pk, *rungs}))


def rungs_of(predictions: Iterable[Prediction], forecaster: Forecaster | None = None) -> tuple[Rung, ...]:
    """What stands on each of `predictions`: the newest forecast of everybody, or of `forecaster`; of a draft what is
    suggested. One query.
    """
    rows = {row.pk: row for row in predictions if row.resolves_by is not None}
    said = [
        (row, row.suggested_forecaster, row.suggested_tick)
        for row in rows.values()
        if row.status == PredictionStatus.DRAFT and row.suggested_forecaster
    ]
    said += [(rows[each.prediction_id], each.forecaster, each.tick) for each in _standing(rows, forecaster)]
    return tuple(
        Rung(row.resolves_by, tick, who.name, core(row.statement).denies, row)
        for row, who, tick in said
        if row.resolves_by and who and tick is not None and forecaster in (None, who)
    )


def _standing(predictions: Iterable[int], forecaster: Forecaster | None) -> list[Forecast]:
    theirs = Forecast.objects.filter(prediction=OuterRef("prediction"), forecaster=OuterRef("forecaster"))
    newest = theirs.order_by("-issued_at", "-recorded_at", "-id").values("pk")[:1]
    rows = Forecast.objects.filter(prediction__in=list(predictions), pk=Subquery(newest))
    if forecaster:
        rows = rows.filter(forecaster=forecaster)
    return list(rows.select_related("forecaster").order_by("pk")[:MOST_RUNGS])


def incoherent(rungs: Sequence[Rung]) -> tuple[Incoherence, ...]:
    """Pairs of rungs of one ladder by one forecaster where the narrower claim is the more probable one."""
    ordered = sorted(rungs, key=lambda rung: rung.deadline)
    pairs = (Incoherence(one, other) for one, other in combinations(ordered, 2) if _is_pair(one, other))
    return tuple(pair for pair in pairs if _is_broken(pair))


def _is_pair(one: Rung, other: Rung) -> bool:
    return one.forecaster == other.forecaster and one.denies == other.denies and one.deadline < other.deadline


def _is_broken(pair: Incoherence) -> bool:
    """Of "will", the earlier deadline is the narrower claim; of "will not", the later."""
    if pair.earlier.denies:
        return pair.later.tick > pair.earlier.tick
    return pair.earlier.tick > pair.later.tick


def ladder_warnings(
    prediction: Prediction, likes: Iterable[Like], forecaster: Forecaster | None = None
) -> tuple[Incoherence, ...]:
    """What `prediction` and the rungs of its ladder among `likes` say against each other. One query."""
    rungs = [like.prediction for like in likes if like.is_rung]
    if not rungs:
        return ()
    found = incoherent(rungs_of([prediction, *rungs], forecaster))
    return tuple(pair for pair in found if prediction in (pair.earlier.prediction, pair.later.prediction))


@lru_cache(maxsize=20_000)
def _words(statement: str) -> frozenset[str]:
    return frozenset(terms(_DATES.sub(" ", statement)))


@lru_cache(maxsize=5_000)
def core(statement: str) -> Core:
    """What is left of a statement without the words of its deadline."""
    date = read_deadline(statement, None)
    rest = f"{statement[: date.start]} {statement[date.end :]}" if date else statement
    lead = next(iter(names(rest)), "")
    return Core(_words(rest), lead, bool(_DENIES.search(rest)), bool(date and _BY.match(date.wording)))


def _compared(statement: str, resolves_by: dt.datetime | None, row: Prediction, likeness: float) -> Like | None:
    one, other = core(statement), core(row.statement)
    if not _name_the_same(one, other):
        return None
    if one.terms != other.terms or one.denies != other.denies:
        return Like(row, min(likeness, 0.99), "alike")
    if _day(resolves_by) == _day(row.resolves_by):
        return Like(row, 1.0, "same")
    if _are_rungs(one, resolves_by, other, row.resolves_by):
        return Like(row, 1.0, "rung")
    return Like(row, min(likeness, 0.99), "alike")


def are_rungs(one: str, one_by: dt.datetime | None, other: str, other_by: dt.datetime | None) -> bool:
    """Whether two statements differ only in the deadline, and each is about what happens by then."""
    return _are_rungs(core(one), one_by, core(other), other_by)


def _are_rungs(one: Core, one_by: dt.datetime | None, other: Core, other_by: dt.datetime | None) -> bool:
    same = one.terms == other.terms and one.denies == other.denies and one.is_by and other.is_by
    return same and one_by is not None and other_by is not None and _day(one_by) != _day(other_by)


def _name_the_same(one: Core, other: Core) -> bool:
    """A careful reader looks at places and at the first name before anything else."""
    places, others = PLACES & one.terms, PLACES & other.terms
    if places and others and places.isdisjoint(others):
        return False
    return not (one.lead and other.lead) or one.lead in other.terms or other.lead in one.terms


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.astimezone(dt.UTC).date() if moment else None
