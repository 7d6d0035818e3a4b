"""Skill: how much better than what could have been known beforehand, on the same predictions, at the same moments."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from forecasts.models import Forecaster, Score
from forecasts.scoring.uncertainty import LIST_BELOW, SCORES_BELOW

from .derived import BASE_RATE, CROWD, EVEN
from .elementary import compared
from .scope import CalibrationQuery
from .score_rows import Row, estimate

MEDIAN_CROWD = f"{CROWD}median"
CONSTANT = (EVEN, BASE_RATE)


def references(query: CalibrationQuery, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The Brier score of each reference less that of `rows`, where both exist, with its interval and the ratio.

    A baseline never changes, so it stood at whatever moment a forecast is counted. A crowd does: it is compared only
    where a counting looks at one moment for all, at a lead.
    """
    slugs = [*CONSTANT, *([MEDIAN_CROWD] if query.counting.startswith("lead:") else [])]
    whose = Forecaster.objects.filter(slug__in=slugs).exclude(pk=query.forecaster.pk if query.forecaster else 0)
    found = (_skill(query, row, rows) for row in whose.order_by("pk"))
    return [each for each in found if each]


def _skill(query: CalibrationQuery, reference: Forecaster, rows: Sequence[Row]) -> dict[str, Any] | None:
    scores = _scores(query, reference, {row.prediction for row in rows})
    both = [row for row in rows if row.prediction in scores and row.brier_sum is not None]
    predictions = len({row.prediction for row in both})
    if predictions < LIST_BELOW:
        return None
    ours = np.array([row.brier_sum or 0 for row in both]) / np.array([row.weight for row in both]) / 1e8
    theirs = np.array([scores[row.prediction][0] for row in both])
    weights = np.array([row.weight for row in both])
    reference_score = float(theirs @ weights / weights.sum())
    gain = estimate(both, ((theirs - ours) * weights).tolist()) or {}
    shows_curve = predictions >= SCORES_BELOW and "low" in gain
    return {
        "forecaster": reference.slug,
        "name": reference.name,
        "predictions": predictions,
        "forecasts": len(both),
        "reference": reference_score,
        "ratio": gain["value"] / reference_score if reference_score else None,
        **gain,
        "murphy": compared(both, [scores[row.prediction][1] for row in both]) if shows_curve else None,
    }


def _scores(
    query: CalibrationQuery, reference: Forecaster, predictions: set[int]
) -> dict[int, tuple[float, int | None]]:
    """The mean Brier score of the reference on each of the predictions, and what it said, if it was one thing."""
    scores = Score.objects.filter(
        forecaster=reference,
        prediction__in=predictions,
        track=query.track,
        counting=query.counting,
        cohort__in=query.cohorts,
        prediction__kind=query.kind,
        weight__gt=0,
        brier_sum__isnull=False,
    )
    found: Iterable[tuple[int, Any, int, int | None]] = scores.values_list("prediction", "brier_sum", "weight", "tick")
    return {prediction: (brier / (weight * 1e8), tick) for prediction, brier, weight, tick in found}
