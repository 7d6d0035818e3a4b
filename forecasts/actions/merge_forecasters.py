"""Say that two names are one forecaster. Both names stay; the scores go to the one that is kept."""

import datetime as dt

from django.db.models import Q

from forecasts.errors import Refused
from forecasts.ledger.append import By, append
from forecasts.models import EntryKind, Forecaster, ForecasterKind

from .base import action, require
from .made import merged


@action
def merge_forecasters(*, forecaster: Forecaster, into: Forecaster, at: dt.datetime, by: By) -> Forecaster:
    """Credit everything by `forecaster`, and by whoever was merged into it, to `into`. Forecasts stay as they are.

    Raises Refused for a crowd or a baseline, for a row and itself, and for one that was merged already.
    """
    require(by, "keep_predictions", "merge forecasters")
    concerned = Q(pk__in=(forecaster.pk, into.pk)) | Q(merged_into=forecaster.pk)
    locked = Forecaster.objects.select_for_update(no_key=True).filter(concerned).order_by("pk")
    rows = {row.pk: row for row in locked}
    gone, kept = rows[forecaster.pk], rows[into.pk]
    for field, row in (("forecaster", gone), ("into", kept)):
        if ForecasterKind(row.kind).is_derived:
            raise Refused(field, row.slug, "crowds and baselines are computed; give another forecaster")
        if row.merged_into:
            raise Refused(field, row.slug, f"it was merged already; use {row.merged_into.slug}")
    if gone == kept:
        raise Refused("into", kept.slug, "give another forecaster than the one that is merged")
    with merged(gone.pk, kept.pk):
        Forecaster.objects.filter(Q(pk=gone.pk) | Q(merged_into=gone)).update(merged_into=kept)
    gone.refresh_from_db()
    append(
        EntryKind.FORECASTER_MERGED,
        subject=f"forecaster:{gone.pk}",
        content={"slug": gone.slug, "into": kept.slug},
        at=at,
        by=by,
    )
    return gone
