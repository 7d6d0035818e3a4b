"""Whether a way of counting is valid for a query."""

from forecasts.errors import CountingNotValid
from forecasts.models import Scope, Score
from forecasts.scoring.settlement import COUNTINGS

from .denominators import predictions_of
from .scope import CalibrationQuery

LAST = "last"


def check_counting(query: CalibrationQuery) -> None:
    """Raises CountingNotValid for `last` unless every counted prediction could only resolve at its deadline.

    Where yes may come early, the last forecast is one of those made just before the outcome was known.
    """
    if query.counting != LAST:
        return
    others = ", ".join(counting for counting in COUNTINGS if counting != LAST)
    if not predictions_of(query).filter(cannot_resolve_early=True).exists():
        raise CountingNotValid(
            "counting", LAST, f"no prediction here is marked as unable to resolve early; give one of {others}"
        )
    if _counts_one_that_may_resolve_early(query):
        raise CountingNotValid("counting", LAST, f"some predictions here could resolve early; give one of {others}")


def _counts_one_that_may_resolve_early(query: CalibrationQuery) -> bool:
    """Such a prediction has no score of `last`, so it is looked for among those counted by the first forecast."""
    rows = Score.objects.filter(
        counting="first",
        track=query.track,
        cohort__in=query.cohorts,
        basis__in=query.bases,
        prediction__cannot_resolve_early=False,
    )
    if query.scope == Scope.FORECASTER:
        rows = rows.filter(forecaster_id=query.scope_id)
    if query.scope == Scope.TOPIC:
        rows = rows.filter(prediction__topics=query.scope_id)
    return rows.exists()
