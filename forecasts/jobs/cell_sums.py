"""What cells and counts must be, from fact rows in plain loops: what the database's own sums are held against."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from forecasts.models import EXPLICIT, Basis, Forecaster, Scope
from forecasts.queries.standing import FactLine

Sums = defaultdict[Any, list[int]]


class CellSums:
    """The sums over the predictions taken so far, by the columns that are a cell's or a count's key."""

    def __init__(self) -> None:
        self.cells: Sums = defaultdict(lambda: [0, 0, 0])
        self.counts: Sums = defaultdict(lambda: [0, 0])
        self.derived = frozenset(Forecaster.objects.derived().values_list("pk", flat=True))

    def take(self, facts: Iterable[FactLine], topics: Iterable[int]) -> None:
        """Add the facts of **one** prediction that stands under `topics`."""
        topics = list(topics)
        forecasters: defaultdict[Any, set[int]] = defaultdict(set)
        for fact in facts:
            how = (fact.kind, fact.counting, fact.cohort, fact.track)
            for scope in self._scopes(fact, topics):
                for basis in _bases_of(fact.basis):
                    forecasters[(*scope, *how, basis, fact.month)].add(fact.forecaster_id)
                sums = self.cells[(*scope, *how, fact.basis, fact.month, fact.tick)]
                sums[0] += fact.n
                sums[1] += fact.weight
                sums[2] += fact.weight_yes
        for count, pairs in forecasters.items():
            self.counts[count][0] += 1
            self.counts[count][1] += len(pairs)

    def _scopes(self, fact: FactLine, topics: list[int]) -> Iterator[tuple[str, int, str]]:
        """(scope, its id, lead band or all) of every sum that a fact is part of."""
        yield Scope.FORECASTER, fact.forecaster_id, ""
        if fact.forecaster_id in self.derived:
            return
        wide = [(Scope.ALL, 0), *((Scope.TOPIC, topic) for topic in topics)]
        for (scope, scope_id), band in itertools.product(wide, ("", fact.lead_band)):
            yield scope, scope_id, band


def _bases_of(basis: str) -> tuple[str, ...]:
    """The keys under which a basis is counted: its own, and with every other that was given as a number."""
    return (basis,) if basis == Basis.IMPLIED else (basis, EXPLICIT)
