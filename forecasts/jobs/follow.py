"""Following the ledger: what was decided is told to webhooks and scored, and what was found is assessed.

Each step is idempotent and the cursor moves only behind finished work, so a worker killed anywhere resumes.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from forecasts.actions import (
    advance_cursor,
    forget_unsettled,
    keep_filter,
    note_engine,
    note_failure,
    refresh_calibration,
    score_predictions,
    sum_unsettled,
)
from forecasts.errors import ReckonerError, Refused
from forecasts.jobs.assess import assess_findings
from forecasts.jobs.breath import breathing
from forecasts.jobs.moves import moved_predictions
from forecasts.jobs.recompute import SCORED_AT_ONCE, derived_predictions, replace_cells
from forecasts.jobs.webhooks import announce
from forecasts.models import Cursor, CursorName, EntryKind, LedgerEntry, StoredStatistic
from forecasts.queries.unsettled_sums import waiting_for_sums
from forecasts.queries.wanted import drop, wanted
from forecasts.scoring import ENGINE

log = logging.getLogger(__name__)
Progress = Callable[[Sequence[Any]], Iterable[Any]]
BATCH = 500
SUMMED_AT_ONCE = 10  # while they are, every decision waits
TRANSIENT = (OperationalError, InterfaceError)
PERMANENT = (
    ReckonerError, DatabaseError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RuntimeError,
)  # fmt: skip


def follow(progress: Progress = iter) -> int:
    """Read every new entry with all followers, then compute what scoring made stale; returns the entries read.

    After an upgrade that changed how scores are computed, everything is scored again first. `progress` wraps the
    predictions of each entry and the statistics, for a bar.
    """
    read = _follow(CursorName.ASSESSING, _assess)
    read += _follow(CursorName.WEBHOOKS, announce)
    if not Cursor.objects.filter(name=CursorName.SCORING, engine=str(ENGINE)).exists():
        _renew(progress)
    read += _follow(CursorName.SCORING, lambda entry: _score(entry, progress))
    refresh(progress)
    return read


def _renew(progress: Progress) -> None:
    """Score everything again under the engine of today. What cannot be stands on the desk, with its last entry."""
    forget_unsettled()
    replace_cells()
    ids = derived_predictions()
    for start in breathing(progress(range(0, len(ids), SCORED_AT_ONCE))):
        for pk, error in _failed(ids[start : start + SCORED_AT_ONCE]):
            _note_prediction(pk, error)
    note_engine(engine=str(ENGINE))


def _failed(ids: Sequence[int]) -> Iterator[tuple[int, Exception]]:
    """Score predictions together, or each by itself where one cannot be; those that cannot, and why."""
    try:
        score_predictions(prediction_ids=ids)
    except TRANSIENT:
        raise
    except PERMANENT as error:
        if len(ids) == 1:
            yield ids[0], error
            return
        for pk in ids:
            yield from _failed([pk])


def _note_prediction(pk: int, error: Exception) -> None:
    """With the last entry that was read of it; of one never read yet, the entry to come will say so."""
    log.error("prediction %s could not be scored again", pk, exc_info=error)
    seq = Cursor.objects.get(name=CursorName.SCORING).seq
    for entry in LedgerEntry.objects.filter(subject=f"prediction:{pk}", seq__lte=seq).order_by("-seq")[:1]:
        _note(CursorName.SCORING, entry, error)


def _note(name: CursorName, entry: LedgerEntry, error: Exception) -> None:
    note_failure(name=name, entry=entry, error=f"{type(error).__name__}: {error}", at=timezone.now())


def refresh(progress: Progress = iter) -> int:
    """Compute stale statistics again, the headline counting first, then what was asked for and is not kept, and sums
    of what is unsettled.
    """
    keys = StoredStatistic.objects.filter(stale=True).values_list("query", flat=True)
    ordered = sorted(keys, key=lambda key: ("|first|" not in key, key))
    done = sum(_computed(refresh_calibration, key=key) for key in breathing(progress(ordered)))
    for key, parameters in breathing(wanted().items()):
        done += _computed(keep_filter, parameters=parameters)
        drop(key)  # only now, so that a worker that is killed here leaves it to the next
    return done + sum_waiting(progress)


def _computed(compute: Callable[..., int], **what: Any) -> int:
    """One that cannot be computed costs no other: of what is stored it stays stale, of a filter whoever wants it asks
    again. What the database cannot do now is tried again later.
    """
    try:
        return compute(**what, at=timezone.now())
    except Refused as refused:  # what a filter names has gone meanwhile
        log.info("a filter that was asked for is gone: %s", refused)
    except TRANSIENT:
        raise
    except PERMANENT:
        log.exception("this cannot be computed: %s", what)
    return 0


def sum_waiting(progress: Progress = iter) -> int:
    """Sum what is void or overdue and has changed since it was; returns how many predictions."""
    ids = list(waiting_for_sums(timezone.now()))
    starts = breathing(progress(range(0, len(ids), SUMMED_AT_ONCE)))
    return sum(_computed(sum_unsettled, prediction_ids=ids[start : start + SUMMED_AT_ONCE]) for start in starts)


def _follow(name: CursorName, digest: Callable[[LedgerEntry], None]) -> int:
    read = 0
    while entries := _next(name):
        for entry in breathing(entries):
            _step(name, entry, digest)
        read += len(entries)
    return read


def _next(name: CursorName) -> list[LedgerEntry]:
    seq = Cursor.objects.get(name=name).seq
    return list(LedgerEntry.objects.filter(seq__gt=seq).order_by("seq")[:BATCH])


def _step(name: CursorName, entry: LedgerEntry, digest: Callable[[LedgerEntry], None]) -> None:
    """One entry. What the database cannot do now is tried again later; any other failure stands on the desk."""
    try:
        digest(entry)
    except TRANSIENT:
        raise
    except PERMANENT as error:
        log.exception("%s could not digest entry %s", name, entry.seq)
        _note(name, entry, error)
    else:
        advance_cursor(name=name, seq=entry.seq)


def _score(entry: LedgerEntry, progress: Progress) -> None:
    """Raises the first failure, once all the others are scored."""
    if not EntryKind(entry.kind).moves_scores:
        return
    ids = list(moved_predictions(entry))
    batches = breathing(progress(range(0, len(ids), SCORED_AT_ONCE)))
    failures = [error for start in batches for _, error in _failed(ids[start : start + SCORED_AT_ONCE])]
    if failures:
        raise failures[0]


def _assess(entry: LedgerEntry) -> None:
    if entry.kind == EntryKind.FINDINGS_RECORDED and entry.content is not None:
        assess_findings([int(row["finding"]) for row in json.loads(entry.content)["findings"]])
