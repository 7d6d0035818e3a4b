"""Forecasts on public predictions, the latest recorded first."""

from collections.abc import Mapping

from django.db.models import QuerySet

from forecasts.errors import Refused
from forecasts.models import Forecast

FILTERS = {"prediction": "prediction__slug", "forecaster": "forecaster__slug"}


def forecast_list(parameters: Mapping[str, str]) -> QuerySet[Forecast]:
    """Filtered by slugs. Raises Refused for an unknown parameter."""
    rows = Forecast.objects.filter(prediction__published_at__isnull=False)
    for name, value in parameters.items():
        if name not in FILTERS:
            raise Refused(name, value, f"the filters are {', '.join(FILTERS)}")
        if value:
            rows = rows.filter(**{FILTERS[name]: value})
    return rows.select_related("prediction", "forecaster", "article").order_by("-id")
