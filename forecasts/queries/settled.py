"""How many predictions of a row's scope are settled past the deadline, as a column."""

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from forecasts.models import EXPLICIT, Basis, Cohort, Scope, ScopeCount, Track


def settled(scope: Scope) -> Coalesce:
    """On all tracks, of stated numbers and of wording; for annotating forecasters or topics."""
    counts = ScopeCount.objects.filter(
        scope=scope,
        scope_id=OuterRef("pk"),
        lead_band="",
        counting="first",
        cohort=Cohort.DUE,
        track=Track.ALL,
        basis__in=(EXPLICIT, Basis.IMPLIED),
    )
    total = counts.order_by().values("scope_id").annotate(total=Sum("predictions")).values("total")
    return Coalesce(Subquery(total), 0)
