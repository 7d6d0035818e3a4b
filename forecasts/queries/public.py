"""Who and what is public because a public prediction leads there. (Articles: `article_page`.)"""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from forecasts.models import DERIVED, EvidenceSource, FactRow, Forecast, Forecaster, Prediction, PredictionGroup, Watch


def public_forecasters() -> QuerySet[Forecaster]:
    """Those with a forecast on a public prediction; crowds and baselines once they have a score."""
    said = Forecast.objects.filter(prediction__published_at__isnull=False)
    # Each the first in the order of an index that begins with the forecaster: asked whether there is any, PostgreSQL
    # reads from the start of the table, and whoever came last stands at its end.
    first = said.filter(forecaster=OuterRef("pk")).order_by("external_id")
    scored = FactRow.objects.filter(forecaster=OuterRef("pk"), forecaster__kind__in=DERIVED).order_by("track")
    rows = Forecaster.objects.alias(
        said=Subquery(first.values("pk")[:1]),
        scored=Subquery(scored.values("pk")[:1]),
    )
    by_another_name = Exists(said.filter(forecaster__merged_into=OuterRef("pk")))
    return rows.filter(Q(said__isnull=False) | Q(scored__isnull=False) | by_another_name)


def public_groups() -> QuerySet[PredictionGroup]:
    return PredictionGroup.objects.filter(Exists(Prediction.objects.public().filter(group=OuterRef("pk"))))


def public_sources() -> QuerySet[EvidenceSource]:
    """Sources that a public prediction is watched over."""
    watched = Watch.objects.filter(source=OuterRef("pk"), prediction__published_at__isnull=False)
    return EvidenceSource.objects.filter(Exists(watched))
