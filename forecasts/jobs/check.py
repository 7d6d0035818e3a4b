"""Checking one source: fetch, read, match, record. No transaction is open while the network is."""

import datetime as dt
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from forecasts.actions import Outcome, claim_source, count_words, record_check, release_source
from forecasts.errors import Conflict, FetchFailed, FetchRefused, UnreadableSource
from forecasts.evidence.fetch import Fetched, FetchRequest, fetch
from forecasts.evidence.schedule import NextCheck, after_failed, after_ok, after_unchanged
from forecasts.evidence.snapshot import capture
from forecasts.evidence.sources import Observation, Reading, source_kind
from forecasts.evidence.words import terms
from forecasts.jobs.fetching import fetch_policy, read_answer, store
from forecasts.jobs.market import issue_prices, said_of_the_outcome
from forecasts.jobs.matching import findings_in, new_items
from forecasts.jobs.robots import check_robots
from forecasts.jobs.series import findings_of, new_prints
from forecasts.models import CheckStatus, EvidenceSource, Finding, Snapshot, SourceKind, Watch

log = logging.getLogger(__name__)
AT_ONCE = 200
FETCHES_TO_AGREE = 5


@dataclass(frozen=True)
class Due:
    """A source to check, and after how many seconds, so that its host is not asked twice at once."""

    source_id: int
    due_at: dt.datetime
    delay: float


def due_sources(now: dt.datetime, per_host: int = 1) -> list[Due]:
    """The sources to check now, spread over hosts, the longest waiting first."""
    rows: list[Any] = list(EvidenceSource.objects.spread(now, per_host)[:AT_ONCE])
    return [Due(row.pk, row.next_check_at, (row.turn - 1) * settings.EVIDENCE_HOST_GAP) for row in rows]


def check_source(source_id: int, due_at: dt.datetime) -> bool:
    """Check a source that was due at `due_at`; False when another worker has done it or is doing it.

    Whatever breaks the check off, a lost database included, is raised with the lease given back.
    """
    source = EvidenceSource.objects.filter(pk=source_id).first()
    if source is None:
        return False
    try:
        source = claim_source(source=source, due_at=due_at, at=timezone.now())
        if source.lease_id is None:
            return False  # quarantined at the claim
        _check(source, due_at)
        issue_prices(source)
    except Conflict as conflict:
        log.info("check of source %s given up: %s", source_id, conflict)
        return False
    return True


def _check(source: EvidenceSource, due_at: dt.datetime) -> None:
    try:
        outcome = _look(source, timezone.now())
        record_check(source=source, due_at=due_at, outcome=outcome, at=timezone.now())
    except Exception:
        release_source(source=source, at=timezone.now())
        raise
    if outcome.texts:
        count_words(documents=[terms(text) for text in outcome.texts])


def _look(source: EvidenceSource, started_at: dt.datetime) -> Outcome:
    """Everything that needs the network, and the outcome of it, whatever happened."""
    try:
        policy = fetch_policy()
        check_robots(source.kind, source.url, policy.user_agent, lambda request: fetch(request, policy), started_at)
        unread = Watch.objects.unread(source).exists()  # what stands there is asked for in full
        request = FetchRequest(source.url) if unread else FetchRequest(source.url, source.etag, source.last_modified)
        fetched = fetch(request, policy)
        if fetched.status == "unchanged":
            return _good(source, fetched, CheckStatus.UNCHANGED, started_at)
        return _read(source, fetched, started_at)
    except FetchFailed as error:
        return _bad(source, error, started_at)


def _read(source: EvidenceSource, fetched: Fetched, started_at: dt.datetime) -> Outcome:
    before = source.last_snapshot.text if source.last_snapshot else ""
    reading = read_answer(source, fetched, started_at, before)
    extractor = source_kind(source.kind).extractor
    kept = capture(fetched.body, reading.text, fetched=fetched, fetched_at=started_at, extractor=extractor)
    snapshot = store(kept, fetched, started_at)
    if source.kind == SourceKind.PAGE and before not in ("", reading.text) and not _is_seen_again(source, reading):
        return _seen_once(source, fetched, snapshot, started_at)
    items = new_items(reading, before)
    is_partial = source.kind == SourceKind.PAGE and before and Watch.objects.unread(source).exists()
    whole = read_answer(source, fetched, started_at, "") if is_partial else None
    new = new_prints(source, reading) if reading.observations else []
    findings = [
        *findings_in(source, reading, items, started_at, whole),
        *findings_of(source, reading, new, started_at),
        *said_of_the_outcome(source, reading, started_at),
    ]
    count = len(reading.items) + len(new)
    outcome = _good(source, fetched, CheckStatus.OK, started_at, count, snapshot, findings, new)
    return replace(outcome, texts=[item.text for item, _ in items])


