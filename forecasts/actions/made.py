"""Counts of predictions that somebody has said something about: how what is said or decided moves them, at once.

Whoever is going to change them holds the ledger's head, which every decision takes before it ends: two that moved the
same counts at the same time would each add a difference that the other has not seen. By the same way what was summed of
an unsettled prediction is forgotten, since it follows from nothing else.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from forecasts.models import (
    Forecast,
    MadeCount,
    MadeState,
    Prediction,
    PredictionStatus,
    Said,
    Scope,
    Track,
)

from .base import action
from .bulk import add_rows
from .unsettled import forget_all_sums, forget_base_rates, forget_sums, hold, in_base_rates

FIELDS = ("scope", "scope_id", "said", "kind", "state", "void_reason", "moment", "latest_deadline")
AT_ONCE = 1000
EVERY = Q()
Key = tuple[Any, ...]


@contextmanager
def recounted(predictions: Iterable[int]) -> Iterator[None]:
    """What is decided inside about `predictions` moves the counts."""
    ids = sorted(predictions)
    if not ids:
        yield
        return
    hold(ids)
    forget_sums(ids)
    before, told = _made(ids), in_base_rates(ids)
    yield
    _add(_made(ids), before)
    forget_base_rates(told ^ in_base_rates(ids))


@contextmanager
def merged(*forecasters: int) -> Iterator[None]:
    """The same where forecasters become one: nothing changes but their own counts."""
    hold()
    said = Forecast.objects.filter(Q(forecaster__in=forecasters) | Q(forecaster__merged_into__in=forecasters))
    before = made(said, is_shared=False)
    forget_sums(said.order_by().values_list("prediction", flat=True).distinct())
    yield
    _add(made(said, is_shared=False), before)


def count_said(new: Q, predictions: Iterable[int]) -> None:
    """Count what was just said: the forecasts on `predictions` that are `new`, beside those that were there."""
    ids = sorted(predictions)
    if ids:
        hold()
        forget_sums(ids)
        _add(_made(ids), _made(ids, ~new))


def _made(predictions: Sequence[int], which: Q = EVERY) -> Counter[Key]:
    """What the forecasts on all of `predictions` count for, or some of these."""
    found: Counter[Key] = Counter()
    for start in range(0, len(predictions), AT_ONCE):
        found.update(made(Forecast.objects.filter(which, prediction__in=predictions[start : start + AT_ONCE])))
    return found


def made(said: QuerySet[Forecast], *, is_shared: bool = True) -> Counter[Key]:
    """How many predictions these forecasts make for each of their scopes: those of their forecasters, and unless it is
    not `is_shared`, for which they must be all on their predictions, of everybody and of the topics.
    """
    spoke, together = _spoke(said)
    ids = list(together)
    keys, topics = dict(_keys(ids)), _topics(ids) if is_shared else {}
    whose = Counter((Scope.FORECASTER.value, who, _said(kinds), *keys[pk]) for (pk, who), kinds in spoke.items())
    for pk, kinds in together.items() if is_shared else ():
        for scope in ((Scope.ALL.value, 0), *((Scope.TOPIC.value, topic) for topic in topics[pk])):
            whose[(*scope, _said(kinds), *keys[pk])] += 1
    return whose


def _spoke(said: QuerySet[Forecast]) -> tuple[dict[tuple[int, int], set[str]], dict[int, set[str]]]:
    """Where forecasts came from: by prediction and forecaster, and by prediction."""
    spoke: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    together: defaultdict[int, set[str]] = defaultdict(set)
    who = Coalesce("forecaster__merged_into", "forecaster")
    rows: Iterable[Any] = said.order_by().values_list("prediction", who, "provenance").distinct()
    for prediction, forecaster, provenance in rows:
        kind = (Said.IMPORTED if provenance == Track.IMPORTED else Said.OWN).value
        spoke[prediction, forecaster].add(kind)
        together[prediction].add(kind)
    return spoke, together


def _said(kinds: set[str]) -> str:
    return Said.BOTH.value if len(kinds) > 1 else next(iter(kinds))


def _keys(ids: Sequence[int]) -> Iterator[tuple[int, Key]]:
    """What each prediction is counted as."""
    columns = ("pk", "kind", "status", "due_at", "resolves_by", "latest_deadline")
    resolution = ("current_resolution__void_reason", "current_resolution__known_at")
    for start in range(0, len(ids), AT_ONCE):
        found = Prediction.objects.filter(pk__in=ids[start : start + AT_ONCE]).order_by()
        rows: Iterable[Any] = found.values_list(*columns, *resolution)
        for pk, kind, status, due_at, deadline, latest, reason, known_at in rows:
            if known_at is None:
                yield pk, (kind, MadeState.WAITING.value, "", deadline, latest)
            else:
                yield pk, (kind, _settled(status, due_at), reason, _month(known_at), _month(latest))


def _settled(status: str, due_at: dt.datetime | None) -> str:
    if status == PredictionStatus.VOID:
        return MadeState.VOID.value
    return (MadeState.DUE if due_at else MadeState.EARLY).value


def _month(at: dt.datetime) -> dt.datetime:
    day = at.astimezone(dt.UTC)
    return dt.datetime(day.year, day.month, 1, tzinfo=dt.UTC)


def _topics(ids: Sequence[int]) -> defaultdict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for start in range(0, len(ids), AT_ONCE):
        rows = Prediction.topics.through.objects.filter(prediction__in=ids[start : start + AT_ONCE])
        for prediction, topic in rows.values_list("prediction", "topic"):
            found[prediction].append(topic)
    return found


def _add(after: Counter[Key], before: Counter[Key]) -> None:
    """Move the counts by the difference; one of none goes."""
    change = after.copy()
    change.subtract(before)
    adapted = connection.ops.adapt_datetimefield_value
    rows = [(*key[:-2], *map(adapted, key[-2:]), n) for key, n in change.items() if n]
    if rows:
        add_rows(MadeCount, (*FIELDS, "predictions"), rows, unique=FIELDS)
        MadeCount.objects.filter(predictions=0).delete()


@action
def rebuild_made(*, predictions: Sequence[int]) -> None:
    """Replace all counts by those that follow from the forecasts on `predictions`, which are all that are public, and
    forget all sums of what is unsettled.
    """
    forget_all_sums()
    MadeCount.objects.all().delete()
    _add(_made(predictions), Counter())
