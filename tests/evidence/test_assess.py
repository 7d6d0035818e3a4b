"""When a rule may propose an outcome."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forecasts.evidence.assess import (
    Case,
    FoundReport,
    NotYet,
    RuleProposal,
    WatchedSource,
    confirmed,
    silence_at_deadline,
)

OPENED = datetime(2026, 1, 1, tzinfo=UTC)
DEADLINE = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = WatchedSource("Gazette", since=OPENED, last_good_at=DEADLINE + HOUR, items_seen=1200)
WIRE = replace(SOURCE, name="Wire", items_seen=34)
REPORT = FoundReport(1, "Gazette", seen_at=OPENED + 5 * HOUR, published_at=OPENED + 3 * HOUR, stance="supports_yes")
CASE = Case(DEADLINE + 2 * HOUR, OPENED, DEADLINE, sources=(SOURCE, WIRE), reports=())


def reason(result: RuleProposal | NotYet) -> str:
    assert isinstance(result, NotYet)
    return result.reason


def test_a_confirming_report_lets_a_rule_propose_yes() -> None:
    later = replace(REPORT, id=2, source="Wire", published_at=OPENED + 4 * HOUR)
    unrelated = replace(REPORT, id=3, stance="related")
    assert confirmed(replace(CASE, now=OPENED + 6 * HOUR, reports=(later, unrelated, REPORT))) == RuleProposal(
        rule="confirming_report",
        outcome="yes",
        known_at=OPENED + 3 * HOUR,
        rationale="2 reports match the confirming words by the deadline, 2026-03-31 23:59 UTC, in Gazette, Wire.",
        finding_ids=(1, 2),
    )


@pytest.mark.parametrize(
    ("published_at", "seen_at"),
    [
        (DEADLINE + HOUR, DEADLINE + 2 * HOUR),
        (DEADLINE + timedelta(seconds=1), DEADLINE + HOUR),
        (None, DEADLINE + HOUR),
        (OPENED, OPENED + HOUR),
        (OPENED - HOUR, OPENED + HOUR),
        (None, OPENED),
    ],
    ids=["late", "a second late", "undated and seen late", "at opening", "before opening", "undated, seen at opening"],
)
def test_a_report_from_outside_the_window_never_confirms(published_at: datetime | None, seen_at: datetime) -> None:
    report = replace(REPORT, published_at=published_at, seen_at=seen_at)
    assert "before the opening or after the deadline" in reason(confirmed(replace(CASE, reports=(report,))))


@pytest.mark.parametrize(
    ("published_at", "seen_at", "known_at"),
    [
        (DEADLINE, DEADLINE + HOUR, DEADLINE),
        (None, DEADLINE, DEADLINE),
        (DEADLINE + HOUR, DEADLINE - HOUR, DEADLINE - HOUR),
    ],
    ids=["published in time and seen late", "undated and seen in time", "dated ahead of when we saw it"],
)
def test_known_at_is_when_it_was_published_and_never_later_than_we_saw_it(
    published_at: datetime | None, seen_at: datetime, known_at: datetime
) -> None:
    result = confirmed(replace(CASE, reports=(replace(REPORT, published_at=published_at, seen_at=seen_at),)))
    assert isinstance(result, RuleProposal)
    assert result.known_at == known_at


def test_dismissed_and_merely_related_reports_confirm_nothing() -> None:
    for report in (replace(REPORT, review="dismissed"), replace(REPORT, stance="related")):
        assert reason(confirmed(replace(CASE, reports=(report,)))) == "no report confirms it"


def test_reports_that_disagree_are_for_a_person() -> None:
    against = replace(REPORT, id=2, stance="supports_no")
    assert "speaks against it" in reason(confirmed(replace(CASE, reports=(REPORT, against))))
    dismissed = replace(against, review="dismissed")
    assert isinstance(confirmed(replace(CASE, reports=(REPORT, dismissed))), RuleProposal)


def test_what_cannot_resolve_early_waits_for_the_deadline() -> None:
    case = replace(CASE, reports=(REPORT,), cannot_resolve_early=True)
    assert "cannot resolve before" in reason(confirmed(replace(case, now=DEADLINE)))
    assert isinstance(confirmed(case), RuleProposal)


def test_complete_silence_lets_a_rule_propose_no() -> None:
    related = replace(REPORT, stance="related", review="accepted")
    unseen = replace(related, id=2, review="new")
    assert silence_at_deadline(replace(CASE, reports=(related, unseen))) == RuleProposal(
        rule="silence_after_deadline",
        outcome="no",
        known_at=DEADLINE,
        rationale="No confirming evidence in 1,234 items from 2 sources, all checked after the deadline, "
        "2026-03-31 23:59 UTC. 1 related report nobody has looked at.",
        finding_ids=(1,),
    )


@pytest.mark.parametrize("now", [OPENED, DEADLINE - HOUR, DEADLINE])
def test_silence_before_the_deadline_says_nothing(now: datetime) -> None:
    assert "has not passed" in reason(silence_at_deadline(replace(CASE, now=now)))


def test_silence_waits_for_articles_and_for_whoever_was_read_as_confirming() -> None:
    assert "2 articles behind its items" in reason(silence_at_deadline(replace(CASE, articles_waiting=2)))
    assert "reads a report as confirming" in reason(silence_at_deadline(replace(CASE, assessed_otherwise=True)))


def test_silence_without_any_watch_says_nothing() -> None:
    assert "no source is watched" in reason(silence_at_deadline(replace(CASE, sources=())))


@pytest.mark.parametrize(
    ("faulty", "why"),
    [
        (replace(WIRE, paused=True), "Wire is paused"),
        (replace(WIRE, failures=1), "Wire failed 1 time in a row"),
        (replace(WIRE, failures=3), "Wire failed 3 times in a row"),
        (replace(WIRE, unread=True), "Wire was not read in full since the words to watch for changed"),
        (replace(WIRE, seen_once=True), "Wire shows a change that was seen only once so far"),
        (replace(WIRE, silent_days=9), "Wire has answered for 9 days without anything new, which is unusual"),
        (replace(WIRE, last_good_at=None), "Wire has no good check after the deadline"),
        (replace(WIRE, last_good_at=DEADLINE), "Wire has no good check after the deadline"),
        (replace(WIRE, last_good_at=OPENED), "Wire has no good check after the deadline"),
        (replace(WIRE, since=DEADLINE + HOUR), "Wire is watched only since after the deadline"),
    ],
)
def test_one_source_not_checked_is_enough_to_say_nothing(faulty: WatchedSource, why: str) -> None:
    assert reason(silence_at_deadline(replace(CASE, sources=(SOURCE, faulty)))) == f"not checked: {why}"


@pytest.mark.parametrize("published_at", [OPENED + HOUR, DEADLINE + HOUR, None])
@pytest.mark.parametrize("review", ["new", "accepted"])
def test_any_report_of_yes_breaks_the_silence_even_a_late_one(published_at: datetime | None, review: str) -> None:
    report = replace(REPORT, published_at=published_at, seen_at=DEADLINE + HOUR, review=review)  # type: ignore[arg-type]
    assert "supports yes" in reason(silence_at_deadline(replace(CASE, reports=(report,))))


def test_a_dismissed_report_does_not_break_the_silence() -> None:
    case = replace(CASE, reports=(replace(REPORT, review="dismissed"),))
    result = silence_at_deadline(case)
    assert isinstance(result, RuleProposal)
    assert result.finding_ids == ()
