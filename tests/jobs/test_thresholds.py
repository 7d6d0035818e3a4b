"""Reviews on the desk become the threshold of the ranking."""

from forecasts.actions import action, review_finding
from forecasts.evidence.ranking import RANKER, THRESHOLD
from forecasts.jobs.thresholds import learn_threshold
from forecasts.jobs.upkeep import upkeep
from forecasts.models import AlertThreshold, Finding, FoundBy, Prediction, Review
from forecasts.queries.thresholds import alert_threshold
from tests.story import DAY, START, Story


@action
def _ranked(*, row: Finding, relevance: int, version: str) -> None:
    row.found_by, row.relevance, row.review = FoundBy.RANKING, relevance, Review.NEW
    row.why = f"matched: gazette; date 2026-06-30; source weight 1 ({version})"
    row.save()


def ranked(story: Story, prediction: Prediction, relevance: int, *, version: str = RANKER) -> Finding:
    """A finding as a worker leaves it after ranking."""
    row = story.sees(prediction, at=START + Finding.objects.count() * DAY)
    _ranked(row=row, relevance=relevance, version=version)
    return row


def reviewed(story: Story, relevance: int, accepted: int, of: int, version: str = RANKER) -> None:
    prediction = story.opened()
    for n in range(of):
        review = Review.ACCEPTED if n < accepted else Review.DISMISSED
        finding = ranked(story, prediction, relevance, version=version)
        review_finding(finding=finding, review=review, at=START, by=story.editor)


def test_it_works(story: Story) -> None:
    assert alert_threshold(RANKER, THRESHOLD) == THRESHOLD
    reviewed(story, 320, 3, 30)
    reviewed(story, 460, 12, 30)
    learn_threshold(START)
    [row] = AlertThreshold.objects.all()
    assert (row.version, row.threshold, row.reviewed, row.accepted) == (RANKER, 0.46, 60, 15)
    assert (alert_threshold(RANKER, THRESHOLD), alert_threshold("another", 0.2)) == (0.46, 0.2)


def test_only_a_result_that_changed_is_kept(story: Story) -> None:
    reviewed(story, 460, 30, 50)
    learn_threshold(START)
    reviewed(story, 460, 1, 1)
    learn_threshold(START + DAY)
    assert AlertThreshold.objects.count() == 1
    reviewed(story, 350, 9, 20)
    learn_threshold(START + 2 * DAY)
    assert list(AlertThreshold.objects.values_list("threshold", flat=True)) == [0.35, 0.46]
    assert alert_threshold(RANKER, THRESHOLD) == 0.35


def test_what_was_not_ranked_by_this_version_or_not_reviewed_teaches_nothing(story: Story) -> None:
    reviewed(story, 460, 20, 25)
    reviewed(story, 460, 20, 25, version="tfidf-0")
    prediction = story.opened()
    for n in range(25):
        ranked(story, prediction, 460)
        story.sees(story.opened(), at=START + n * DAY)
    learn_threshold(START)
    assert not AlertThreshold.objects.exists()


def test_it_is_learnt_with_the_upkeep_of_the_day(story: Story) -> None:
    reviewed(story, 460, 30, 50)
    upkeep(START)
    assert alert_threshold(RANKER, THRESHOLD) == 0.46