def _is_seen_again(source: EvidenceSource, reading: Reading) -> bool:
    """A change counts when two fetches in a row show the same. Raises UnreadableSource when no two of six do."""
    if source.seen_once is None:
        return False
    if source.seen_once.text == reading.text:
        return True
    latest = source.checks.order_by("-due_at").values_list("status", flat=True)[:FETCHES_TO_AGREE]
    if list(latest) == [CheckStatus.SEEN_ONCE] * FETCHES_TO_AGREE:
        detail = "the page says something else at every fetch; name a selector that leaves out what changes"
        raise UnreadableSource(detail, "never_the_same")
    return False


def _seen_once(source: EvidenceSource, fetched: Fetched, snapshot: Snapshot, started_at: dt.datetime) -> Outcome:
    """Kept, and looked at again as soon as may be; until then nothing is said of it."""
    wait = dt.timedelta(seconds=source.shortest_interval)
    following = after_ok(started_at, wait, jitter=_jitter(), retry_after=fetched.retry_after, shortest=wait)
    outcome = _good(source, fetched, CheckStatus.SEEN_ONCE, started_at, snapshot=snapshot)
    return replace(outcome, next_check_at=following.at, interval=source.interval)


def _good(
    source: EvidenceSource,
    fetched: Fetched,
    status: CheckStatus,
    started_at: dt.datetime,
    items: int = 0,
    snapshot: Snapshot | None = None,
    findings: Sequence[Finding] = (),
    prints: Sequence[Observation] = (),
) -> Outcome:
    moved = status == CheckStatus.OK and (snapshot is None or _is_new(source, snapshot))
    following = (after_ok if moved else after_unchanged)(
        started_at,
        dt.timedelta(seconds=source.interval),
        jitter=_jitter(),
        retry_after=fetched.retry_after,
        shortest=dt.timedelta(seconds=source.shortest_interval),
    )
    unchanged = status == CheckStatus.UNCHANGED
    return Outcome(
        status=status,
        started_at=started_at,
        next_check_at=following.at,
        interval=_seconds(following),
        http_status=fetched.http_status,
        final_url=fetched.final_url,
        size=fetched.raw_length,
        items=items,
        etag=fetched.etag or (source.etag if unchanged else ""),
        last_modified=fetched.last_modified or (source.last_modified if unchanged else ""),
        moved_to=fetched.final_url if fetched.permanent_redirect else "",
        snapshot=snapshot,
        findings=findings,
        prints=prints,
    )


def _is_new(source: EvidenceSource, snapshot: Snapshot) -> bool:
    return source.last_snapshot is None or source.last_snapshot.sha256 != snapshot.sha256


def _jitter() -> float:
    return random.random()  # noqa: S311 -- it only keeps sources from returning in step


def _seconds(following: NextCheck) -> int:
    return round(following.interval.total_seconds())


def _bad(source: EvidenceSource, error: FetchFailed, started_at: dt.datetime) -> Outcome:
    following = after_failed(
        started_at,
        dt.timedelta(seconds=source.interval),
        source.failure_count + 1,
        jitter=_jitter(),
        retry_after=getattr(error, "retry_after", None),
        permanent=error.permanent,
    )
    said = f"{source.url}: {error.detail}" if isinstance(error, UnreadableSource) else error.detail
    return Outcome(
        status=CheckStatus.REFUSED if isinstance(error, FetchRefused) else CheckStatus.FAILED,
        started_at=started_at,
        next_check_at=following.at,
        interval=_seconds(following),
        http_status=getattr(error, "http_status", None),
        error_code=error.code,
        error=said,
        quarantine=said if following.quarantined else "",
    )
