"""What a score would be, had everything unsettled gone one way: the honest range beside each headline."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from forecasts.models import Prediction, PredictionKind, PredictionStatus, Scope
from forecasts.scoring.rules import TICKS
from forecasts.scoring.settlement import Line, settle_scores

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
    overdue = rows.overdue(now)
    void = rows.filter(status=PredictionStatus.VOID)
    return Bounds(
        *_both(query, overdue, brier_numerator, weight),
        *_both(query, void, brier_numerator, weight),
    )


def _both(
    query: CalibrationQuery, predictions: Iterable[Prediction], numerator: int, weight: int
) -> tuple[float | None, float | None]:
    no, yes = (_with(query, list(predictions), numerator, weight, happened) for happened in (False, True))
    return no, yes


def _with(
    query: CalibrationQuery, predictions: list[Prediction], numerator: int, weight: int, happened: bool
) -> float | None:
    added = [line for line in _lines(query, predictions, happened) if line.basis in query.bases]
    total = weight + sum(line.weight for line in added)
    if not added or not total:
        return None
    return (numerator + sum(line.brier_sum for line in added)) / (total * TICKS**2)


def _lines(query: CalibrationQuery, predictions: list[Prediction], happened: bool) -> Iterable[Line]:
    narrow = {"forecaster_id": query.scope_id} if query.scope == Scope.FORECASTER else {}
    forecasts = recorded_forecasts([row.pk for row in predictions], **narrow)
    for row in predictions:
        known = row.current_resolution.known_at if row.current_resolution else row.clock_closes_at
        window = window_of(row, known) if known else None
        if window is None:
            continue
        for line in settle_scores(
            forecasts[row.pk], window, happened=happened, cannot_resolve_early=row.cannot_resolve_early
        ):
            if (line.track, line.counting) == (query.track, query.counting):
                yield line
