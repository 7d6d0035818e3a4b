"""Everybody whose forecasts are kept, and how many of their predictions are settled past the deadline."""

from django.db.models import Q, QuerySet

from forecasts.models import Forecaster, Scope

from .public import public_forecasters
from .settled import settled


def forecaster_list() -> QuerySet[Forecaster]:
    """Forecasters with a forecast, the most settled predictions (on all tracks) first, as `.settled`; ours last."""
    return (
        public_forecasters()
        .filter(merged_into__isnull=True)
        .annotate(settled=settled(Scope.FORECASTER))
        .alias(is_derived=Q(pk__in=Forecaster.objects.derived()))
        .order_by("is_derived", "-settled", "name", "pk")
    )
