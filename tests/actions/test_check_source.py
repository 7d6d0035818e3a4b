"""Bookkeeping of checks: one worker at a time, everything or nothing, an entry only for news."""

import datetime as dt
import hashlib
from typing import Any

import pytest

from forecasts.actions import Outcome, check_now, claim_source, record_check, release_source, save_source
from forecasts.actions.check_source import LEASE
from forecasts.errors import Conflict, NotAllowed
from forecasts.jobs.check import due_sources
from forecasts.models import Check, CheckStatus, EntryKind, EvidenceSource, Finding, LedgerEntry, Prediction, Snapshot
from tests.refusals import refused
from tests.story import START, Story

HOUR = dt.timedelta(hours=1)


def source(story: Story) -> EvidenceSource:
    row = EvidenceSource(title="Gazette", url="https://gazette.test/feed")
    return save_source(source=row, at=START, by=story.editor)


def claims(at: dt.datetime = START) -> EvidenceSource:
    row = EvidenceSource.objects.get()
    return claim_source(source=row, due_at=row.next_check_at, at=at)


def outcome(status: CheckStatus = CheckStatus.OK, **given: Any) -> Outcome:
    return Outcome(**{"status": status, "started_at": START, "next_check_at": START + HOUR, "interval": 3600, **given})


def snapshot(text: str = "The rule is published.") -> Snapshot:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Snapshot(
        sha256=digest, media_type="text/xml", size=len(text), fetched_at=START, text=text, text_sha256=digest
    )


def finding(prediction: Prediction, row: EvidenceSource) -> Finding:
    return Finding(
        prediction=prediction,
        source=row,
        title="Rule",
        found_at=START,
        quote="The rule",
        quote_start=0,
        quote_end=8,
        relevance=900,
        digest="d" * 64,
    )


def test_it_works(story: Story) -> None:
    source(story)
    held = claims()
    assert (held.lease_until, held.crash_count) == (START + LEASE, 1)
    news = outcome(snapshot=snapshot(), findings=[finding(story.opened(), held)], etag='"1"')
    check = record_check(source=held, due_at=START, outcome=news, at=START + HOUR)
    assert (check.status, check.due_at, check.ended_at) == ("ok", START, START + HOUR)
    row = EvidenceSource.objects.get()
    assert (row.lease_id, row.crash_count, row.failure_count, row.etag) == (None, 0, 0, '"1"')
    assert (row.next_check_at, row.last_good_check_at) == (START + HOUR, START + HOUR)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.FINDINGS_RECORDED, f"check:{check.pk}")


def test_a_source_has_one_lease(story: Story) -> None:
    source(story)
    claims()
    with refused("source", "Gazette", "another worker holds it", Conflict):
        claims(START + LEASE)
    claims(START + LEASE + dt.timedelta(microseconds=1))


def test_a_source_that_is_not_due_at_that_time_is_not_claimed(story: Story) -> None:
    row = source(story)
    with refused("source", "Gazette", "it is not due", Conflict):
        claim_source(source=row, due_at=START - HOUR, at=START)
    with refused("source", "Gazette", "it is not due", Conflict):
        claim_source(source=row, due_at=START, at=START - HOUR)


def test_a_lost_lease_stores_nothing(story: Story) -> None:
    source(story)
    slow = claims()
    claims(START + 2 * LEASE)
    with refused("source", "Gazette", "the lease was lost", Conflict):
        record_check(source=slow, due_at=START, outcome=outcome(snapshot=snapshot()), at=START + 2 * LEASE)


