"""What should stand for a prediction, computed from its forecasts and its current resolution alone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from forecasts.models import Cohort, FactRow, Forecast, Prediction, PredictionKind, Resolution, Score
from forecasts.scoring import ENGINE
from forecasts.scoring.settlement import Line, Recorded, settle_scores
from forecasts.scoring.values import Window

YES, NO = "yes", "no"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def microseconds(at: dt.datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - EPOCH) // dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Standing:
    """What should stand for a prediction: unsaved scores and fact rows."""

    scores: list[Score]
    facts: list[FactRow]


def standing_of(prediction: Prediction) -> Standing:
    """Scores and facts of `prediction` computed from scratch; empty unless it is resolved yes or no."""
    resolution = prediction.current_resolution
    if resolution is None or resolution.is_void or prediction.kind != PredictionKind.BINARY:
        return Standing([], [])
    window = window_of(prediction, resolution.known_at)
    if window is None:
        return Standing([], [])
    lines = settle_scores(
        recorded_forecasts([prediction.pk])[prediction.pk],
        window,
        happened=resolution.outcome == YES,
        cannot_resolve_early=prediction.cannot_resolve_early,
    )
    cohort = Cohort.DUE if prediction.due_at else Cohort.EARLY
    return Standing(
        scores=[_score(prediction, resolution, line, cohort) for line in lines],
        facts=[fact for line in lines for fact in _facts(prediction, resolution, line, cohort)],
    )


def window_of(prediction: Prediction, known_at: dt.datetime) -> Window | None:
    """When forecasts counted, had the outcome become known at `known_at`; None before the first forecast."""
    opens, closes = prediction.clock_opens_at, prediction.clock_closes_at
    if opens is None or closes is None:
        return None
    return Window(opens_at=microseconds(opens), closes_at=microseconds(closes), known_at=microseconds(known_at))


def recorded_forecasts(prediction_ids: Iterable[int], **narrow: int) -> dict[int, list[Recorded]]:
    """The forecasts of each prediction as scoring takes them; `narrow` filters, by forecaster for one."""
    rows = Forecast.objects.filter(prediction_id__in=list(prediction_ids), **narrow).order_by("id")
    found: dict[int, list[Recorded]] = defaultdict(list)
    for prediction, forecaster, issued, stands, recorded, pk, tick, basis, provenance in rows.values_list(
        "prediction_id",
        "forecaster_id",
        "issued_at",
        "stands_from",
        "recorded_at",
        "id",
        "tick",
        "basis",
        "provenance",
    ):
        times = (microseconds(issued), microseconds(stands), microseconds(recorded))
        found[prediction].append(Recorded(forecaster, *times, pk, tick, basis, provenance))
    return found


def _score(prediction: Prediction, resolution: Resolution, line: Line, cohort: str) -> Score:
    return Score(
        prediction=prediction,
        forecaster_id=line.forecaster,
        resolution=resolution,
        track=line.track,
        counting=line.counting,
        basis=line.basis,
        cohort=cohort,
        tick=line.tick,
        happened=resolution.outcome == YES,
        weight=line.weight,
        brier_sum=line.brier_sum,
        log_sum=line.log_sum,
        coverage=line.coverage,
        engine=str(ENGINE),
    )


def _facts(prediction: Prediction, resolution: Resolution, line: Line, cohort: str) -> Iterable[FactRow]:
    deadline = prediction.latest_deadline or prediction.resolves_by
    if deadline is None:
        return
    month = deadline.astimezone(dt.UTC).date().replace(day=1)
    for fact in line.facts:
        yield FactRow(
            prediction=prediction,
            resolution=resolution,
            forecaster_id=line.forecaster,
            counting=line.counting,
            lead_band=fact.lead_band,
            cohort=cohort,
            track=line.track,
            basis=line.basis,
            month=month,
            tick=fact.tick,
            n=fact.n,
            weight=fact.weight,
            weight_yes=fact.weight if resolution.outcome == YES else 0,
        )
