"""From which score on a ranking is shown, and the reviews that it is learnt from."""

from forecasts.evidence.threshold import Reviewed
from forecasts.models import AlertThreshold, Finding, FoundBy, Review


def alert_threshold(version: str, shipped: float) -> float:
    """The newest threshold learnt for a version of the ranking, 0 to 1; until there is one, that which it came with."""
    newest = AlertThreshold.objects.filter(version=version).values_list("threshold", flat=True).first()
    return shipped if newest is None else newest


def reviewed_scores(version: str) -> list[Reviewed]:
    """The score of every finding by that version of the ranking that editors reviewed, and whether they accepted it.

    The version ends the finding's explanation.
    """
    rows = Finding.objects.filter(found_by=FoundBy.RANKING, why__endswith=f"({version})").exclude(review=Review.NEW)
    found = rows.order_by("pk").values_list("relevance", "review")
    return [(relevance / 1000, review == Review.ACCEPTED) for relevance, review in found]
