"""Who and what is public because a public prediction leads there. (Articles: `article_page`.)"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from forecasts.models import EvidenceSource, FactRow, Forecast, Forecaster, Prediction, PredictionGroup, Watch


def public_forecasters() -> QuerySet[Forecaster]:
    """Those with a forecast on a public prediction; crowds and baselines once they have a score."""
    by_any_name = Q(forecaster=OuterRef("pk")) | Q(forecaster__merged_into=OuterRef("pk"))
    said = Forecast.objects.filter(by_any_name, prediction__published_at__isnull=False)
    scored = FactRow.objects.filter(forecaster=OuterRef("pk"))
    return Forecaster.objects.filter(Exists(said) | (Q(pk__in=Forecaster.objects.derived()) & Exists(scored)))


def public_groups() -> QuerySet[PredictionGroup]:
    return PredictionGroup.objects.filter(Exists(Prediction.objects.public().filter(group=OuterRef("pk"))))


def public_sources() -> QuerySet[EvidenceSource]:
    """Sources that a public prediction is watched over."""
    watched = Watch.objects.filter(source=OuterRef("pk"), prediction__published_at__isnull=False)
    return EvidenceSource.objects.filter(Exists(watched))
