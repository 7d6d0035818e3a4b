"""What the desk suggests to an editor to begin with."""

from forecasts.evidence.suggest import suggest_groups
from forecasts.evidence.terms import Groups
from forecasts.evidence.words import Frequencies, terms
from forecasts.models import Prediction, PredictionStatus

COMPARED = 500  # latest open predictions among which a word is rare or not


def suggested_groups(prediction: Prediction) -> Groups:
    """Watch groups for a prediction: its first name, and the words that few other open predictions have."""
    unsettled = Prediction.objects.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    statements = unsettled.order_by("-pk").values_list("statement", flat=True)[:COMPARED]
    return suggest_groups(
        prediction.statement, prediction.criteria, Frequencies().grown([terms(text) for text in statements])
    )
