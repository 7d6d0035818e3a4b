"""Following the ledger: idempotent, resumable, and a failure stands on the desk instead of in the way."""

from typing import Any

import pytest

from forecasts.jobs.follow import follow
from forecasts.jobs.moves import moved_predictions
from forecasts.jobs.recompute import compare, rebuild
from forecasts.models import (
    CalibrationCell,
    Cursor,
    CursorName,
    FollowerFailure,
    LedgerEntry,
    Score,
    StoredStatistic,
)
from forecasts.queries import standing
from forecasts.queries.scope import CalibrationQuery
from tests.ledger.behind import execute
from tests.story import DAY, DEADLINE, Story


def test_it_works(story: Story) -> None:
    story.settled(0.7, "yes")
    entries = LedgerEntry.objects.count()
    assert follow() == 3 * entries  # three followers
    assert set(Cursor.objects.values_list("seq", flat=True)) == {entries}
    assert Score.objects.exists()
    assert follow() == 0


def test_a_follower_that_begins_again_changes_nothing(story: Story) -> None:
    story.settled(0.7, "yes")
    story.scores()
    before = list(CalibrationCell.objects.order_by("pk").values_list("tick", "n", "weight"))
    execute(sql="UPDATE forecasts_cursor SET seq = 0", given=[])
    story.scores()
    assert list(CalibrationCell.objects.order_by("pk").values_list("tick", "n", "weight")) == before
    assert compare().differences == []


def test_what_cannot_be_digested_stands_on_the_desk_and_the_next_is_read(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = story.settled(0.7, "yes"), story.settled(0.6, "no")
    real = standing.lines_of

    def fails_for_one(cases: Any) -> Any:
        if bad.pk in [case.prediction.pk for case in cases]:
            raise ValueError("cannot be digested")
        return real(cases)

    monkeypatch.setattr(standing, "lines_of", fails_for_one)
    story.scores()
    failed = [failure.entry for failure in FollowerFailure.objects.all()]
    assert {prediction for entry in failed for prediction in moved_predictions(entry)} == {bad.pk}
    assert set(Score.objects.values_list("prediction", flat=True)) == {good.pk}
    assert Cursor.objects.get(name=CursorName.SCORING).seq == LedgerEntry.objects.count()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE forecasts_calibrationcell SET weight = weight + 1",
        "UPDATE forecasts_scopecount SET pairs = pairs + 1",
        "UPDATE forecasts_factrow SET tick = tick + 1",
        "UPDATE forecasts_score SET brier_sum = brier_sum + 1",
        "UPDATE forecasts_score SET engine = 'other'",
        "DELETE FROM forecasts_score",
        "DELETE FROM forecasts_calibrationcell",
        "UPDATE forecasts_madecount SET predictions = predictions + 1",
        "DELETE FROM forecasts_madecount",
        "UPDATE forecasts_prediction SET known_at = NULL",
        "UPDATE forecasts_prediction SET corrected_at = known_at WHERE known_at IS NOT NULL",
        "UPDATE forecasts_unsettledsum SET squares_low = squares_low + 1",
        "UPDATE forecasts_unsettledtotal SET predictions = predictions + 1",
    ],
)
def test_recompute_finds_what_does_not_follow_and_rebuilds_it(story: Story, sql: str) -> None:
    story.settled(0.7, "yes")
    story.says(story.opened(), 0.7)
    story.scores()
    assert compare().differences == []
    execute(sql=sql, given=[])
    assert compare().differences
    rebuild()
    assert compare().differences == []


@pytest.mark.parametrize("column", ["tick_table", "table_sha256"])
def test_recompute_finds_a_tick_table_that_is_not_that_of_the_cells(story: Story, column: str) -> None:
    """As a release leaves it that knows nothing of tables, where the new one ran before."""
    story.settled(0.7, "yes")
    story.scores()
    kept = StoredStatistic.objects.get(query=CalibrationQuery().key)
    story.settled(0.2, "yes")
    story.scores()
    assert compare().differences == []
    sql = f"UPDATE forecasts_storedstatistic SET {column} = %s WHERE query = %s"  # noqa: S608 -- a column's name
    execute(sql=sql, given=[getattr(kept, column), kept.query])
    assert compare().differences == [f"{kept.query}: the tick table stored is not that of the cells"]
    rebuild()
    assert compare().differences == []


def test_what_waits_for_the_follower_is_pending_and_no_difference(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    story.scores()
    story.corrects(prediction, "no", known_at=DEADLINE + DAY, at=DEADLINE + 3 * DAY)
    found = compare()
    assert (found.pending, found.differences) == (1, [])