def test_nothing_new_appends_no_entry(story: Story) -> None:
    source(story)
    prediction = story.opened()
    for turn, entries in ((0, 1), (1, 0)):
        held = claims(START + turn * HOUR)
        before = LedgerEntry.objects.count()
        news = outcome(
            snapshot=snapshot(), findings=[finding(prediction, held)], next_check_at=START + (turn + 1) * HOUR
        )
        record_check(source=held, due_at=START + turn * HOUR, outcome=news, at=START + turn * HOUR)
        assert LedgerEntry.objects.count() - before == entries
    assert (Finding.objects.count(), Snapshot.objects.count(), Check.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize("status", [CheckStatus.FAILED, CheckStatus.REFUSED])
def test_a_failure_keeps_what_was_known_and_counts(story: Story, status: CheckStatus) -> None:
    source(story)
    record_check(source=claims(), due_at=START, outcome=outcome(snapshot=snapshot(), etag='"1"'), at=START)
    failed = outcome(status, error_code="timeout", error="it did not answer", next_check_at=START + 2 * HOUR)
    check = record_check(source=claims(START + HOUR), due_at=START + HOUR, outcome=failed, at=START + HOUR)
    row = EvidenceSource.objects.get()
    assert (row.failure_count, row.etag, row.last_good_check_at) == (1, '"1"', START)
    assert (check.snapshot, check.error_code) == (None, "timeout")


def test_a_hopeless_failure_pauses_the_source(story: Story) -> None:
    source(story)
    gone = outcome(CheckStatus.FAILED, error_code="gone", quarantine="the server says it is gone")
    record_check(source=claims(), due_at=START, outcome=gone, at=START)
    row = EvidenceSource.objects.get()
    assert (row.paused, row.paused_reason) == (True, "the server says it is gone")
    assert not EvidenceSource.objects.due(START + 9 * HOUR).exists()


def two_of(story: Story, *urls: str) -> list[EvidenceSource]:
    rows = [EvidenceSource(title=url, url=url) for url in urls]
    return [save_source(source=row, at=START, by=story.editor) for row in rows]


def take(row: EvidenceSource, at: dt.datetime) -> EvidenceSource:
    return claim_source(source=row, due_at=START, at=at)


GAP = dt.timedelta(seconds=5)


def test_a_host_is_asked_by_one_at_a_time_and_not_again_at_once(story: Story) -> None:
    first, second = two_of(story, "https://gazette.test/a", "https://GAZETTE.test:443/b")
    held = take(first, START)
    with refused("host", "gazette.test", "it is being asked, or was a moment ago", Conflict):
        take(second, START + GAP)
    ended = START + 2 * GAP
    record_check(source=held, due_at=START, outcome=outcome(), at=ended)
    with refused("host", "gazette.test", "it is being asked, or was a moment ago", Conflict):
        take(second, ended + GAP - dt.timedelta(microseconds=1))
    take(second, ended + GAP)


def test_another_host_does_not_wait(story: Story) -> None:
    first, second = two_of(story, "https://gazette.test/a", "https://gazette.test:8443/a")
    take(first, START)
    take(second, START)


def test_a_check_that_broke_off_opens_the_gate_after_the_gap(story: Story) -> None:
    first, second = two_of(story, "https://gazette.test/a", "https://gazette.test/b")
    release_source(source=take(first, START), at=START)
    take(second, START + GAP)


def test_a_killed_worker_holds_the_gate_no_longer_than_the_source(story: Story) -> None:
    first, second = two_of(story, "https://gazette.test/a", "https://gazette.test/b")
    take(first, START)
    take(second, START + LEASE + dt.timedelta(microseconds=1))


def test_hosts_of_our_own_have_no_gap(story: Story, settings: Any) -> None:
    settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = ["wire.test:8765"]
    first, second = two_of(story, "http://wire.test:8765/a", "http://wire.test:8765/b")
    record_check(source=take(first, START), due_at=START, outcome=outcome(), at=START)
    take(second, START)


def test_due_sources_are_spread_over_hosts_and_the_broken_come_last(story: Story) -> None:
    rows = two_of(story, "https://a.test/1", "https://a.test/2", "https://b.test/1", "https://c.test/1")
    broken = rows[2]
    record_check(
        source=take(broken, START),
        due_at=START,
        outcome=outcome(CheckStatus.FAILED, error_code="timeout", error="slow", next_check_at=START + HOUR),
        at=START,
    )
    later = START + HOUR
    assert [row.source_id for row in due_sources(later)] == [rows[0].pk, rows[3].pk, broken.pk]
    spread = due_sources(later, per_host=2)
    assert [(row.source_id, row.delay) for row in spread] == [
        (rows[0].pk, 0),
        (rows[3].pk, 0),
        (rows[1].pk, 5),
        (broken.pk, 0),
    ]
    take(rows[0], later)
    assert [row.source_id for row in due_sources(later, per_host=2)] == [rows[3].pk, broken.pk]


def test_a_source_is_due_at_once_when_somebody_asks_and_nobody_checks_it(story: Story) -> None:
    row = source(story)
    record_check(source=claims(), due_at=START, outcome=outcome(), at=START)
    assert due_sources(START + GAP) == []
    assert check_now(source=row, at=START + GAP, by=story.editor)
    assert [due.source_id for due in due_sources(START + GAP)] == [row.pk]
    claims(START + GAP)
    assert not check_now(source=row, at=START + GAP, by=story.editor)
    with pytest.raises(NotAllowed):
        check_now(source=row, at=START + GAP, by=story.approver)
