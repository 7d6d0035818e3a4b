"""The rules that propose know yes and no: they look at no other prediction, and fall over none."""

from collections.abc import Callable

import pytest

from forecasts.jobs.assess import assess_findings, assess_silence
from forecasts.jobs.deadlines import pass_deadlines
from forecasts.models import Prediction, Proposal
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
