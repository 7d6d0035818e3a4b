"""Bookkeeping of checks: one worker at a time, everything or nothing, an entry only for news."""

import datetime as dt
import hashlib
from typing import Any

import pytest

from forecasts.actions import Outcome, claim_source, record_check, save_source
from forecasts.actions.check_source import LEASE
from forecasts.errors import Conflict
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
