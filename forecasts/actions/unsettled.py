"""Sums of what is void or overdue: kept until anything about its prediction changes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Min, Q

from forecasts.models import (
    Forecast,
    LedgerHead,
    Prediction,
    Resolution,
    Scope,
    Topic,
    UnsettledSum,
    UnsettledTotal,
)
from forecasts.queries.unsettled import SUMS, unsettled
from forecasts.queries.unsettled_sums import KEY, sums_by_prediction

from .base import action
from .bulk import insert_rows

COLUMNS = ("prediction_id", "opens_at", *KEY, *SUMS)
AT_ONCE = 1000


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
    ids = list(predictions)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        kept = UnsettledSum.objects.filter(prediction__in=some)
        if kept.exists():
            _total(some, "-")
            kept.delete()
            UnsettledTotal.objects.filter(predictions=0).delete()


def forget_all_sums() -> None:
    """The same of every prediction."""
    UnsettledSum.objects.all().delete()
    UnsettledTotal.objects.all().delete()


def _total(predictions: Sequence[int], sign: str) -> None:
    """Add what is kept of these to the totals, or with a minus take it away. The database sums its own rows."""
    sums, totals = UnsettledSum._meta.db_table, UnsettledTotal._meta.db_table
    keys, names = ", ".join(KEY), ("predictions", *SUMS)
    moved = ", ".join((f"{sign}COUNT(*)", *(f"{sign}SUM({name})" for name in SUMS)))
    added = ", ".join(f"{name} = {totals}.{name} + EXCLUDED.{name}" for name in names)
    statement = (
        f"INSERT INTO {totals} ({keys}, {', '.join(names)}) SELECT {keys}, {moved} FROM {sums} "  # noqa: S608 -- names only
        f"WHERE prediction_id IN ({', '.join(['%s'] * len(predictions))}) GROUP BY {keys} "
        f"ON CONFLICT ({keys}) DO UPDATE SET {added}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(predictions))


def forget_base_rates(predictions: Sequence[int]) -> None:
    """Forget the sums in which base rates count these, which have a topic with them and were known before they opened.

    Twice, before and after what changes their topics or when they were known.
    """
    known = Resolution.objects.filter(prediction__in=predictions).aggregate(first=Min("known_at"))["first"]
    if known is not None:
        topics = Topic.objects.filter(predictions__in=predictions).values("pk")
        sums = UnsettledSum.objects.filter(scope=Scope.TOPIC, scope_id__in=topics, counting="", opens_at__gt=known)
        forget_sums(sums.order_by().values_list("prediction", flat=True).distinct())


def forget_crowds(forecaster: int) -> None:
    """Forget the sums in which somebody may be one of the crowd."""
    hold()
    theirs = Forecast.objects.filter(Q(forecaster=forecaster) | Q(forecaster__merged_into=forecaster)).order_by()
    forget_sums(theirs.values_list("prediction", flat=True).distinct())


@action
def forget_unsettled() -> None:
    """Forget all sums; workers make them anew."""
    hold()
    forget_all_sums()


@action
def sum_unsettled(*, prediction_ids: Sequence[int], at: dt.datetime) -> int:
    """Sum what these add, those of them that are void or overdue by then; returns how many."""
    hold(prediction_ids)
    rows = unsettled(Prediction.objects.filter(pk__in=prediction_ids), at)
    found = sums_by_prediction(rows)
    forget_sums(found)
    opens: Any = dict(rows.values_list("pk", "clock_opens_at"))
    adapted = connection.ops.adapt_datetimefield_value
    lines = (
        (pk, adapted(opens[pk]), *key, sums.weight, sums.ticks, sums.squares)
        for pk, each in found.items()
        for key, sums in each.items()
    )
    insert_rows(UnsettledSum, COLUMNS, lines)
    if found:
        _total(list(found), "")
    return len(found)
