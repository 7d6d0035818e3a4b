"""Score one prediction as it stands: scores, fact rows and calibration cells move together, or not at all.

State-based: what should stand is computed from forecasts and the current resolution, and only the difference to what
does stand is applied. A second run changes nothing, so a doubled or late delivery is harmless.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from forecasts.models import (
    Cohort,
    Cursor,
    CursorName,
    FactRow,
    Prediction,
    PredictionKind,
    Score,
)
from forecasts.scoring.settlement import ENGINE, Line, Recorded, settle_scores
from forecasts.scoring.values import Window

from .base import action
from .cells import Movement
from .values import YES, microseconds

@dataclass(frozen=True)
class Standing:
    """What should stand for a prediction: unsaved scores and fact rows."""

    scores: list[Score]
    facts: list[FactRow]


def standing_of(prediction: Prediction) -> Standing:
    """Scores and facts of `prediction` computed from scratch; empty unless it is resolved yes or no."""
    resolution = prediction.current_resolution
    if (
        resolution is None
        or resolution.is_void
        or prediction.kind != PredictionKind.BINARY
        or prediction.clock_opens_at is None
        or prediction.clock_closes_at is None
        or prediction.latest_deadline is None
    ):
        return Standing([], [])
    window = Window(
        opens_at=microseconds(prediction.clock_opens_at),
        closes_at=microseconds(prediction.clock_closes_at),
        known_at=microseconds(resolution.known_at),
    )
    happened = resolution.outcome == YES
    lines = settle_scores(
        recorded_forecasts(prediction),
        window,
        happened=happened,
        cannot_resolve_early=prediction.cannot_resolve_early,
    )
    cohort = Cohort.DUE if prediction.due_at else Cohort.EARLY
    return Standing(
        scores=[_score(prediction, line, cohort, happened) for line in lines],
        facts=[fact for line in lines for fact in _facts(prediction, line, cohort, happened)],
    )


def recorded_forecasts(prediction: Prediction) -> Iterable[Recorded]:
    rows = prediction.forecasts.order_by("id").values_list(
        "forecaster_id", "issued_at", "stands_from", "recorded_at", "id", "tick", "basis", "provenance"
    )
    for forecaster, issued, stands, recorded, pk, tick, basis, provenance in rows:
        times = (microseconds(issued), microseconds(stands), microseconds(recorded))
        yield Recorded(forecaster, *times, pk, tick, basis, provenance)


def _score(prediction: Prediction, line: Line, cohort: str, happened: bool) -> Score:
    return Score(
        prediction=prediction,
        forecaster_id=line.forecaster,
        resolution_id=prediction.current_resolution_id,
        track=line.track,
        counting=line.counting,
        basis=line.basis,
        cohort=cohort,
        tick=line.tick,
        happened=happened,
        weight=line.weight,
        brier_sum=line.brier_sum,
        log_sum=line.log_sum,
        coverage=line.coverage,
        engine=ENGINE,
    )


def _facts(prediction: Prediction, line: Line, cohort: str, happened: bool) -> Iterable[FactRow]:
    assert prediction.latest_deadline is not None  # noqa: S101 -- checked by standing_of
    month = prediction.latest_deadline.date().replace(day=1)
    for fact in line.facts:
        yield FactRow(
            prediction=prediction,
            resolution_id=prediction.current_resolution_id,
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
            weight_yes=fact.weight if happened else 0,
        )


@action
def score_prediction(*, prediction_id: int) -> int:
    """Bring the stored scores, facts and cells of a prediction to what should stand; returns the scores that stand.

    Runs one at a time under the scoring cursor's lock, because cells are read, changed and written.
    """
    Cursor.objects.select_for_update().get(name=CursorName.SCORING)
    prediction = Prediction.objects.select_related("current_resolution").get(pk=prediction_id)
    standing = standing_of(prediction)
    before = list(FactRow.objects.filter(prediction=prediction))
    topics = sorted(prediction.topics.values_list("pk", flat=True)) if standing.facts else []
    moved = Movement()
    moved.take(before, prediction.scored_topics, sign=-1)
    moved.take(standing.facts, topics, sign=+1)
    Score.objects.filter(prediction=prediction).delete()
    FactRow.objects.filter(prediction=prediction).delete()
    Score.objects.bulk_create(standing.scores)
    FactRow.objects.bulk_create(standing.facts)
    moved.apply()
    Prediction.objects.filter(pk=prediction.pk).update(scored_topics=topics)
    return len(standing.scores)
