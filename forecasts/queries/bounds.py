"""What a score would be, had everything unsettled gone one way: the honest range beside each headline."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasts.models import Forecaster, Prediction, PredictionKind, PredictionStatus
from forecasts.scoring.rules import TICKS
from forecasts.scoring.settlement import TRACKS, Lines
from forecasts.scoring.timeline import LEAD_BANDS

from .cases import BASES, lines_of
from .denominators import predictions_of
from .outcomes import NO, YES, Case
from .scope import CalibrationQuery


@dataclass(frozen=True)
class Bounds:
    """Mean Brier scores with the overdue, or the void, counted as if all had been no, and all yes; None without any."""

    overdue_no: float | None = None
    overdue_yes: float | None = None
    void_no: float | None = None
    void_yes: float | None = None


def bounds(query: CalibrationQuery, brier_numerator: int, weight: int, now: dt.datetime) -> Bounds:
    """`brier_numerator` (1e-8) and `weight` are the sums of what is settled. Only of yes-or-no predictions."""
    if query.kind != PredictionKind.BINARY:
        return Bounds()
    rows = predictions_of(query).filter(clock_opens_at__isnull=False).select_related("current_resolution")
    overdue = rows.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED), resolves_by__lt=now)
    void = rows.filter(status=PredictionStatus.VOID)
    return Bounds(
        *_both(query, list(overdue), brier_numerator, weight, now),
        *_both(query, list(void), brier_numerator, weight, now),
    )


def _both(
    query: CalibrationQuery, predictions: Sequence[Prediction], numerator: int, weight: int, now: dt.datetime
) -> tuple[float | None, float | None]:
    no, yes = (_with(query, predictions, outcome, numerator, weight, now) for outcome in (NO, YES))
    return no, yes


def _with(
    query: CalibrationQuery,
    predictions: Sequence[Prediction],
    outcome: str,
    numerator: int,
    weight: int,
    now: dt.datetime,
) -> float | None:
    """The mean Brier score with what unsettled predictions would add to the sums of `query`."""
    cases = [Case(row, _known(row), outcome, now) for row in predictions]
    total = 0
    for lines in lines_of(cases) if cases else ():
        if lines.counting == query.counting:
            facts = lines.facts
            there = _asked(query, lines)
            missed = facts.tick - TICKS * (outcome == YES)
            numerator += sum((facts.weight * missed**2)[there].tolist())
            total += sum(facts.weight[there].tolist())
    return numerator / ((weight + total) * TICKS**2) if total else None


def _known(row: Prediction) -> dt.datetime:
    """When it was found void; of an overdue one the close."""
    known = row.current_resolution.known_at if row.current_resolution else row.clock_closes_at
    if known is None:
        raise ValueError(f"prediction {row.pk} has a clock without a close")
    return known


def _asked(query: CalibrationQuery, lines: Lines) -> NDArray[np.bool_]:
    """Which fact rows are those of the query's track, basis, forecaster and lead band."""
    bases = [BASES.index(basis) for basis in query.bases]
    asked = (lines.track == TRACKS.index(query.track)) & np.isin(lines.basis, bases)
    if query.forecaster:
        asked &= lines.forecaster == query.forecaster.pk
    else:
        asked &= ~np.isin(lines.forecaster, list(Forecaster.objects.derived().values_list("pk", flat=True)))
    there = asked[lines.facts.line]
    if query.lead:
        there = there & (lines.facts.lead_band == LEAD_BANDS.index(query.lead))
    return there
