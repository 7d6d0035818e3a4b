"""The sums behind every statistic, by two ways that must agree: from roll-ups where there are some, or fact rows."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet, Sum

from forecasts.models import CalibrationCell, Cohort, FactRow, Forecaster, ScopeCount
from forecasts.scoring.values import TickTable

from .scope import CalibrationQuery

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Summed:
    """A tick table, and the distinct counts beside it; `due` are the predictions past their deadline."""

    table: TickTable
    predictions: int
    pairs: int
    due: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Summed) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers)

    @property
    def _numbers(self) -> tuple[object, ...]:
        columns = (self.table.ticks, self.table.weight, self.table.weight_yes)
        rows = tuple(tuple(column.tolist()) for column in columns)
        return rows, self.predictions, self.pairs, self.due


def summed(query: CalibrationQuery, table: TickTable | None = None) -> Summed:
    """What `query` sums to: a few cells where a roll-up holds them, else the fact rows of its rarest filter.

    `table` is its tick table, where that is at hand.
    """
    return from_cells(query, table) if query.is_rolled_up else from_facts(query)


def from_cells(query: CalibrationQuery, table: TickTable | None = None) -> Summed:
    """ValueError where no roll-up holds the query."""
    if not query.is_rolled_up:
        raise ValueError("query must be one that cells hold")
    counts = _cells(ScopeCount.objects.all(), query).filter(basis=query.basis)
    return Summed(
        cell_table(query) if table is None else table,
        **counts.aggregate(
            due=Sum("predictions", filter=Q(cohort=Cohort.DUE), default=0),  # first: the next one hides the column
            predictions=Sum("predictions", default=0),
            pairs=Sum("pairs", default=0),
        ),
    )


def cell_table(query: CalibrationQuery) -> TickTable:
    """The ticks of a query that cells hold."""
    return _table(_cells(CalibrationCell.objects.all(), query).filter(basis__in=query.bases))


def from_facts(query: CalibrationQuery) -> Summed:
    """Every query can be answered so; the cost is that of the fact rows that it names."""
    rows = fact_rows(query)
    pairs = rows.order_by().values("prediction", "forecaster", "cohort").distinct()
    counts = pairs.aggregate(
        pairs=Count("*"),
        predictions=Count("prediction", distinct=True),
        due=Count("prediction", distinct=True, filter=Q(cohort=Cohort.DUE)),
    )
    return Summed(_table(rows), **counts)


def fact_rows(query: CalibrationQuery) -> QuerySet[FactRow]:
    """The fact rows that `query` sums."""
    rows = counted(FactRow.objects.all(), query).filter(kind=query.kind)
    if query.lead:
        rows = rows.filter(lead_band=query.lead)
    return _months(rows, query)


def counted(rows: QuerySet[M], query: CalibrationQuery) -> QuerySet[M]:
    """Scores or fact rows of the query's forecaster, topic, article, counting, cohort, track and basis.

    What we derive ourselves counts only where it is asked for by name.
    """
    rows = rows.filter(counting=query.counting, track=query.track, cohort__in=query.cohorts, basis__in=query.bases)
    if query.topic:
        rows = rows.filter(prediction__topics=query.topic.pk)
    if query.article:
        rows = rows.filter(prediction__article=query.article.pk)
    if query.forecaster:
        return rows.filter(forecaster=query.forecaster.pk)
    return rows.exclude(forecaster__in=list(Forecaster.objects.derived().values_list("pk", flat=True)))


def _cells(rows: QuerySet[M], query: CalibrationQuery) -> QuerySet[M]:
    scope, scope_id = query.scope
    return _months(
        rows.filter(
            scope=scope,
            scope_id=scope_id,
            lead_band=query.lead,
            kind=query.kind,
            counting=query.counting,
            track=query.track,
            cohort__in=query.cohorts,
        ),
        query,
    )


def _months(rows: QuerySet[M], query: CalibrationQuery) -> QuerySet[M]:
    if query.since:
        rows = rows.filter(month__gte=query.since)
    return rows.filter(month__lte=query.until) if query.until else rows


def _table(rows: QuerySet[Any]) -> TickTable:
    """The tick table of cells or fact rows."""
    return TickTable.from_rows(rows.order_by("tick").values_list("tick").annotate(Sum("weight"), Sum("weight_yes")))
