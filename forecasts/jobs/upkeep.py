"""Upkeep, once a day: a share of the snapshots is read again, what nothing cites any more is let go, and the ranking
learns from the day's reviews.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.core.files.storage import storages
from django.db.models import F, QuerySet
from django.utils import timezone

from forecasts.actions import drop_deliveries, drop_snapshots, note_verified, take_lease
from forecasts.jobs.breath import breathing
from forecasts.jobs.thresholds import learn_threshold
from forecasts.models import Heartbeat, Snapshot
from forecasts.queries.bodies import fault_of
from forecasts.queries.evidence import uncited_snapshots

log = logging.getLogger(__name__)
Progress = Callable[[Sequence[Any]], Iterable[Any]]
NAME = "upkeep"
DAY = dt.timedelta(days=1)
LEASE = dt.timedelta(minutes=15)  # more than the hard limit of the task
SHARE = 100  # one in so many is read again each day
MOST = 10_000
MOST_BYTES = 1_000_000_000
KEPT = dt.timedelta(days=90)
MOST_DROPPED = 5_000
AT_ONCE = 100


def upkeep_due(now: dt.datetime) -> bool:
    """Whether a day has passed since the last upkeep began."""
    return not Heartbeat.objects.filter(name=NAME, until__gt=now).exists()


def upkeep(now: dt.datetime) -> int:
    """Do the upkeep of the day unless it is done or being done; returns how many snapshots were read again or dropped
    and deliveries forgotten.

    The lease runs for minutes while it works and for the rest of the day behind it, so that after a worker was
    killed another begins again soon.
    """
    holder = uuid.uuid4().hex
    if not take_lease(name=NAME, holder=holder, lasting=LEASE, at=now):
        return 0
    learn_threshold(now)
    ids = share_to_verify()
    verify(ids)
    dropped = drop_uncited(now) + drop_deliveries(before=now - KEPT)
    take_lease(name=NAME, holder=holder, lasting=DAY, at=now)
    return len(ids) + dropped


def share_to_verify() -> list[int]:
    """One in a hundred snapshots: those never read again first, then those whose turn was the longest ago.

    As many of the damaged ones come on top, so that a fault that is gone is soon seen to be. Both parts are bounded
    in number and in bytes.
    """
    count = min(-(-Snapshot.objects.count() // SHARE), MOST)
    whole, damaged = Snapshot.objects.filter(fault=""), Snapshot.objects.exclude(fault="")
    return [*_first(whole, count), *_first(damaged, count)]


def _first(rows: QuerySet[Snapshot], count: int) -> Iterator[int]:
    """At least one, however large."""
    turns = rows.order_by(F("verified_at").asc(nulls_first=True), "pk").values_list("pk", "size")[:count]
    before = accumulate((size for _, size in turns), initial=0)
    return (pk for (pk, _), read in zip(turns, before, strict=False) if read < MOST_BYTES)


def verify(ids: Sequence[int], progress: Progress = iter) -> None:
    """Hold the bytes of snapshots against their digests and keep what was wrong, by the hundred."""
    faults: dict[int, str] = {}
    for pk in progress(ids):
        if row := Snapshot.objects.filter(pk=pk).first():
            faults[pk] = fault_of(row)
        if len(faults) == AT_ONCE:
            note_verified(faults=faults, at=timezone.now())
            faults = {}
    note_verified(faults=faults, at=timezone.now())


def drop_uncited(now: dt.datetime) -> int:
    """Delete what is older than 90 days and cited by nothing, rows before bytes; returns how many."""
    before = now - KEPT
    ids = list(uncited_snapshots(before).values_list("pk", flat=True)[:MOST_DROPPED])
    dropped = 0
    for start in breathing(range(0, len(ids), AT_ONCE)):
        names = drop_snapshots(ids=ids[start : start + AT_ONCE], before=before)
        dropped += len(names)
        for name in names:
            delete_file(name)
    return dropped


@dataclass(frozen=True)
class Stray:
    """A file in the store of which no row speaks: whoever wrote or dropped it was killed in between."""

    name: str
    modified_at: dt.datetime


def strays(progress: Progress = iter) -> list[Stray]:
    """Every stray in the snapshot store. One that was written a moment ago may still get its row."""
    storage = storages["snapshots"]
    try:
        folders = sorted(storage.listdir("")[0])
    except FileNotFoundError:
        return []
    found = (f"{folder}/{name}" for folder in progress(folders) for name in _unknown(folder))
    return [Stray(name, storage.get_modified_time(name)) for name in found]


def _unknown(folder: str) -> list[str]:
    rows = Snapshot.objects.filter(sha256__gte=folder, sha256__lt=f"{folder}g")  # g follows every hexadecimal digit
    known = {f"{sha256}.gz" for sha256 in rows.values_list("sha256", flat=True)}
    return sorted(set(storages["snapshots"].listdir(folder)[1]) - known)


def delete_file(name: str) -> None:
    """Delete a file without a row, unless it got one again meanwhile. One that stays does no harm: it is a stray."""
    sha256 = name.rpartition("/")[2].removesuffix(".gz")
    if Snapshot.objects.filter(sha256=sha256).exists():
        return
    try:
        storages["snapshots"].delete(name)
    except OSError as error:
        log.warning("the snapshot store kept %s, which nothing needs: %s", name, error)
