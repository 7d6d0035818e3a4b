"""Sums of what is void or overdue: kept until anything about its prediction changes."""

import datetime as dt
from collections.abc import Iterable, Sequence

from forecasts.models import LedgerHead, Prediction, UnsettledSum
from forecasts.queries.unsettled import Added, sums_by_prediction, unsettled

from .base import action
from .bulk import insert_rows

COLUMNS = ("prediction_id", "counting", "lead_band", "track", "basis", "weight", "ticks", "squares")
NOTHING = {("first", "", "", ""): Added()}  # so that nobody looks again


def hold_predictions(predictions: Iterable[int]) -> None:
    """Keep them to the end of the action, before anything that hangs on them and before the ledger's head.

    Here as in every action without their keys: whoever has the ledger may have added a row that names one of them, of
    which PostgreSQL asks at their end whether it is there still: that must not wait for who waits for the ledger.
    """
    ids = list(predictions)
    if ids:
        list(Prediction.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def hold(predictions: Iterable[int] = ()) -> None:
    """Keep predictions, then the ledger's head, to the end of the action: in this order, as every decision does."""
    hold_predictions(predictions)
    LedgerHead.objects.select_for_update().get(id=1)


def forget_sums(predictions: Iterable[int]) -> None:
    """The caller holds the ledger's head from here to the end of what changes."""
    UnsettledSum.objects.filter(prediction__in=list(predictions)).delete()


@action
def sum_unsettled(*, prediction_ids: Sequence[int], at: dt.datetime) -> int:
    """Sum what these add, those of them that are void or overdue by then; returns how many."""
    hold(prediction_ids)
    rows = unsettled(Prediction.objects.filter(pk__in=prediction_ids), at)
    found = dict.fromkeys(rows.values_list("pk", flat=True), NOTHING) | sums_by_prediction(rows)
    forget_sums(found)
    lines = (
        (pk, *how, sums.weight, sums.ticks, sums.squares) for pk, each in found.items() for how, sums in each.items()
    )
    insert_rows(UnsettledSum, COLUMNS, lines)
    return len(found)
