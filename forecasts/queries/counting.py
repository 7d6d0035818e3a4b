"""Whether a way of counting is valid for a query."""

from dataclasses import replace

from forecasts.errors import CountingNotValid
from forecasts.models import Score
from forecasts.scoring.settlement import COUNTINGS

from .denominators import predictions_of
from .scope import CalibrationQuery
from .sums import counted

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
    rows = counted(Score.objects.all(), replace(query, counting="first"))
    return rows.filter(prediction__kind=query.kind, prediction__cannot_resolve_early=False).exists()
