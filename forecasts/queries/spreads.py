"""Numeric and date forecasts as scoring takes them: stored texts as numbers on one axis."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from forecasts.models import Prediction, PredictionKind
from forecasts.scoring.days import day_number
from forecasts.scoring.losses import Range


def range_of(prediction: Prediction) -> Range:
    """Where a numeric or date prediction's outcome may lie."""
    low, high = map(float, prediction.ends)
    is_date = prediction.kind == PredictionKind.DATE
    return Range(low, high, prediction.open_below, prediction.open_above or is_date, prediction.log_scale, is_date)


def points_of(value: Iterable[Sequence[Any]], within: Range) -> list[tuple[float, int]]:
    """A stored forecast as points on the axis, (x, tick)."""
    return [(number_of(x, within), tick) for x, tick in value]


def number_of(x: object, within: Range) -> float:
    """A number, or the place of a date on its axis."""
    if isinstance(x, int | float):
        return x  # a derived forecast is on the axis already
    return float(day_number(str(x)) if within.is_date else Decimal(str(x)))
