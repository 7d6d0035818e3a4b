"""Whose scores a decision moves."""

import json

import pytest

from forecasts.actions import save_reference
from forecasts.jobs.moves import moved_predictions
from forecasts.jobs.recompute import compare
from forecasts.models import EntryKind, FollowerFailure, Forecaster, LedgerEntry, Prediction, Score
from forecasts.queries import standing
from forecasts.queries.outcomes import Case
from tests.imported import applies, bulk, said, settled, still_open
from tests.ledger.behind import execute
from tests.story import DAY, DEADLINE, START, Story


def last(kind: EntryKind) -> LedgerEntry:
    return LedgerEntry.objects.filter(kind=kind).latest("seq")


def base_rate(prediction: Prediction) -> int | None:
    row = Score.objects.filter(
        prediction=prediction, forecaster__slug="topic-base-rate", counting="first", track="live"
    )
    return row.values_list("tick", flat=True).first()


def test_another_text_on_a_forecasters_page_moves_nothing_and_leaving_the_pool_moves_all_it_said(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    story.desk.bio = "Since 1990."
    save_reference(row=story.desk, at=DEADLINE, by=story.editor)
    assert list(moved_predictions(last(EntryKind.FORECASTER_SAVED))) == []
    story.desk.is_bot = True
    save_reference(row=story.desk, at=DEADLINE, by=story.editor)
    assert list(moved_predictions(last(EntryKind.FORECASTER_SAVED))) == [prediction.pk]


def test_a_bot_leaves_the_crowd(story: Story) -> None:
    prediction = story.opened()
    people = [story.forecaster(f"model-{number}") for number in range(3)]
    for number, who in enumerate(people):
        story.says(prediction, 0.3 + number / 10, forecaster=who)
    story.passes(prediction)
    story.resolves(prediction, "yes", known_at=DEADLINE + DAY)
    story.scores()
    assert Score.objects.filter(forecaster__slug="crowd-median").exists()
    people[0].is_bot = True
    save_reference(row=people[0], at=DEADLINE + 2 * DAY, by=story.editor)
    story.scores()
    assert not Score.objects.filter(forecaster__slug="crowd-median").exists()
    assert compare().differences == []


def test_whoever_came_with_an_import_leaves_the_pool_too(story: Story) -> None:
    applies(story, bulk(settled(forecasts=(said(1, 0.6, forecaster="oracle"),))), DEADLINE)
    row = Forecaster.objects.get(slug="oracle")
    row.is_bot = False
    save_reference(row=row, at=DEADLINE + DAY, by=story.editor)
    assert list(moved_predictions(last(EntryKind.FORECASTER_SAVED))) == [Prediction.objects.get().pk]


def test_an_import_moves_what_it_settles_and_what_it_adds_to(story: Story) -> None:
    applies(story, bulk(settled(), still_open(2), still_open(3)), DEADLINE)
    late = (said(1, 0.6, turn=0), said(1, 0.9, at=START + 5 * DAY, turn=9))
    applies(story, bulk(settled(forecasts=late), settled(2, forecasts=())), DEADLINE + DAY)
    moved = moved_predictions(last(EntryKind.IMPORT_APPLIED))
    assert set(moved) == set(
        Prediction.objects.filter(external_id__in=("table:1", "table:2")).values_list("pk", flat=True)
    )


def earlier_and_later(story: Story) -> tuple[Prediction, Prediction]:
    """Two predictions on chips, the later opened after the earlier was known."""
    chips = [story.topic("chips")]
    earlier = story.opened(topics=chips)
    story.says(earlier, 0.7)
    story.resolves(earlier, "yes", known_at=START + 10 * DAY)
    later = story.opened(topics=chips, opens_at=START + 20 * DAY)
    story.says(later, 0.6, at=START + 20 * DAY)
    story.passes(later)
    story.resolves(later, "no", known_at=DEADLINE + DAY)
    story.scores()
    return earlier, later


def test_a_base_rate_counts_what_was_known_before_the_opening(story: Story) -> None:
    earlier, later = earlier_and_later(story)
    assert base_rate(earlier) == 5000
    assert base_rate(later) == 10_000 * (1 + 0.5) / (1 + 1)


def test_a_correction_made_after_somebody_was_settled_leaves_its_base_rate(story: Story) -> None:
    earlier, later = earlier_and_later(story)
    story.corrects(earlier, "no", known_at=START + 10 * DAY, at=DEADLINE + 5 * DAY)
    story.scores()
    assert base_rate(later) == 7500
    assert compare().differences == []


def test_a_change_of_topics_moves_the_base_rates_of_those_that_opened_later(story: Story) -> None:
    earlier, later = earlier_and_later(story)
    story.amends(earlier, {}, topics=[story.topic("votes")], at=DEADLINE + 5 * DAY)
    assert set(moved_predictions(last(EntryKind.PREDICTION_AMENDED))) == {earlier.pk, later.pk}
    story.scores()
    assert base_rate(later) == 5000
    assert compare().differences == []


def test_the_same_topics_again_move_nobody_else(story: Story) -> None:
    earlier, _ = earlier_and_later(story)
    story.amends(earlier, {}, topics=list(earlier.topics.all()), at=DEADLINE + 5 * DAY)
    assert list(moved_predictions(last(EntryKind.PREDICTION_AMENDED))) == [earlier.pk]


def test_erased_content_counts_as_if_all_of_it_had_changed(story: Story) -> None:
    earlier, later = earlier_and_later(story)
    story.amends(earlier, {}, topics=list(earlier.topics.all()), at=DEADLINE + 5 * DAY)
    entry = last(EntryKind.PREDICTION_AMENDED)
    assert json.loads(entry.content or "")["topics_before"] == ["chips"]
    entry.content = None
    assert set(moved_predictions(entry)) == {earlier.pk, later.pk}


def test_after_an_upgrade_what_cannot_be_scored_stands_on_the_desk_and_the_rest_is_scored(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = story.settled(0.7, "yes"), story.settled(0.6, "no")
    story.scores()
    execute(sql="DELETE FROM forecasts_score", given=[])
    execute(sql="UPDATE forecasts_cursor SET engine = 'older'", given=[])
    real = standing.lines_of

    def fails_for_one(cases: list[Case]) -> object:
        if bad.pk in [case.prediction.pk for case in cases]:
            raise ValueError("cannot be digested")
        return real(cases)

    monkeypatch.setattr(standing, "lines_of", fails_for_one)
    story.scores()
    assert FollowerFailure.objects.get().entry.subject == f"prediction:{bad.pk}"
    assert set(Score.objects.values_list("prediction", flat=True)) == {good.pk}


def test_another_engine_scores_everything_again(story: Story) -> None:
    story.settled(0.7, "yes")
    story.scores()
    before = Score.objects.count()
    execute(sql="DELETE FROM forecasts_score", given=[])
    execute(sql="UPDATE forecasts_cursor SET engine = 'older'", given=[])
    story.scores()
    assert Score.objects.count() == before
    assert compare().differences == []
