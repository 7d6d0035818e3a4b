"""Stored statistics: what scoring made stale is computed once."""

from forecasts.actions import refresh_calibration
from forecasts.models import StoredStatistic
from forecasts.queries.scope import CalibrationQuery
from forecasts.queries.statistics import table_digest
from forecasts.queries.sums import summed
from tests.story import DEADLINE, Story

QUERY = CalibrationQuery()


def test_it_works(story: Story) -> None:
    said = [(0.9, "yes"), (0.8, "no"), *[(0.1, "no")] * 8]
    for probability, outcome in said:
        story.settled(probability, outcome)
    story.scores()
    row = StoredStatistic.objects.get(query=QUERY.key)
    assert (row.stale, row.table_sha256) == (False, table_digest(summed(QUERY).table))
    assert row.value["clusters"] == 10
    mean = (0.1**2 + 0.8**2 + 8 * 0.1**2) / 10
    assert row.value["brier"]["low"] < mean < row.value["brier"]["high"]


def test_what_is_fresh_is_not_computed_again(story: Story) -> None:
    story.settled(0.9, "yes")
    story.scores()
    assert refresh_calibration(key=QUERY.key, at=DEADLINE) is False
    assert refresh_calibration(key="all:0|binary|first|live|market", at=DEADLINE) is False


def test_scoring_makes_stale_what_it_moves_and_nothing_else(story: Story) -> None:
    story.settled(0.9, "yes")
    story.scores()
    other = story.forecaster("other")
    prediction = story.settled(0.6, "yes")
    story.scores()
    assert not StoredStatistic.objects.filter(stale=True).exists()
    computed = dict(StoredStatistic.objects.values_list("query", "computed_at"))
    assert f"forecaster:{other.pk}|binary|first|live|explicit" not in computed
    assert f"forecaster:{story.desk.pk}|binary|first|live|explicit" in computed
    assert prediction.forecasts.count() == 1


def test_of_few_predictions_nothing_is_computed_that_nobody_would_see(story: Story) -> None:
    for _ in range(9):
        story.settled(0.9, "yes")
    story.scores()
    assert StoredStatistic.objects.get(query=QUERY.key).value.keys() == {
        "clusters", "history", "monitor", "surprises",
    }  # fmt: skip
