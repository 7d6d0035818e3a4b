"""The rules that propose know yes and no: they look at no other prediction, and fall over none."""

from collections.abc import Callable

import pytest

from forecasts.actions import Outcome, claim_source, record_check
from forecasts.jobs.assess import assess_findings, assess_silence
from forecasts.jobs.deadlines import pass_deadlines
from forecasts.models import CheckStatus, EvidenceSource, Prediction, Proposal
from forecasts.queries.desk import desk
from tests.api.world import checked, watched
from tests.story import DAY, DEADLINE, START, Story

KINDS: dict[str, Callable[[Story], Prediction]] = {
    "options": lambda story: story.choice("yes", "no"),
    "number": lambda story: story.number("0", "200"),
    "date": lambda story: story.date("2025-12-31", "2026-06-30"),
}


def test_it_works(story: Story) -> None:
    reported, silent = story.opened(), story.opened()
    assert assess_findings([story.sees(reported, at=START + DAY).pk]) == 1
    checked(watched(story, silent), DEADLINE + DAY)
    pass_deadlines(DEADLINE + DAY)
    assert {row.prediction: row.outcome for row in Proposal.objects.all()} == {reported: "yes", silent: "no"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_proposes_nothing_where_yes_is_no_outcome(story: Story, kind: str) -> None:
    prediction = KINDS[kind](story)
    assert assess_findings([story.sees(prediction, at=START + DAY).pk]) == 0
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_nor_does_silence(story: Story, kind: str) -> None:
    prediction = KINDS[kind](story)
    checked(watched(story, prediction), DEADLINE + DAY)
    pass_deadlines(DEADLINE + DAY)
    assert not assess_silence(prediction, DEADLINE + DAY)
    assert not Proposal.objects.exists()


def test_a_source_that_says_nothing_new_for_longer_than_usual_proves_no_silence(story: Story) -> None:
    prediction = story.opened()
    source = watched(story, prediction)
    for day in range(1, 4):
        checked(source, START + day * DAY)
    later = DEADLINE + DAY
    row = EvidenceSource.objects.get()
    unchanged = Outcome(CheckStatus.UNCHANGED, started_at=later, next_check_at=later + DAY, interval=3600)
    claimed = claim_source(source=row, due_at=row.next_check_at, at=later)
    record_check(source=claimed, due_at=row.next_check_at, outcome=unchanged, at=later)
    row.refresh_from_db()
    assert (row.usual_gap, row.silent_for(START + 8 * DAY), row.last_good_check_at) == (86_400, None, later)
    assert not assess_silence(prediction, later)
    pile = next(pile for pile in desk(later).sections if pile.name == "Sources stuck")
    assert "checked, but unusually silent: nothing new for 178 days" in [line.note for line in pile.lines]
    checked(source, later + 2 * DAY)  # it speaks again, and nothing confirms
    assert assess_silence(prediction, later + 2 * DAY)
