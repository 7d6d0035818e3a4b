"""The biggest surprises: forecasts that the outcome contradicted most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forecasts.models import PredictionKind, Score
from forecasts.scoring.rules import TICKS

from .scope import CalibrationQuery
from .score_rows import Row
from .sums import counted
from .tables import Fact

MOST = 5
LOOKED_AT = 200  # of what is not stored: that many forecasters may all have missed one prediction
EVEN = 25_000_000  # the Brier score of even odds, in 1e-8: whoever said less than that of what happened is surprised

Worst = tuple[int, int, int, bool, int]
"""Keys of prediction and forecaster, tick, whether it happened, Brier score in 1e-8."""


@dataclass(frozen=True)
class Surprise:
    """What was said by whom, and what happened."""

    slug: str
    statement: str
    forecaster: str
    tick: int
    happened: bool
    brier: float

    @property
    def url(self) -> str:
        return f"/predictions/{self.slug}/"


def worst_of(rows: Sequence[Row]) -> list[Worst]:
    """The five worst of scores at hand, as they are stored."""
    missed = [row for row in rows if row.brier_sum is not None and row.brier_sum > EVEN and row.tick is not None]
    missed.sort(key=lambda row: (-(row.brier_sum or 0), row.prediction, row.forecaster))
    return _once(
        (row.prediction, row.forecaster, row.tick or 0, bool(row.happened), row.brier_sum or 0) for row in missed
    )


def _once(worst: Iterable[Worst]) -> list[Worst]:
    """Of each prediction the worst that was said."""
    first: dict[int, Worst] = {}
    for row in worst:
        first.setdefault(row[0], row)
        if len(first) == MOST:
            break
    return list(first.values())


def worst(query: CalibrationQuery, stored: Mapping[str, Any], facts: Iterable[Fact] | None) -> list[Worst]:
    """Of what `query` counts: as they were stored after scoring, among the facts at hand, or looked for."""
    if query.kind != PredictionKind.BINARY or query.counting == "time":
        return []
    if "surprises" in stored:
        return _once(tuple(row) for row in stored["surprises"])
    return _once(_looked_for(query) if facts is None else _among(facts))


def _among(facts: Iterable[Fact]) -> list[Worst]:
    """The worst first, in the order in which scores are looked for."""
    found = (
        (prediction, who, tick, yes > 0, (tick - TICKS * (yes > 0)) ** 2) for prediction, who, tick, _, yes in facts
    )
    return sorted((row for row in found if row[4] > EVEN), key=lambda row: (-row[4], *row[:2]))


def _looked_for(query: CalibrationQuery) -> Iterable[Any]:
    scores = counted(Score.objects.all(), query).filter(prediction__kind=query.kind, brier_sum__gt=EVEN)
    return scores.order_by("-brier_sum", "prediction_id", "forecaster_id").values_list(
        "prediction_id", "forecaster_id", "tick", "happened", "brier_sum"
    )[:LOOKED_AT]
