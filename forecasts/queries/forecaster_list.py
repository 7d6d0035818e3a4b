"""Everybody whose forecasts are kept, and how many of their predictions are settled past the deadline."""

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from forecasts.models import EXPLICIT, Basis, Cohort, Forecaster, Scope, ScopeCount, Track

from .public import public_forecasters


def forecaster_list() -> QuerySet[Forecaster]:
    """Forecasters with a forecast, the most settled predictions (on all tracks) first, as `.settled`; ours last."""
    counts = ScopeCount.objects.filter(
        scope=Scope.FORECASTER,
        scope_id=OuterRef("pk"),
        lead_band="",
        counting="first",
        cohort=Cohort.DUE,
        track=Track.ALL,
        basis__in=(EXPLICIT, Basis.IMPLIED),
    )
    total = counts.order_by().values("scope_id").annotate(total=Sum("predictions")).values("total")
    return (
        public_forecasters()
        .filter(merged_into__isnull=True)
        .annotate(settled=Coalesce(Subquery(total), 0))
        .alias(is_derived=Q(pk__in=Forecaster.objects.derived()))
        .order_by("is_derived", "-settled", "name", "pk")
    )
