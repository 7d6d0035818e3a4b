"""What a score would be, had everything unsettled gone one way: the honest range beside each headline."""

import datetime as dt
from dataclasses import dataclass

from forecasts.models import PredictionKind
from forecasts.scoring.rules import TICKS

from .scope import CalibrationQuery
from .unsettled import Added, added


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

    def mean(more: Added, outcome: int) -> float | None:
        """With what these predictions would add to the sums of `query`."""
        if not more.weight:
            return None
        return float((brier_numerator + more.brier(outcome)) / ((weight + more.weight) * TICKS**2))

    overdue, void = added(query, now)
    return Bounds(mean(overdue, 0), mean(overdue, 1), mean(void, 0), mean(void, 1))
