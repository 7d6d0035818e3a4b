"""The clock: it closes, marks what is due, and does each once."""

from forecasts.jobs import deadlines
from forecasts.jobs.deadlines import pass_deadlines
from forecasts.models import LedgerEntry, Prediction
from tests.story import DAY, DEADLINE, START, Story


def test_it_works(story: Story) -> None:
    prediction = story.opened(closes_at=START + 9 * DAY)
    assert pass_deadlines(START + 8 * DAY) == 0
    assert pass_deadlines(START + 9 * DAY) == 1
    prediction.refresh_from_db()
    assert (prediction.status, prediction.due_at) == ("closed", None)
    assert pass_deadlines(DEADLINE) == 1
    prediction.refresh_from_db()
    assert prediction.due_at == DEADLINE
    before = LedgerEntry.objects.count()
    assert pass_deadlines(DEADLINE + DAY) == 0
    assert LedgerEntry.objects.count() == before


def test_drafts_and_void_drafts_do_not_pass(story: Story) -> None:
    story.draft()
    assert pass_deadlines(DEADLINE + DAY) == 0
    assert not Prediction.objects.filter(due_at__isnull=False).exists()


def test_of_two_clocks_the_slower_one_has_nothing_left(story: Story) -> None:
    prediction = story.opened()
    story.passes(prediction)
    assert not deadlines._was_first(deadlines.mark_due, prediction, DEADLINE + DAY)
