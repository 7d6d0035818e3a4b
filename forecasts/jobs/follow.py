"""Following the ledger: what was decided is scored, and what was found is assessed.

Each step is idempotent and the cursor moves only behind finished work, so a worker killed anywhere resumes.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from forecasts.actions import advance_cursor, note_failure, refresh_calibration, score_predictions
from forecasts.errors import ReckonerError
from forecasts.jobs.assess import assess_findings
from forecasts.jobs.breath import breathing
from forecasts.models import Cursor, CursorName, EntryKind, Forecast, LedgerEntry, StoredStatistic

log = logging.getLogger(__name__)
Progress = Callable[[Sequence[Any]], Iterable[Any]]
BATCH = 500
SCORED_AT_ONCE = 25
TRANSIENT = (OperationalError, InterfaceError)
PERMANENT = (
    ReckonerError, DatabaseError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RuntimeError,
)  # fmt: skip


def follow(progress: Progress = iter) -> int:
    """Read every new entry with both followers, then compute what scoring made stale; returns the entries read.

    `progress` wraps the predictions of each entry and the statistics, for a bar.
    """
    read = _follow(CursorName.ASSESSING, _assess)
    read += _follow(CursorName.SCORING, lambda entry: _score(entry, progress))
    refresh(progress)
    return read


def refresh(progress: Progress = iter) -> int:
    """Compute stale statistics again, the headline counting first."""
    keys = StoredStatistic.objects.filter(stale=True).values_list("query", flat=True)
    ordered = sorted(keys, key=lambda key: ("|first|" not in key, key))
    return sum(refresh_calibration(key=key, at=timezone.now()) for key in breathing(progress(ordered)))


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
        note_failure(name=name, entry=entry, error=f"{type(error).__name__}: {error}", at=timezone.now())
    else:
        advance_cursor(name=name, seq=entry.seq)


def _score(entry: LedgerEntry, progress: Progress) -> None:
    if EntryKind(entry.kind).moves_scores:
        ids = list(moved_predictions(entry))
        for start in breathing(progress(range(0, len(ids), SCORED_AT_ONCE))):
            score_predictions(prediction_ids=ids[start : start + SCORED_AT_ONCE])


def moved_predictions(entry: LedgerEntry) -> Iterable[int]:
    """The predictions whose scores may follow from an entry; read from its subject, which is never erased."""
    if entry.subject_kind == "prediction":
        return [entry.subject_id]
    rows = Forecast.objects.filter(prediction__current_resolution__isnull=False)
    whose = {"forecast": "pk", "import": "import_run"}[entry.subject_kind]
    return (
        rows.filter(**{whose: entry.subject_id}).order_by("prediction").values_list("prediction", flat=True).distinct()
    )


def _assess(entry: LedgerEntry) -> None:
    if entry.kind == EntryKind.FINDINGS_RECORDED and entry.content is not None:
        assess_findings([int(row["finding"]) for row in json.loads(entry.content)["findings"]])
