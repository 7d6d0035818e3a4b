"""Withdrawing: from when it is recorded, never earlier, and only what stands."""

import pytest

from forecasts.errors import NotReady, Refused
from forecasts.models import EntryKind, LedgerEntry, Score
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story


def test_it_works(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    withdrawal = story.withdraws(prediction, at=START + 10 * DAY)
    assert (withdrawal.tick, withdrawal.is_withdrawal, withdrawal.basis) == (None, True, "stated")
    assert withdrawal.issued_at == withdrawal.recorded_at == START + 10 * DAY
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.FORECAST_WITHDRAWN, f"forecast:{withdrawal.pk}")


def test_nothing_to_withdraw_is_refused(story: Story) -> None:
    prediction = story.opened()
    with refused("forecaster", "policy-desk", "no standing forecast here", NotReady):
        story.withdraws(prediction, at=START + DAY)


def test_withdrawing_twice_is_refused(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    story.withdraws(prediction, at=START + DAY)
    with refused("forecaster", "policy-desk", "no standing forecast here", NotReady):
        story.withdraws(prediction, at=START + 2 * DAY)


def test_another_forecasters_forecast_is_not_there_to_withdraw(story: Story) -> None:
    prediction, other = story.opened(), story.forecaster("other")
    story.says(prediction, 0.7, forecaster=other)
    with refused("forecaster", "policy-desk", "no standing forecast here", NotReady):
        story.withdraws(prediction, at=START + DAY)


def test_a_forecast_recorded_after_a_withdrawal_stands_and_can_be_withdrawn(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    story.withdraws(prediction, at=START + 2 * DAY)
    # Issued before the withdrawal, recorded after it: on the live track it stands from its recording on.
    story.says(prediction, 0.8, at=START + 3 * DAY, issued_at=START + DAY)
    assert story.withdraws(prediction, at=START + 4 * DAY).is_withdrawal


def test_once_the_outcome_was_known_it_is_too_late(story: Story) -> None:
    prediction, known = story.opened(), START + 30 * DAY
    story.says(prediction, 0.7)
    story.resolves(prediction, "no", known_at=known)
    with refused("issued_at", (known + DAY).isoformat(), f"the outcome was known at {known.isoformat()}"):
        story.withdraws(prediction, at=known + DAY)


def test_it_counts_from_when_it_was_recorded(story: Story) -> None:
    prediction = story.opened(closes_at=START + 100 * DAY, resolves_by=START + 100 * DAY)
    story.says(prediction, 0.7)
    story.withdraws(prediction, at=START + 25 * DAY)
    story.passes(prediction, START + 101 * DAY)
    story.resolves(prediction, "yes", known_at=START + 101 * DAY)
    story.scores()
    time = Score.objects.get(forecaster=story.desk, counting="time", track="live")
    # It stood for the first quarter of the window, and its loss there is (0.7 - 1)².
    assert time.weight == time.coverage == 250_000
    assert time.brier == pytest.approx(0.09)
    assert Score.objects.get(forecaster=story.desk, counting="first", track="live").brier == pytest.approx(0.09)


def test_a_draft_has_nothing_to_withdraw(story: Story) -> None:
    with pytest.raises(Refused, match="no standing forecast"):
        story.withdraws(story.draft(), at=DEADLINE)
