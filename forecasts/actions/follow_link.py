"""Bookkeeping of articles behind items: claim one under a lease and its host's gate, and record what it said."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from forecasts.errors import Conflict
from forecasts.ledger.append import append
from forecasts.models import EntryKind, Finding, LinkedArticle, Snapshot

from .base import action
from .check_source import CHECKER, finding_content
from .host_gate import LEASE, enter_gate, leave_gate
from .snapshots import kept

TRIES = 3
BROKE_OFF = ("broke_off", f"reading it broke off, and it was tried {TRIES} times")


@dataclass(frozen=True)
class Followed:
    """What one reading of an article brought.

    `retry_at`: when to try again after an error, None when that cannot help. `is_ours`: the error lies with this
    machine (its disk is full), so it does not count as a try.
    """

    snapshot: Snapshot | None = None
    findings: Sequence[Finding] = ()
    error_code: str = ""
    error: str = ""
    retry_at: dt.datetime | None = None
    is_ours: bool = False


@action
def claim_link(*, link: LinkedArticle, due_at: dt.datetime, at: dt.datetime) -> list[LinkedArticle]:
    """Take the lease of an article that is due at exactly `due_at`, and of all due ones at the same address.

    One reading serves them all. Each claim is a try, so that one which kills its worker ends too: those that had
    all their tries are given up here and left out. Raises Conflict when another worker has it or its host.
    """
    lease = uuid.uuid4()
    enter_gate(link.host, lease, at)
    due = LinkedArticle.objects.due(at).filter(finding__url=link.finding.url).order_by()
    due.update(lease_id=lease, lease_until=at + LEASE, tries=F("tries") + 1)
    rows = list(
        LinkedArticle.objects.filter(lease_id=lease)
        .select_related("finding__snapshot", "finding__prediction", "finding__source")
        .order_by("pk")
    )
    if not any(row.pk == link.pk and row.next_try_at == due_at for row in rows):
        raise Conflict("article", link.finding.url, "it is not due, or another worker holds it")
    left = [row for row in rows if row.tries <= TRIES]
    for row in rows:
        if row.tries > TRIES:
            row.tries, row.error_code, row.error = TRIES, *BROKE_OFF
            _give_back(row, next_try_at=None)
    if not left:
        leave_gate(link.host, lease, at)
    return left


@action
def record_link(*, links: Sequence[LinkedArticle], outcome: Followed, at: dt.datetime) -> list[Finding]:
    """Store what the article behind `links` said, once for each prediction, or why it could not be read.

    Raises Conflict when the lease was lost meanwhile; then nothing is stored. Appends an entry only if something new
    was found.
    """
    lease, host = links[0].lease_id, links[0].host
    held = LinkedArticle.objects.select_for_update(no_key=True)
    rows = list(held.filter(pk__in=[row.pk for row in links], lease_id=lease))
    if len(rows) != len(links):
        raise Conflict("article", links[0].finding.url, "the lease was lost; whoever holds it now will read it again")
    leave_gate(host, lease, at)
    new = _new_findings(outcome, at)
    for row in rows:
        row.error_code, row.error = outcome.error_code, outcome.error
        row.read_at = None if outcome.error_code else at
        row.tries -= outcome.is_ours
        _give_back(row, next_try_at=outcome.retry_at if row.tries < TRIES else None)
    if new:
        content = {"article": links[0].finding.url, "findings": [finding_content(row) for row in new]}
        append(EntryKind.FINDINGS_RECORDED, subject=f"link:{links[0].pk}", content=content, at=at, by=CHECKER)
    return new


@action
def release_link(*, links: Sequence[LinkedArticle], at: dt.datetime) -> None:
    """Give the lease back after a reading that broke off, so that the next sweep tries again; the try stays counted."""
    lease = links[0].lease_id
    LinkedArticle.objects.filter(lease_id=lease).update(lease_id=None, lease_until=None)
    leave_gate(links[0].host, lease, at)


def _new_findings(outcome: Followed, at: dt.datetime) -> list[Finding]:
    """Those that their prediction does not have yet, saved at `at`."""
    found = {(row.prediction_id, row.digest): row for row in reversed(outcome.findings)}  # two items may lead here
    known = set(
        Finding.objects.filter(digest__in=[digest for _, digest in found]).values_list("prediction_id", "digest")
    )
    new = [found[key] for key in sorted(found) if key not in known]
    snapshot = kept(outcome.snapshot) if outcome.snapshot and new else None
    for row in new:
        row.snapshot, row.found_at = snapshot, at  # type: ignore[assignment]  # findings never come without one
    return Finding.objects.bulk_create(new)


def _give_back(row: LinkedArticle, next_try_at: dt.datetime | None) -> None:
    row.lease_id = row.lease_until = None
    row.next_try_at = next_try_at
    row.save()
