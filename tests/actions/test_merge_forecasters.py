"""Two names of one forecaster: both stay, one is credited."""

import pytest

from forecasts.actions import merge_forecasters
from forecasts.errors import NotAllowed, Refused
from forecasts.jobs.recompute import compare
from forecasts.models import EntryKind, Forecaster, LedgerEntry, Score
from forecasts.queries.calibration import calibration
from forecasts.queries.scope import of_forecaster
from tests.story import DAY, DEADLINE, START, Story, make_user

NOW = DEADLINE + 30 * DAY


def merge(story: Story, gone: Forecaster, into: Forecaster) -> Forecaster:
    return merge_forecasters(forecaster=gone, into=into, at=NOW, by=story.editor)


def test_it_works(story: Story) -> None:
    other = story.forecaster("other")
    alone, both = story.opened(), story.opened()
    story.says(alone, 0.9, forecaster=other)
    story.says(both, 0.2, at=START)
    story.says(both, 0.6, at=START + DAY, forecaster=other)
    for row in (alone, both):
        story.passes(row)
        story.resolves(row, "yes", known_at=DEADLINE + DAY)
    story.scores()
    assert calibration(of_forecaster(other), NOW).table.ticks.tolist() == [6000, 9000]

    gone = merge(story, other, story.desk)
    story.scores()

    assert gone.merged_into == story.desk
    # Of both it is now one forecaster, who said 20 % first.
    answer = calibration(of_forecaster(story.desk), NOW)
    assert (answer.table.ticks.tolist(), answer.predictions, answer.pairs) == ([2000, 9000], 2, 2)
    assert answer.denominators.made == 2
    assert not Score.objects.filter(forecaster=other).exists()
    assert compare().differences == []
    entry = LedgerEntry.objects.get(kind=EntryKind.FORECASTER_MERGED)
    assert entry.subject == f"forecaster:{other.pk}"


def test_whoever_was_merged_before_goes_along(story: Story) -> None:
    first, second = story.forecaster("first"), story.forecaster("second")
    prediction = story.opened()
    story.says(prediction, 0.7, forecaster=first)
    story.passes(prediction)
    story.resolves(prediction, "yes", known_at=DEADLINE + DAY)
    merge(story, first, second)
    story.scores()
    merge(story, second, story.desk)
    story.scores()
    first.refresh_from_db()
    assert first.merged_into == story.desk
    assert Score.objects.filter(forecaster=story.desk, prediction=prediction).exists()
    assert compare().differences == []


def test_both_names_stay_and_the_page_of_one_leads_to_the_other(story: Story, client: object) -> None:
    other = story.forecaster("other")
    story.says(story.opened(), 0.7, forecaster=other)
    merge(story, other, story.desk)
    answer = client.get("/forecasters/other/")  # type: ignore[attr-defined]
    assert (answer.status_code, answer["Location"]) == (301, "/forecasters/policy-desk/")


def test_what_makes_no_sense_is_refused(story: Story) -> None:
    other, third = story.forecaster("other"), story.forecaster("third")
    even = Forecaster.objects.get(slug="always-50")
    with pytest.raises(Refused, match=r"into: 'policy-desk' .* another forecaster than the one"):
        merge(story, story.desk, story.desk)
    with pytest.raises(Refused, match=r"into: 'always-50' .* crowds and baselines are computed"):
        merge(story, other, even)
    with pytest.raises(Refused, match=r"forecaster: 'always-50' .* crowds and baselines are computed"):
        merge(story, even, other)
    merge(story, other, story.desk)
    with pytest.raises(Refused, match=r"forecaster: 'other' .* merged already; use policy-desk"):
        merge(story, other, third)
    with pytest.raises(Refused, match=r"into: 'other' .* merged already; use policy-desk"):
        merge(story, third, other)
    with pytest.raises(NotAllowed):
        merge_forecasters(forecaster=third, into=story.desk, at=NOW, by=make_user("stranger"))
