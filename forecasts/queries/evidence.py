"""What was seen for a prediction."""

from django.db.models import Q, QuerySet

from forecasts.models import Prediction, Snapshot


def snapshots_of(prediction: Prediction) -> QuerySet[Snapshot]:
    """Snapshots that a finding, dismissed or not, or a forecast of the prediction rests on; the earliest first."""
    cited = Q(findings__prediction=prediction) | Q(forecast__prediction=prediction)
    return Snapshot.objects.filter(cited).distinct().order_by("fetched_at", "pk")
