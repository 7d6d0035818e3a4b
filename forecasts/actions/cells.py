"""Calibration cells and distinct counts: how fact rows move them, by the same sums for one prediction as for all."""

import datetime as dt
import itertools
from collections import Counter
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
from .bulk import save_rows

CountKey = tuple[str, int, str, str, str, str, str, str, dt.date]
COUNT_FIELDS = ("scope", "scope_id", "lead_band", "kind", "counting", "cohort", "track", "basis", "month")
CELL_FIELDS = (*COUNT_FIELDS, "tick")


def bases_of(basis: str) -> tuple[str, ...]:
    """The keys under which a basis is counted: its own, and with every other that was given as a number."""
    return (basis,) if basis == Basis.IMPLIED else (basis, EXPLICIT)


class Movement:
    """The difference that predictions make to cells and counts, gathered before it is applied."""

    def __init__(self) -> None:
        self.cells: dict[str, Counter[Any]] = {"n": Counter(), "weight": Counter(), "weight_yes": Counter()}
        self.counts: dict[str, Counter[Any]] = {"predictions": Counter(), "pairs": Counter()}
        self.derived = frozenset(Forecaster.objects.derived().values_list("pk", flat=True))

    def take(self, facts: Iterable[FactLine], topics: Iterable[int], *, sign: int) -> None:
        """Add (sign +1) or subtract (-1) the facts of **one** prediction that stands under `topics`."""
        topics = list(topics)
        predictions: set[CountKey] = set()
        pairs: set[tuple[CountKey, int]] = set()
        for fact in facts:
            how = (fact.kind, fact.counting, fact.cohort, fact.track)
            for scope in self._scopes(fact, topics):
                for basis in bases_of(fact.basis):
                    count = (*scope, *how, basis, fact.month)
                    predictions.add(count)
                    pairs.add((count, fact.forecaster_id))
                cell = (*scope, *how, fact.basis, fact.month, fact.tick)
                for name, sums in self.cells.items():
                    sums[cell] += sign * getattr(fact, name)
        for count in predictions:
            self.counts["predictions"][count] += sign
        for count, _ in pairs:
            self.counts["pairs"][count] += sign

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
        _move(CalibrationCell, CELL_FIELDS, self.cells)
        _move(ScopeCount, COUNT_FIELDS, self.counts)
        self._mark_stale()

    def _mark_stale(self) -> None:
        """What was computed from the sums that moved must be computed again."""
        moved = {key for sums in self.counts.values() for key in sums}
        queries = {
            statistic_key((scope, scope_id), kind, counting, track, basis)
            for scope, scope_id, band, kind, counting, cohort, track, basis, _ in moved
            if not band and cohort == Cohort.DUE and basis in (EXPLICIT, Basis.IMPLIED)
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
    rows = model._default_manager.filter(**narrow).values_list(*fields, *deltas, "pk")
    stored = {row[: len(fields)]: row[len(fields) :] for row in rows}
    nothing = (0,) * (len(deltas) + 1)
    kept, gone = [], []
    for key in sorted(keys):
        *before, pk = stored.get(key, nothing)
        after = [value + sums[key] for value, sums in zip(before, deltas.values(), strict=True)]
        if any(after):
            kept.append((*key, *after))
        else:
            gone.append(pk)
    model._default_manager.filter(pk__in=gone).delete()
    save_rows(model, (*fields, *deltas), kept, unique=fields)


@action
def rebuild_cells(*, movement: Movement) -> None:
    """Replace all cells and counts by those of `movement`, which took the facts of every prediction."""
    CalibrationCell.objects.all().delete()
    ScopeCount.objects.all().delete()
    movement.apply()
