"""What a score would be, had everything unsettled gone one way: the honest range beside each headline."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forecasts.models import Prediction, PredictionKind, PredictionStatus, Scope
from forecasts.scoring.rules import TICKS
from forecasts.scoring.settlement import Line, Recorded, settle_scores

from .denominators import predictions_of
from .scope import CalibrationQuery
from .standing import recorded_forecasts, window_of


@dataclass(frozen=True)
class Bounds:
    """Mean Brier scores with the overdue, or the void, counted as if all had been no, and all yes; None without any."""

    overdue_no: float | None = None
    overdue_yes: float | None = None
    void_no: float | None = None
    void_yes: float | None = None


def bounds(query: CalibrationQuery, brier_numerator: int, weight: int, now: dt.datetime) -> Bounds:
    """`brier_numerator` (1e-8) and `weight` are the sums of what is settled."""
    rows = predictions_of(query).filter(kind=PredictionKind.BINARY).select_related("current_resolution")
    overdue = rows.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED), resolves_by__lt=now)
    void = rows.filter(status=PredictionStatus.VOID)
    return Bounds(
        *_both(query, list(overdue), brier_numerator, weight),
        *_both(query, list(void), brier_numerator, weight),
    )


def _both(
    query: CalibrationQuery, predictions: list[Prediction], numerator: int, weight: int
) -> tuple[float | None, float | None]:
    narrow = {"forecaster_id": query.scope_id} if query.scope == Scope.FORECASTER else {}
    forecasts = recorded_forecasts([row.pk for row in predictions], **narrow) if predictions else {}
    no, yes = (
        _with([line for row in predictions for line in _lines(query, row, forecasts, happened)], numerator, weight)
        for happened in (False, True)
    )
    return no, yes


def _with(added: list[Line], numerator: int, weight: int) -> float | None:
    total = weight + sum(line.weight for line in added)
    if not added or not total:
        return None
    return (numerator + sum(line.brier_sum for line in added)) / (total * TICKS**2)


def _lines(
    query: CalibrationQuery, row: Prediction, forecasts: Mapping[int, list[Recorded]], happened: bool
) -> Iterator[Line]:
    """What an unsettled prediction would add to the sums of `query`."""
    known = row.current_resolution.known_at if row.current_resolution else row.clock_closes_at
    window = window_of(row, known) if known else None
    if window is None or row.pk not in forecasts:
        return
    for line in settle_scores(
        forecasts[row.pk], window, happened=happened, cannot_resolve_early=row.cannot_resolve_early
    ):
        if (line.track, line.counting) == (query.track, query.counting) and line.basis in query.bases:
            yield line
