"""Calibration cells and distinct counts: how fact rows move them, by the same sums for one prediction as for all."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from forecasts.models import EXPLICIT, Basis, CalibrationCell, Cohort, FactRow, Scope, ScopeCount, StoredStatistic
from forecasts.queries.scope import statistic_key

from .base import action

CountKey = tuple[str, int, str, str, str, str, dt.date]
COUNT_FIELDS = ("scope", "scope_id", "counting", "cohort", "track", "basis", "month")
CELL_FIELDS = (*COUNT_FIELDS, "tick")


def scopes_of(forecaster_id: int, topics: Iterable[int]) -> list[tuple[str, int]]:
    return [(Scope.ALL, 0), (Scope.FORECASTER, forecaster_id), *((Scope.TOPIC, topic) for topic in topics)]


def bases_of(basis: str) -> tuple[str, ...]:
    """The keys under which a basis is counted: its own, and with every other that was given as a number."""
    return (basis,) if basis == Basis.IMPLIED else (basis, EXPLICIT)


class Movement:
    """The difference that predictions make to cells and counts, gathered before it is applied."""

    def __init__(self) -> None:
        self.cells: dict[str, Counter[Any]] = {"n": Counter(), "weight": Counter(), "weight_yes": Counter()}
        self.counts: dict[str, Counter[Any]] = {"predictions": Counter(), "pairs": Counter()}

    def take(self, facts: Iterable[FactRow], topics: Iterable[int], *, sign: int) -> None:
        """Add (sign +1) or subtract (-1) the facts of **one** prediction that stands under `topics`."""
        topics = list(topics)
        predictions: set[CountKey] = set()
        pairs: set[tuple[CountKey, int]] = set()
        for fact in facts:
            for scope, scope_id in scopes_of(fact.forecaster_id, topics):
                for basis in bases_of(fact.basis):
                    count = (scope, scope_id, fact.counting, fact.cohort, fact.track, basis, fact.month)
                    predictions.add(count)
                    pairs.add((count, fact.forecaster_id))
                cell = (scope, scope_id, fact.counting, fact.cohort, fact.track, fact.basis, fact.month, fact.tick)
                for name, sums in self.cells.items():
                    sums[cell] += sign * getattr(fact, name)
        for count in predictions:
            self.counts["predictions"][count] += sign
        for count, _ in pairs:
            self.counts["pairs"][count] += sign

    def apply(self) -> None:
        """Write the difference; the caller holds the lock under which cells are read, changed and written."""
        _move(CalibrationCell, CELL_FIELDS, self.cells)
        _move(ScopeCount, COUNT_FIELDS, self.counts)
        self._mark_stale()

    def _mark_stale(self) -> None:
        """What was computed from the sums that moved must be computed again."""
        moved = {key for sums in self.counts.values() for key in sums}
        queries = {
            statistic_key(scope, scope_id, counting, track, basis)
            for scope, scope_id, counting, cohort, track, basis, _ in moved
            if cohort == Cohort.DUE and basis in (EXPLICIT, Basis.IMPLIED)
        }
        StoredStatistic.objects.bulk_create(
            [StoredStatistic(query=query, stale=True) for query in sorted(queries)],
            update_conflicts=True,
            unique_fields=("query",),
            update_fields=("stale",),
        )


def _move(model: type[models.Model], fields: tuple[str, ...], deltas: Mapping[str, Counter[Any]]) -> None:
    keys = {key for sums in deltas.values() for key, delta in sums.items() if delta}
    if not keys:
        return
    # A superset by each field alone, cut down to the keys themselves in memory.
    narrow = {f"{field}__in": {key[place] for key in keys} for place, field in enumerate(fields)}
    stored = {tuple(getattr(row, field) for field in fields): row for row in model._default_manager.filter(**narrow)}
    kept: list[Any] = []
    gone: list[Any] = []
    for key in sorted(keys):
        row = stored.get(key) or model(**dict(zip(fields, key, strict=True)), **dict.fromkeys(deltas, 0))
        for name, sums in deltas.items():
            setattr(row, name, getattr(row, name) + sums[key])
        (kept if any(getattr(row, name) for name in deltas) else gone).append(row)
    model._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
    # Rows are inserted without their key, so that the one statement inserts new cells and updates old ones.
    for row in kept:
        row.pk = None
    model._default_manager.bulk_create(
        kept, update_conflicts=True, unique_fields=fields, update_fields=list(deltas), batch_size=1000
    )


@action
def rebuild_cells(*, movement: Movement) -> None:
    """Replace all cells and counts by those of `movement`, which took the facts of every prediction."""
    CalibrationCell.objects.all().delete()
    ScopeCount.objects.all().delete()
    movement.apply()
