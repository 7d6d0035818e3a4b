"""Bookkeeping of checks: claim a due source under a lease, and record in one go what the check brought."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from forecasts.errors import Conflict
from forecasts.evidence.sources import Observation
from forecasts.ledger.append import By, append
from forecasts.models import (
    Check,
    CheckStatus,
    EntryKind,
    EvidenceSource,
    Finding,
    RobotsFile,
    SeriesPrint,
    Snapshot,
)

from .base import action, claimed, require
from .host_gate import LEASE, enter_gate, leave_gate
from .queue_links import queue_links
from .snapshots import kept

CRASHES_BEFORE_QUARANTINE = 3
CHECKER = "worker:check"
NEWEST_GAP = 0.2  # its weight among the gaps between news
# What a check may write: an operator may have changed or paused the source since it was claimed.
CHECKED = (
    "lease_id", "lease_until", "crash_count", "failure_count", "next_check_at", "interval",
    "last_good_check_at", "etag", "last_modified", "last_snapshot", "last_new_at", "usual_gap", "seen_once",
    "moved_to", "moved_count",
)  # fmt: skip


@action
def claim_source(*, source: EvidenceSource, due_at: dt.datetime, at: dt.datetime) -> EvidenceSource:
    """Take the lease of a source that is due at exactly `due_at`; raises Conflict when another has it or it moved on.

    The crash counter rises here and falls when the check is recorded, so a check that kills its worker is noticed.
    """
    lease = uuid.uuid4()
    free = EvidenceSource.objects.due(at).filter(pk=source.pk, next_check_at=due_at).order_by()
    claimed(
        free.update(lease_id=lease, lease_until=at + LEASE, crash_count=source.crash_count + 1),
        "source",
        source.title,
        "it is not due, or another worker holds it",
    )
    row = EvidenceSource.objects.get(pk=source.pk)
    enter_gate(row.host, lease, at)
    if row.crash_count > CRASHES_BEFORE_QUARANTINE:
        row.paused, row.paused_reason = True, f"quarantined: its check broke off {CRASHES_BEFORE_QUARANTINE} times"
        row.lease_id = row.lease_until = None
        row.save()
        leave_gate(row.host, lease, at)
    return row


@action
def check_now(*, source: EvidenceSource, at: dt.datetime, by: By) -> bool:
    """Make a source due at once; False while it is being checked. Nothing is decided, so the ledger is not told."""
    require(by, "operate_sources", "have a source checked")
    free = EvidenceSource.objects.filter(pk=source.pk, lease_id__isnull=True, paused=False)
    return free.update(next_check_at=at) == 1


@action
def keep_robots(*, origin: str, text: str, at: dt.datetime) -> None:
    """Keep what a site asks of robots until it is read again."""
    RobotsFile.objects.update_or_create(origin=origin, defaults={"text": text, "fetched_at": at})


@action
def release_source(*, source: EvidenceSource, at: dt.datetime) -> None:
    """Give the lease back after a check that broke off, so that the next sweep tries again and not the lease's end.

    The crash counter stays raised: what breaks off every time is quarantined.
    """
    EvidenceSource.objects.filter(pk=source.pk, lease_id=source.lease_id).update(lease_id=None, lease_until=None)
    leave_gate(source.host, source.lease_id, at)


@dataclass(frozen=True)
class Outcome:
    """What one check of one source brought; everything is stored in one transaction or not at all.

    `texts` are those of its new items; they are not stored, but their words are counted.
    """

    status: CheckStatus
    started_at: dt.datetime
    next_check_at: dt.datetime
    interval: int
    http_status: int | None = None
    final_url: str = ""
    size: int = 0
    error_code: str = ""
    error: str = ""
    items: int = 0
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    quarantine: str = ""
    snapshot: Snapshot | None = None
    findings: Sequence[Finding] = field(default_factory=tuple)
    prints: Sequence[Observation] = field(default_factory=tuple)
    texts: Sequence[str] = field(default_factory=tuple)


@action
def record_check(*, source: EvidenceSource, due_at: dt.datetime, outcome: Outcome, at: dt.datetime) -> Check:
    """Store a check with its snapshot and new findings, set the next one and give the lease back.

    Raises Conflict when the lease was lost meanwhile; then nothing is stored. Appends an entry only if something new
    was found.
    """
    held = EvidenceSource.objects.select_for_update(no_key=True).filter(pk=source.pk, lease_id=source.lease_id)
    if not held.exists():
        raise Conflict("source", source.title, "the lease was lost; whoever holds it now will check again")
    leave_gate(source.host, source.lease_id, at)
    snapshot = kept(outcome.snapshot) if outcome.snapshot else None
    check = Check.objects.create(
        source=source,
        due_at=due_at,
        started_at=outcome.started_at,
        ended_at=at,
        status=outcome.status,
        http_status=outcome.http_status,
        final_url=outcome.final_url,
        size=outcome.size,
        error_code=outcome.error_code,
        error=outcome.error,
        items=outcome.items,
        snapshot=snapshot or (source.last_snapshot if outcome.status.is_good else None),
    )
    if snapshot:
        _print(source, outcome, snapshot)
    new = _new_findings(outcome.findings, snapshot)
    queue_links(source, new, at)
    _move_on(source, outcome, snapshot, at)
    if new:
        content = {"source": source.pk, "due_at": due_at, "findings": [finding_content(row) for row in new]}
        append(EntryKind.FINDINGS_RECORDED, subject=f"check:{check.pk}", content=content, at=at, by=CHECKER)
    return check


def _print(source: EvidenceSource, outcome: Outcome, snapshot: Snapshot) -> None:
    """Keep what a series printed, with the moment at which we first saw it; nothing printed before is changed."""
    SeriesPrint.objects.bulk_create(
        SeriesPrint(
            source=source,
            label=each.label,
            start=each.start,
            end=each.end,
            value=f"{each.value:f}",
            first_seen_at=outcome.started_at,
            snapshot=snapshot,
        )
        for each in outcome.prints
    )


def _new_findings(found: Sequence[Finding], snapshot: Snapshot | None) -> list[Finding]:
    """Those that first tell a story are saved first: retellings point to them."""
    if not found or snapshot is None:
        return []
    known = set(Finding.objects.filter(digest__in=[row.digest for row in found]).values_list("prediction_id", "digest"))
    wanted = [row for row in found if (row.prediction_id, row.digest) not in known]
    new = sorted(wanted, key=lambda row: (row.prediction_id, row.digest))  # in one order, so that no two deadlock
    for row in new:
        row.snapshot = snapshot
    retold = [row for row in new if row.same_story_as]
    first = Finding.objects.bulk_create(row for row in new if not row.same_story_as)
    for row in retold:
        # Without a key it lost a race: another worker has kept its twin, and this one stands by itself.
        row.same_story_as = row.same_story_as if row.same_story_as and row.same_story_as.pk else None
    return [*first, *Finding.objects.bulk_create(retold)]


def _move_on(source: EvidenceSource, outcome: Outcome, snapshot: Snapshot | None, at: dt.datetime) -> None:
    source.lease_id = source.lease_until = None
    source.crash_count = 0
    source.next_check_at, source.interval = outcome.next_check_at, outcome.interval
    source.failure_count = source.failure_count + 1 if outcome.status.is_bad else 0
    if not outcome.status.is_bad:
        source.seen_once = snapshot if outcome.status == CheckStatus.SEEN_ONCE else None
        counted = source.moved_count if outcome.moved_to == source.moved_to else 0
        source.moved_to, source.moved_count = outcome.moved_to, counted + bool(outcome.moved_to)
    if outcome.status.is_good:
        source.last_good_check_at = at
        source.etag, source.last_modified = outcome.etag, outcome.last_modified
        if snapshot and snapshot != source.last_snapshot:
            _note_news(source, at)
            source.last_snapshot = snapshot
    if outcome.quarantine:
        source.paused, source.paused_reason = True, outcome.quarantine[:300]
    source.save(update_fields=[*CHECKED, *(("paused", "paused_reason") if outcome.quarantine else ())])


def _note_news(source: EvidenceSource, at: dt.datetime) -> None:
    if source.last_new_at:
        gap = (at - source.last_new_at).total_seconds()
        usual = gap if source.usual_gap is None else source.usual_gap + NEWEST_GAP * (gap - source.usual_gap)
        source.usual_gap = round(usual)
    source.last_new_at = at


def finding_content(row: Finding) -> dict[str, object]:
    return {"finding": row.pk, "prediction": row.prediction_id, "digest": row.digest, "stance": row.stance}
