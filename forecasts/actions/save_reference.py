"""Save a forecaster, a topic or a group: the nouns that other rows point to."""

import datetime as dt
from typing import TypeVar

from forecasts.errors import Refused
from forecasts.ledger.append import By, append
from forecasts.models import DERIVED, EntryKind, Forecaster, PredictionGroup, Topic

from .base import action, require
from .unsettled import forget_crowds
from .values import require_text, require_valid

Reference = TypeVar("Reference", Forecaster, Topic, PredictionGroup)

_SAVED = {
    Forecaster: (EntryKind.FORECASTER_SAVED, ("slug", "name", "kind", "is_bot", "url", "bio", "reply", "reply_at")),
    Topic: (EntryKind.TOPIC_SAVED, ("slug", "name", "description")),
    PredictionGroup: (EntryKind.GROUP_SAVED, ("slug", "title", "kind")),
}


@action
def save_reference(*, row: Reference, at: dt.datetime, by: By) -> Reference:
    """Insert or change `row`. Raises Refused for an empty name, NotAllowed without the right."""
    require(by, "keep_predictions", f"save a {row._meta.verbose_name}")
    kind, fields = _SAVED[type(row)]
    require_text(fields[1], getattr(row, fields[1]), "give it a name")
    if isinstance(row, Forecaster):
        before = Forecaster.objects.select_for_update(no_key=True).filter(pk=row.pk).first()  # before the ledger's head
        _refuse_derived(row, before)
        row.reply_at = _replied_at(row, before, at)
        if before and before.is_in_peer_pool != row.is_in_peer_pool:
            forget_crowds(row.pk)
    require_valid(row)
    row.save()
    content = {field: getattr(row, field) for field in fields}
    append(kind, subject=f"{row._meta.model_name}:{row.pk}", content=content, at=at, by=by)
    return row


def _replied_at(row: Forecaster, before: Forecaster | None, at: dt.datetime) -> dt.datetime | None:
    """A reply is dated when it comes, and anew when it says something else."""
    if not row.reply:
        return None
    return before.reply_at if before and before.reply == row.reply else at


def _refuse_derived(row: Forecaster, before: Forecaster | None) -> None:
    """Crowds and baselines are ours, one row each from the start; nobody becomes one, and none becomes somebody."""
    if {before.kind if before else None, row.kind} & set(DERIVED):
        raise Refused("kind", str(row.kind), "crowds and baselines are computed and cannot be saved; give another kind")
