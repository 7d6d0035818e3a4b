"""The biggest surprises: forecasts that the outcome contradicted most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forecasts.models import Forecaster, Prediction, PredictionKind, Score

from .scope import CalibrationQuery
from .score_rows import Row
from .sums import counted

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


def surprises(query: CalibrationQuery, stored: Mapping[str, Any]) -> tuple[Surprise, ...]:
    """Of what `query` counts: as they were stored after scoring, or looked for where nothing is kept."""
    if query.kind != PredictionKind.BINARY or query.counting == "time":
        return ()
    worst: Iterable[Worst] = stored["surprises"] if "surprises" in stored else _worst(query)
    return _told(_once(worst))


def _worst(query: CalibrationQuery) -> Iterable[Any]:
    scores = counted(Score.objects.all(), query).filter(prediction__kind=query.kind, brier_sum__gt=EVEN)
    return scores.order_by("-brier_sum", "prediction_id", "forecaster_id").values_list(
        "prediction_id", "forecaster_id", "tick", "happened", "brier_sum"
    )[:LOOKED_AT]


def _told(worst: Sequence[Worst]) -> tuple[Surprise, ...]:
    predictions = Prediction.objects.in_bulk([row[0] for row in worst])
    people = Forecaster.objects.in_bulk([row[1] for row in worst])
    return tuple(
        Surprise(predictions[pk].slug, predictions[pk].statement, people[who].name, tick, happened, brier / 1e8)
        for pk, who, tick, happened, brier in worst
    )
