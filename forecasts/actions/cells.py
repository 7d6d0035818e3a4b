"""Calibration cells and distinct counts: how fact rows move them, by the same sums for one prediction as for all."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import models

from forecasts.models import (
    EXPLICIT,
    Basis,
    CalibrationCell,
    Cohort,
    Forecaster,
    Scope,
    ScopeCount,
    StoredStatistic,
)
from forecasts.queries.scope import statistic_key
from forecasts.queries.standing import FactLine

from .base import action
from .bulk import add_rows, insert_rows

Sums = defaultdict[Any, list[int]]
CountKey = tuple[str, int, str, str, str, str, str, str, dt.date]
COUNT_FIELDS = ("scope", "scope_id", "lead_band", "kind", "counting", "cohort", "track", "basis", "month")
COUNT_SUMS = ("predictions", "pairs")
CELL_FIELDS = (*COUNT_FIELDS, "tick")
CELL_SUMS = ("n", "weight", "weight_yes")


def bases_of(basis: str) -> tuple[str, ...]:
    """The keys under which a basis is counted: its own, and with every other that was given as a number."""
    return (basis,) if basis == Basis.IMPLIED else (basis, EXPLICIT)


class Movement:
    """The difference that predictions make to cells and counts, gathered before it is applied."""

    def __init__(self) -> None:
        self.cells: Sums = defaultdict(lambda: [0, 0, 0])
        self.counts: Sums = defaultdict(lambda: [0, 0])
        self._lessened: set[Any] = set()
        self.derived = frozenset(Forecaster.objects.derived().values_list("pk", flat=True))

    def take(self, facts: Iterable[FactLine], topics: Iterable[int], *, sign: int) -> None:
        """Add (sign +1) or subtract (-1) the facts of **one** prediction that stands under `topics`."""
        topics = list(topics)
        lessened = self._lessened if sign < 0 else set()
        forecasters: defaultdict[CountKey, set[int]] = defaultdict(set)
        for fact in facts:
            how = (fact.kind, fact.counting, fact.cohort, fact.track)
            for scope in self._scopes(fact, topics):
                for basis in bases_of(fact.basis):
                    forecasters[(*scope, *how, basis, fact.month)].add(fact.forecaster_id)
                cell = (*scope, *how, fact.basis, fact.month, fact.tick)
                lessened.add(cell)
                sums = self.cells[cell]
                sums[0] += sign * fact.n
                sums[1] += sign * fact.weight
                sums[2] += sign * fact.weight_yes
        lessened.update(forecasters)
        for count, pairs in forecasters.items():
            sums = self.counts[count]
            sums[0] += sign
            sums[1] += sign * len(pairs)

    def _scopes(self, fact: FactLine, topics: list[int]) -> Iterator[tuple[str, int, str]]:
        """(scope, its id, lead band or all) of every sum that a fact is part of."""
        yield Scope.FORECASTER, fact.forecaster_id, ""
        if fact.forecaster_id in self.derived:
            return
        wide = [(Scope.ALL, 0), *((Scope.TOPIC, topic) for topic in topics)]
        for (scope, scope_id), band in itertools.product(wide, ("", fact.lead_band)):
            yield scope, scope_id, band

    def apply(self) -> None:
        """Write the difference; the caller holds the lock under which cells are read, changed and written."""
        self._move(CalibrationCell, CELL_FIELDS, CELL_SUMS, self.cells)
        self._move(ScopeCount, COUNT_FIELDS, COUNT_SUMS, self.counts)
        self._mark_stale()

    def _move(self, model: type[models.Model], fields: tuple[str, ...], names: tuple[str, ...], deltas: Sums) -> None:
        """What only grew is added unread, which is nearly everything; what was taken from is written anew."""
        changed = sorted(key for key, sums in deltas.items() if any(sums))
        if lessened := [key for key in changed if key in self._lessened]:
            _replace(model, fields, names, {key: deltas[key] for key in lessened})
        if grown := [(*key, *deltas[key]) for key in changed if key not in self._lessened]:
            add_rows(model, (*fields, *names), grown, unique=fields)

    def _mark_stale(self) -> None:
        """What was computed from the sums that moved must be computed again."""
        queries = {
            statistic_key((scope, scope_id), kind, counting, track, basis)
            for scope, scope_id, band, kind, counting, cohort, track, basis, _ in self.counts
            if not band and cohort == Cohort.DUE and basis in (EXPLICIT, Basis.IMPLIED)
        }
        StoredStatistic.objects.bulk_create(
            [StoredStatistic(query=query, stale=True) for query in sorted(queries)],
            update_conflicts=True,
            unique_fields=("query",),
            update_fields=("stale",),
        )


def _replace(
    model: type[models.Model], fields: tuple[str, ...], names: tuple[str, ...], deltas: Mapping[Any, list[int]]
) -> None:
    # A superset by each field alone, cut down to the keys themselves in memory.
    narrow = {f"{field}__in": set(values) for field, values in zip(fields, zip(*deltas, strict=True), strict=True)}
    rows = model._default_manager.filter(**narrow).values_list(*fields, *names, "pk")
    stored = {row[: len(fields)]: row[len(fields) :] for row in rows}
    after = {
        key: [value + change for value, change in zip(stored[key][:-1], changes, strict=True)]
        for key, changes in deltas.items()
    }
    model._default_manager.filter(pk__in=[stored[key][-1] for key in deltas]).delete()
    insert_rows(model, (*fields, *names), [(*key, *sums) for key, sums in after.items() if any(sums)])


@action
def rebuild_cells(*, movement: Movement) -> None:
    """Replace all cells and counts by those of `movement`, which took the facts of every prediction."""
    CalibrationCell.objects.all().delete()
    ScopeCount.objects.all().delete()
    movement.apply()
