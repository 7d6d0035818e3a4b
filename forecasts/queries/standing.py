"""What should stand for settled predictions, computed from forecasts and the current resolutions alone."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from forecasts.models import YES, Cohort, FactRow, Prediction, PredictionKind, Resolution, Score
from forecasts.scoring import ENGINE
from forecasts.scoring.settlement import TRACKS, Facts, Lines
from forecasts.scoring.timeline import LEAD_BANDS

from .cases import BASES, lines_of
from .outcomes import Case

EXACT_TO = 9  # decimals to which stored scores are rounded


class ScoreLine(NamedTuple):
    """The columns of a Score, which is more than can be made of one in the time."""

    prediction_id: int
    resolution_id: int
    track: str
    counting: str
    basis: str
    cohort: str
    happened: bool | None
    engine: str
    forecaster_id: int
    weight: int
    coverage: int
    log_sum: int
    baseline: float
    brier_sum: int | None = None
    rps_sum: int | None = None
    spherical_sum: float | None = None
    crps_sum: float | None = None
    peer: float | None = None
    tick: int | None = None
    pit_low: float | None = None
    pit_high: float | None = None


class FactLine(NamedTuple):
    """The columns of a FactRow."""

    prediction_id: int
    resolution_id: int
    forecaster_id: int
    counting: str
    lead_band: str
    kind: str
    cohort: str
    track: str
    basis: str
    month: dt.date
    tick: int
    n: int
    weight: int
    weight_yes: int


@dataclass(frozen=True)
class Standing:
    """What should stand."""

    scores: list[ScoreLine] = field(default_factory=list)
    facts: list[FactLine] = field(default_factory=list)


def stored_scores(predictions: Sequence[Prediction]) -> list[ScoreLine]:
    """What does stand."""
    rows = Score.objects.filter(prediction__in=predictions).values_list(*ScoreLine._fields)
    return [ScoreLine(*row) for row in rows]


def stored_facts(predictions: Sequence[Prediction]) -> list[FactLine]:
    rows = FactRow.objects.filter(prediction__in=predictions).values_list(*FactLine._fields)
    return [FactLine(*row) for row in rows]


def standing_of(predictions: Sequence[Prediction]) -> Standing:
    """Scores and facts of `predictions` computed from scratch; none of one that is not resolved with an outcome."""
    found = Standing()
    for cases in _alike(filter(None, map(_case, predictions))):
        for lines in lines_of(cases):
            settled = [(case.prediction, case.resolution) for case in cases]
            found.scores.extend(_scores(settled, lines))
            found.facts.extend(_facts(settled, lines))
    return found


@dataclass(frozen=True)
class _Settled(Case):
    resolution: Resolution = field(kw_only=True)


def _case(prediction: Prediction) -> _Settled | None:
    """The case of a prediction that is resolved with an outcome and has taken a forecast."""
    resolution = prediction.current_resolution
    if resolution is None or resolution.is_void or prediction.clock_opens_at is None:
        return None
    return _Settled(prediction, resolution.known_at, resolution.outcome, resolution.pk, resolution=resolution)


def _alike(cases: Iterable[_Settled]) -> Iterator[list[_Settled]]:
    """Yes-or-no predictions are settled together, every other by itself."""
    binary: list[_Settled] = []
    for case in cases:
        if case.prediction.kind == PredictionKind.BINARY:
            binary.append(case)
        else:
            yield [case]
    if binary:
        yield binary


def _scores(settled: Sequence[tuple[Prediction, Resolution]], lines: Lines) -> Iterator[ScoreLine]:
    given: dict[str, list[Any]] = {
        "forecaster_id": lines.forecaster.tolist(),
        "weight": lines.weight.tolist(),
        "coverage": lines.coverage.tolist(),
        **{f"{rule}_sum": _stored(column) for rule, column in lines.sums.items()},
        **{name: _stored(column) for name, column in (*lines.rewards.items(), *lines.kept.items())},
    }
    heads = [
        (prediction.pk, resolution.pk, str(_cohort(prediction)), _happened(prediction, resolution))
        for prediction, resolution in settled
    ]
    shared = zip(lines.prediction.tolist(), lines.track.tolist(), lines.basis.tolist(), strict=True)
    for (place, track, basis), *values in zip(shared, *given.values(), strict=True):
        prediction, resolution, cohort, happened = heads[place]
        yield ScoreLine(
            prediction, resolution, TRACKS[track], lines.counting, BASES[basis], cohort, happened, str(ENGINE),
            **dict(zip(given, values, strict=True)),
        )  # fmt: skip


def _stored(column: np.ndarray[Any, Any]) -> list[Any]:
    """Integers as they are, floats to a billionth; never a negative zero."""
    return list((column if column.dtype.kind == "i" else np.round(column, EXACT_TO) + 0.0).tolist())


def _happened(prediction: Prediction, resolution: Resolution) -> bool | None:
    return resolution.outcome == YES if prediction.kind == PredictionKind.BINARY else None


def _cohort(prediction: Prediction) -> Cohort:
    return Cohort.DUE if prediction.due_at else Cohort.EARLY


def _facts(settled: Sequence[tuple[Prediction, Resolution]], lines: Lines) -> Iterator[FactLine]:
    facts: Facts = lines.facts
    whose = (column[facts.line].tolist() for column in (lines.prediction, lines.forecaster, lines.track, lines.basis))
    what = (column.tolist() for column in (facts.lead_band, facts.tick, facts.n, facts.weight, facts.weight_yes))
    heads = [
        (prediction.pk, resolution.pk, prediction.kind, str(_cohort(prediction)), deadline_month(prediction))
        for prediction, resolution in settled
    ]
    for place, forecaster, track, basis, band, *sums in zip(*whose, *what, strict=True):
        prediction, resolution, kind, cohort, month = heads[place]
        yield FactLine(
            prediction, resolution, forecaster, lines.counting, LEAD_BANDS[band], kind, cohort, TRACKS[track],
            BASES[basis], month, *sums,
        )  # fmt: skip


def deadline_month(prediction: Prediction) -> dt.date:
    """The first day of the month of the latest deadline ever in force."""
    deadline = prediction.latest_deadline or prediction.resolves_by
    if deadline is None:
        raise ValueError(f"prediction {prediction.pk} is settled but never had a deadline")
    return deadline.astimezone(dt.UTC).date().replace(day=1)
