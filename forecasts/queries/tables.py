"""The tables of a subject: every track, basis and kind is summed apart, and one of them is the headline."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Min, Sum, Value, When
from django.utils.translation import gettext as _

from forecasts.models import EXPLICIT, Basis, Cohort, FactRow, Forecaster, PredictionKind, ScopeCount, Track
from forecasts.scoring.values import TickTable

from .scope import CalibrationQuery
from .sums import Summed, cell_table

FIRST = "first"
Fact = tuple[int, int, int, int, int]
"""Keys of a prediction and of a forecaster who said this of it, tick, weight, weight that came true."""


@dataclass(frozen=True)
class Table:
    """A track, basis and kind by the first forecast, with the words that name it and what it counts.

    `facts` are those of an article, for which nothing is summed beforehand: one of each prediction and tick.
    """

    query: CalibrationQuery
    label: str
    predictions: int
    pairs: int
    facts: tuple[Fact, ...] | None = None

    def summed(self, table: TickTable | None = None) -> Summed:
        """The sums of `query`, with its tick table where that is at hand; `sums.summed` gives the same from more
        queries.
        """
        if self.facts is not None:
            table = TickTable.from_rows(fact[2:] for fact in self.facts)
        ticks = cell_table(self.query) if table is None else table
        return Summed(ticks, self.predictions, self.pairs, due=self.predictions)


def tables_of(base: CalibrationQuery) -> tuple[Table, ...]:
    """Every table of one subject, or of everybody, that has predictions past their deadline, the largest first."""
    found = _of_article(base) if base.article else _of_scope(base)
    return tuple(sorted(found, key=_largest_first))


def _largest_first(table: Table) -> tuple[int, str, str, str]:
    return -table.predictions, table.query.track, table.query.basis, table.query.kind


def _table(
    base: CalibrationQuery, which: Sequence[str], predictions: int, pairs: int, facts: tuple[Fact, ...] | None = None
) -> Table:
    track, basis, kind = which
    query = replace(base, track=track, basis=basis, kind=kind)
    return Table(query, heading_of(query) or _("Live forecasts"), predictions, pairs, facts)


def _of_scope(base: CalibrationQuery) -> Iterable[Table]:
    """Those of a forecaster, a topic or everybody."""
    scope, scope_id = base.scope
    counts: Iterable[Any] = (
        ScopeCount.objects.filter(
            scope=scope,
            scope_id=scope_id,
            lead_band="",
            counting=FIRST,
            cohort=Cohort.DUE,
            basis__in=(EXPLICIT, Basis.IMPLIED),
        )
        .exclude(track=Track.ALL)
        .values_list("track", "basis", "kind")
        .annotate(Sum("predictions"), Sum("pairs"))
        .order_by()
    )
    return (_table(base, which, predictions, pairs) for *which, predictions, pairs in counts)


def _of_article(base: CalibrationQuery) -> Iterable[Table]:
    """Those of an article, from its fact rows. A forecast has weight 1, and of several options one came true."""
    group = Case(When(basis=Basis.IMPLIED, then=Value(str(Basis.IMPLIED))), default=Value(EXPLICIT))
    article = base.article.pk if base.article else 0
    rows = FactRow.objects.filter(prediction__article=article, counting=FIRST, cohort=Cohort.DUE)
    facts: Iterable[Any] = (
        rows.exclude(track=Track.ALL)
        .exclude(forecaster__in=Forecaster.objects.derived())
        .annotate(given=group)
        .values_list("track", "given", "kind", "prediction", "tick")
        .annotate(Min("forecaster"), Sum("weight"), Sum("weight_yes"))
        .order_by("prediction", "tick")
    )
    tables: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for track, basis, kind, prediction, tick, who, weight, weight_yes in facts:
        tables[track, basis, kind].append((prediction, who, tick, weight, weight_yes))
    for which, found in tables.items():
        column = 4 if which[2] == PredictionKind.MULTIPLE_CHOICE else 3
        yield _table(base, which, len({fact[0] for fact in found}), sum(fact[column] for fact in found), tuple(found))


def headline_table(base: CalibrationQuery, tables: Sequence[Table]) -> Table:
    """Live and given as numbers, where there is one; else live from wording; else the largest other; or none, empty."""
    by_query = {table.query: table for table in tables}
    live = [replace(base, track=Track.LIVE, basis=basis) for basis in (EXPLICIT, Basis.IMPLIED)]
    return next((by_query[query] for query in (*live, *by_query) if query in by_query), _empty(base))


def _empty(base: CalibrationQuery) -> Table:
    return Table(base, "", 0, 0, ())


def heading_of(query: CalibrationQuery) -> str:
    """The words that name a table which is not the live one of stated numbers; empty for that one."""
    track = {
        Track.LIVE: "",
        Track.IMPORTED: _("Imported track record"),
        Track.BACKFILLED: _("Recorded afterwards"),
        Track.ALL: _("All tracks together"),
    }[Track(query.track)]
    basis = "" if query.basis == EXPLICIT else _("probabilities %(basis)s") % {"basis": Basis(query.basis).label}
    asked = PredictionKind(query.kind)
    kind = "" if asked == PredictionKind.BINARY else _("predictions of %(kind)s") % {"kind": asked.label}
    return ", ".join(part for part in (track, basis, kind) if part)
