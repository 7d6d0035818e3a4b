"""Sums of what is void or overdue: kept until anything about its prediction changes."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from forecasts.models import (
    NO,
    YES,
    Forecast,
    LedgerHead,
    Prediction,
    PredictionStatus,
    Scope,
    UnsettledSum,
    UnsettledTotal,
)
from forecasts.queries.unsettled import SUMS, unsettled
from forecasts.queries.unsettled_sums import KEY, sums_by_prediction

from .base import action
from .bulk import insert_rows

COLUMNS = ("prediction_id", "opens_at", *KEY, *SUMS)
AT_ONCE = 1000


def batched(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many at once as a database takes in one question."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def hold_predictions(predictions: Iterable[int]) -> None:
    """Keep them to the end of the action, before anything that hangs on them and before the ledger's head.

    Here as in every action without their keys: whoever has the ledger may have added a row that names one of them, of
    which PostgreSQL asks at their end whether it is there still: that must not wait for who waits for the ledger.
    """
    for some in batched(sorted(predictions)):
        list(Prediction.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk").values_list("pk"))


def hold(predictions: Iterable[int] = ()) -> None:
    """Keep predictions, then the ledger's head, to the end of the action: in this order, as every decision does."""
    hold_predictions(predictions)
    LedgerHead.objects.select_for_update().get(id=1)


def forget_sums(predictions: Iterable[int]) -> None:
    """The caller holds the ledger's head from here to the end of what changes."""
    for some in batched(list(predictions)):
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


def in_base_rates(predictions: Iterable[int]) -> set[tuple[int, int, str, dt.datetime]]:
    """What these tell base rates: prediction, topic, outcome, and when it was known."""
    told: set[Any] = set()
    for some in batched(sorted(predictions)):
        rows = Prediction.topics.through.objects.filter(
            prediction__in=some, prediction__current_resolution__outcome__in=(YES, NO)
        )
        known = ("prediction__current_resolution__outcome", "prediction__current_resolution__known_at")
        told.update(rows.values_list("prediction", "topic", *known))
    return told


def forget_base_rates(changed: Iterable[tuple[int, int, str, dt.datetime]]) -> None:
    """Forget the sums in which base rates count any of these: those on the topic that opened after it was known."""
    first: dict[int, dt.datetime] = {}
    for _, topic, _, known_at in changed:
        first[topic] = min(known_at, first.get(topic, known_at))
    for topic, known_at in first.items():
        sums = UnsettledSum.objects.filter(scope=Scope.TOPIC, scope_id=topic, counting="", opens_at__gt=known_at)
        forget_sums(sums.values_list("prediction", flat=True))


def forget_crowds(forecaster: int) -> None:
    """Forget the sums in which somebody may be one of the crowd."""
    hold()
    theirs = Forecast.objects.filter(Q(forecaster=forecaster) | Q(forecaster__merged_into=forecaster)).order_by()
    unsettled_yet = theirs.exclude(prediction__status=PredictionStatus.RESOLVED)
    forget_sums(unsettled_yet.values_list("prediction", flat=True).distinct())


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
    lines = ((pk, adapted(opens[pk]), *key, *sums.kept) for pk, each in found.items() for key, sums in each.items())
    insert_rows(UnsettledSum, COLUMNS, lines)
    if found:
        _total(list(found), "")
    return len(found)
