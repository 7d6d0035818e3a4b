"""What time decides: closing, and the deadline that puts a prediction into the cohort `due`."""

import datetime as dt

import pytest

from forecasts.actions import close_prediction, mark_due
from forecasts.errors import Conflict, NotReady
from forecasts.models import CalibrationCell, EntryKind, LedgerEntry, Score
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story

CLOCK = "worker:clock"


def test_it_works(story: Story) -> None:
    prediction = story.opened(closes_at=START + 9 * DAY)
    closed = close_prediction(prediction=prediction, at=START + 9 * DAY, by=CLOCK)
    assert closed.status == "closed"
    due = mark_due(prediction=prediction, at=DEADLINE, by=CLOCK)
    assert due.due_at == DEADLINE
    kinds = list(LedgerEntry.objects.order_by("-seq").values_list("kind", "actor")[:2])
    assert kinds == [(EntryKind.PREDICTION_DUE, CLOCK), (EntryKind.PREDICTION_CLOSED, CLOCK)]


def test_before_the_close_it_is_refused(story: Story) -> None:
    prediction = story.opened(closes_at=START + 9 * DAY)
    with refused("status", "open", "whose close has come", Conflict):
        close_prediction(prediction=prediction, at=START + 9 * DAY - dt.timedelta(microseconds=1), by=CLOCK)


@pytest.mark.parametrize("outcome", ["yes", "premise_failed"])
def test_what_is_settled_does_not_close(story: Story, outcome: str) -> None:
    prediction = story.opened()
    story.resolves(prediction, outcome, known_at=START + DAY)
    prediction.refresh_from_db()
    with refused("status", prediction.status, "only an open prediction", Conflict):
        close_prediction(prediction=prediction, at=DEADLINE, by=CLOCK)


def test_closing_twice_is_refused(story: Story) -> None:
    prediction = story.opened()
    close_prediction(prediction=prediction, at=DEADLINE, by=CLOCK)
    with refused("status", "closed", "only an open prediction", Conflict):
        close_prediction(prediction=prediction, at=DEADLINE, by=CLOCK)


def test_before_the_deadline_it_is_not_due(story: Story) -> None:
    prediction = story.opened()
    with refused("latest_deadline", "datetime", "has not passed yet", NotReady):
        mark_due(prediction=prediction, at=DEADLINE - dt.timedelta(microseconds=1), by=CLOCK)


def test_a_draft_is_never_due(story: Story) -> None:
    draft = story.draft()
    with refused("latest_deadline", None, "has not passed yet", NotReady):
        mark_due(prediction=draft, at=DEADLINE + DAY, by=CLOCK)


def test_it_is_due_once(story: Story) -> None:
    prediction = story.opened()
    story.passes(prediction)
    with refused("due_at", "datetime", "already marked", Conflict):
        story.passes(prediction)


def test_a_deadline_that_was_brought_forward_counts_from_the_latest_one(story: Story) -> None:
    prediction = story.opened()
    story.amends(prediction, {"resolves_by": DEADLINE - 30 * DAY, "closes_at": DEADLINE - 30 * DAY})
    with refused("latest_deadline", "datetime", "has not passed yet", NotReady):
        story.passes(prediction, DEADLINE - DAY)


def test_the_deadline_moves_an_early_resolution_from_early_to_due(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.8)
    story.resolves(prediction, "yes", known_at=START + 30 * DAY)
    story.scores()
    early = sums("early")
    assert early
    assert not sums("due")
    story.passes(prediction)
    story.scores()
    assert sums("due") == early
    assert not sums("early")
    assert set(Score.objects.values_list("cohort", flat=True)) == {"due"}


def sums(cohort: str) -> list[tuple[object, ...]]:
    fields = ("scope", "counting", "track", "basis", "month", "tick", "n", "weight", "weight_yes")
    return list(CalibrationCell.objects.filter(cohort=cohort).order_by(*fields).values_list(*fields))
