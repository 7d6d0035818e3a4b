"""What was seen for a prediction, and what was seen for nobody."""

import datetime as dt

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from forecasts.models import EvidenceSource, Finding, Forecast, Prediction, SeriesPrint, Snapshot

CITING: tuple[tuple[type[Model], str], ...] = (
    (Finding, "snapshot"),
    (Forecast, "proof"),
    (SeriesPrint, "snapshot"),
    (EvidenceSource, "last_snapshot"),
    (EvidenceSource, "seen_once"),
)


def snapshots_of(prediction: Prediction) -> QuerySet[Snapshot]:
    """Snapshots that a finding, dismissed or not, or a forecast of the prediction rests on; the earliest first."""
    cited = Q(findings__prediction=prediction) | Q(forecast__prediction=prediction)
    return Snapshot.objects.filter(cited).distinct().order_by("fetched_at", "pk")


def uncited_snapshots(before: dt.datetime) -> QuerySet[Snapshot]:
    """Snapshots fetched before `before` on which nothing rests: only checks that brought them may point to them."""
    rows = Snapshot.objects.filter(fetched_at__lt=before)
    for model, field in CITING:
        rows = rows.exclude(Exists(model._default_manager.filter(**{field: OuterRef("pk")})))
    return rows.order_by("fetched_at", "pk")
