import pytest

from forecasts.actions import score_predictions
from forecasts.jobs.recompute import compare
from forecasts.models import CalibrationCell, Cohort, Scope, ScopeCount, Score
from tests.story import DAY, DEADLINE, START, Story


def test_it_works(story: Story) -> None:
    story.settled(0.7, "yes")
    story.scores()
    score = Score.objects.get(forecaster=story.desk, track="live", counting="first")
    assert (score.tick, score.weight, score.brier_sum) == (7000, 1, 3000**2)
    assert score.brier == pytest.approx(0.09)
    cell = CalibrationCell.objects.get(scope=Scope.ALL, lead_band="", track="live", counting="first")
    assert (cell.tick, cell.n, cell.weight, cell.weight_yes, cell.cohort) == (7000, 1, 1, 1, Cohort.DUE)


def test_a_second_delivery_changes_nothing(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    story.scores()
    before = cells()
    score_predictions(prediction_ids=[prediction.pk])
    assert cells() == before
    assert compare().differences == []


def cells() -> list[tuple[object, ...]]:
    fields = ("scope", "scope_id", "counting", "cohort", "track", "basis", "month", "tick", "n", "weight", "weight_yes")
    return list(CalibrationCell.objects.order_by(*fields).values_list(*fields))


def test_an_early_resolution_counts_only_once_its_deadline_has_passed(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.8)
    story.resolves(prediction, "yes", known_at=START + 30 * DAY)
    story.scores()
    assert set(Score.objects.values_list("cohort", flat=True)) == {Cohort.EARLY}
    story.passes(prediction, at=DEADLINE + DAY)
    story.scores()
    assert set(Score.objects.values_list("cohort", flat=True)) == {Cohort.DUE}
    assert not CalibrationCell.objects.filter(cohort=Cohort.EARLY).exists()
    assert not ScopeCount.objects.filter(cohort=Cohort.EARLY).exists()
    assert compare().differences == []
