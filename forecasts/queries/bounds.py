"""What a score would be, had everything unsettled gone one way: the honest range beside each headline."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from forecasts.models import NO, Forecast, Forecaster, Prediction, PredictionKind, PredictionStatus
from forecasts.scoring.rules import TICKS
from forecasts.scoring.settlement import TRACKS, Lines
from forecasts.scoring.timeline import LEAD_BANDS

from .cases import BASES, SAID, lines_of, rows_of, settled_by
from .denominators import asked_about
from .outcomes import Case
from .scope import CalibrationQuery

CASE = (
    "pk", "status", "clock_opens_at", "clock_closes_at", "cannot_resolve_early", "current_resolution__known_at",
)  # fmt: skip


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
    cases, found = _unsettled(query, now)
    void = np.array([case.prediction.status == PredictionStatus.VOID for case in cases], dtype=bool)

    def mean(chosen: NDArray[np.bool_], outcome: int) -> float | None:
        """With what the chosen predictions would add to the sums of `query`."""
        facts = found[:, chosen[found[0]]]
        if not (total := sum(facts[2].tolist())):
            return None
        added = sum((facts[2] * (facts[1] - TICKS * outcome) ** 2).tolist())
        return float((brier_numerator + added) / ((weight + total) * TICKS**2))

    return Bounds(mean(~void, 0), mean(~void, 1), mean(void, 0), mean(void, 1))


def _unsettled(query: CalibrationQuery, now: dt.datetime) -> tuple[list[Case], NDArray[np.int64]]:
    """What is void or overdue; and number of the case, tick and weight of every fact that settling them would add,
    whatever the outcome.
    """
    is_derived = query.forecaster is not None and query.forecaster.is_derived
    cases, several = (_with_crowds if is_derived else _as_said)(query, now)
    for lines in several:
        if lines.counting == query.counting:
            facts, there = lines.facts, _asked(query, lines)
            return cases, np.stack([lines.prediction[facts.line], facts.tick, facts.weight])[:, there]
    return cases, np.empty((3, 0), dtype=np.int64)


def _predictions(query: CalibrationQuery, now: dt.datetime) -> QuerySet[Prediction]:
    is_void, late = Q(status=PredictionStatus.VOID), (PredictionStatus.OPEN, PredictionStatus.CLOSED)
    is_late = Q(status__in=late, resolves_by__lt=now)
    return asked_about(query).filter(is_void | is_late, clock_opens_at__isnull=False)


def _with_crowds(query: CalibrationQuery, now: dt.datetime) -> tuple[list[Case], tuple[Lines, ...]]:
    """A crowd follows from what everybody said."""
    cases = [_case(row) for row in _predictions(query, now).values_list(*CASE)]
    return cases, lines_of(cases) if cases else ()


def _as_said(query: CalibrationQuery, now: dt.datetime) -> tuple[list[Case], tuple[Lines, ...]]:
    """Forecasts with their predictions, in one query."""
    said = Forecast.objects.filter(prediction__in=_predictions(query, now))
    if query.forecaster:
        said = said.filter(forecaster__in=Forecaster.objects.counted_as(query.forecaster.pk))
    about = (f"prediction__{column}" for column in CASE)
    counts_as = Coalesce("forecaster__merged_into", "forecaster")
    rows: list[Any] = list(said.order_by("id").values_list(*SAID, counts_as, *about))
    cases = list({row[0]: _case(row[-len(CASE) :]) for row in rows}.values())
    people = {
        row[len(SAID) - 1]: (row[len(SAID)], False) for row in rows
    }  # nobody is pooled where no crowd is asked for
    found = rows_of(cases, [row[: len(SAID)] for row in rows], people)
    return cases, settled_by(cases, found, derive=False) if cases else ()


def _case(row: Sequence[Any]) -> Case:
    """Known when it was found void; of an overdue one, at the close."""
    pk, status, opens_at, closes_at, marked, known_at = row
    prediction = Prediction(
        pk=pk, status=status, clock_opens_at=opens_at, clock_closes_at=closes_at, cannot_resolve_early=marked
    )
    return Case(prediction, known_at or closes_at, NO)


def _asked(query: CalibrationQuery, lines: Lines) -> NDArray[np.bool_]:
    """Which fact rows are those of the query's track, basis, forecaster and lead band."""
    bases = [BASES.index(basis) for basis in query.bases]
    asked = (lines.track == TRACKS.index(query.track)) & np.isin(lines.basis, bases)
    if query.forecaster:
        asked &= lines.forecaster == query.forecaster.pk
    there = asked[lines.facts.line]
    if query.lead:
        there = there & (lines.facts.lead_band == LEAD_BANDS.index(query.lead))
    return np.asarray(there)
