"""Who and what is public because a public prediction leads there. (Articles: `article_page`.)"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from forecasts.models import EvidenceSource, FactRow, Forecast, Forecaster, Prediction, PredictionGroup, Watch


def public_forecasters() -> QuerySet[Forecaster]:
    """Those with a forecast on a public prediction; crowds and baselines once they have a score."""
    said = Forecast.objects.filter(prediction__published_at__isnull=False)
    by_any_name = [Exists(said.filter(**{name: OuterRef("pk")})) for name in ("forecaster", "forecaster__merged_into")]
    scored = Q(pk__in=Forecaster.objects.derived()) & Exists(FactRow.objects.filter(forecaster=OuterRef("pk")))
    return Forecaster.objects.filter(by_any_name[0] | by_any_name[1] | scored)


def public_groups() -> QuerySet[PredictionGroup]:
    return PredictionGroup.objects.filter(Exists(Prediction.objects.public().filter(group=OuterRef("pk"))))


def public_sources() -> QuerySet[EvidenceSource]:
    """Sources that a public prediction is watched over."""
    watched = Watch.objects.filter(source=OuterRef("pk"), prediction__published_at__isnull=False)
    return EvidenceSource.objects.filter(Exists(watched))
