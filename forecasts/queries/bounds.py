"""What a score would be, had everything unsettled gone one way: the honest range beside each headline."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from forecasts.models import NO, Forecaster, Prediction, PredictionKind, PredictionStatus
from forecasts.scoring.rules import TICKS
from forecasts.scoring.settlement import TRACKS, Lines
from forecasts.scoring.timeline import LEAD_BANDS

from .cases import BASES, lines_of
from .denominators import predictions_of
from .outcomes import Case
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
    is_void, late = Q(status=PredictionStatus.VOID), (PredictionStatus.OPEN, PredictionStatus.CLOSED)
    rows = list(
        predictions_of(query)
        .filter(is_void | Q(status__in=late, resolves_by__lt=now), clock_opens_at__isnull=False)
        .select_related("current_resolution")
    )
    void = np.array([row.status == PredictionStatus.VOID for row in rows], dtype=bool)
    found = _unsettled(query, rows, now)

    def mean(chosen: NDArray[np.bool_], outcome: int) -> float | None:
        """With what the chosen predictions would add to the sums of `query`."""
        facts = found[:, chosen[found[0]]]
        if not (total := sum(facts[2].tolist())):
            return None
        added = sum((facts[2] * (facts[1] - TICKS * outcome) ** 2).tolist())
        return float((brier_numerator + added) / ((weight + total) * TICKS**2))

    return Bounds(mean(~void, 0), mean(~void, 1), mean(void, 0), mean(void, 1))


def _unsettled(query: CalibrationQuery, rows: Sequence[Prediction], now: dt.datetime) -> NDArray[np.int64]:
    """Number of the row, tick and weight of every fact that settling `rows` would add, whatever the outcome."""
    cases = [Case(row, _known(row), NO) for row in rows]
    is_derived = bool(query.forecaster and query.forecaster.is_derived)
    for lines in lines_of(cases, derive=is_derived) if cases else ():
        if lines.counting == query.counting:
            facts, there = lines.facts, _asked(query, lines)
            return np.stack([lines.prediction[facts.line], facts.tick, facts.weight])[:, there]
    return np.empty((3, 0), dtype=np.int64)


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
    return np.asarray(there)
