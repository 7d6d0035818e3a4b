"""Traps into which published numbers must not fall: families, merges, renamings, clocks and small numbers."""

import datetime as dt
import math
from typing import Any

import pytest
from django.test import Client

from forecasts.actions import merge_forecasters, save_reference
from forecasts.jobs.recompute import compare
from forecasts.models import Prediction, PredictionGroup, Score
from forecasts.queries.calibration import Calibration, calibration
from forecasts.queries.figures import PENDING, TOO_FEW
from forecasts.queries.history import history
from forecasts.queries.over_time import history as by_month
from forecasts.queries.over_time import monitor
from forecasts.queries.scope import parse_query
from forecasts.queries.score_rows import Row
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story

NOW = DEADLINE + 30 * DAY


def asked(**given: str) -> Calibration:
    return calibration(parse_query(given), NOW)


def test_a_large_family_among_single_predictions_is_worth_less_than_its_cluster_count(story: Story) -> None:
    family = save_reference(row=PredictionGroup(slug="race", title="Race"), at=START, by=story.editor)
    for number in range(30):
        story.settled(0.7, "no" if number < 20 else "yes", **({"group": family} if number < 20 else {}))
    story.scores()
    (group,) = asked().groups
    worth = 30**2 / (20**2 + 10 * 1**2)  # of eleven clusters, one of which holds two thirds
    assert group.rate.method == f"wilson, clusters worth {worth:.3g}, 95%"
    assert group.rate.value == 10 / 30
    assert group.rate.low is not None
    assert group.rate.high is not None
    assert group.rate.low < 0.1
    assert group.rate.high > 0.7  # so that 70 % is not said to be wrong


def test_a_reward_over_time_on_two_bases_counts_one_forecaster_once(story: Story) -> None:
    middle = START + (DEADLINE - START) / 2
    for _ in range(12):
        row = story.opened()
        story.says(row, 0.9)
        story.says(row, 0.9, basis="model", at=middle)
        story.passes(row)
        story.resolves(row, "yes", known_at=DEADLINE + DAY)
    story.scores()
    found = asked(counting="time").baseline
    assert found is not None
    assert found.value == pytest.approx(100 * (1 + math.log(0.9) / math.log(2)), abs=1e-6)


def test_forecasts_are_counted_as_forecasts_and_not_as_options_or_pieces(story: Story) -> None:
    for number in range(12):
        choice = story.choice("a", "b", "c")
        story.says(choice, [0.5, 0.3, 0.2])
        story.passes(choice)
        story.resolves(choice, "ab"[number % 2], known_at=DEADLINE + DAY)
        story.settled(0.7, "yes")
    story.scores()
    assert asked(kind="multiple_choice").forecasts == 12
    assert asked(counting="time").forecasts == 12


def test_few_predictions_give_no_mean_in_the_history_and_no_reference(story: Story) -> None:
    topic = story.topic("chips")
    for number in range(12):
        story.settled(0.7, "yes" if number % 3 else "no", **({"topics": [topic]} if number < 2 else {}))
    story.scores()
    assert [row.forecaster for row in asked().references] == ["always-50"]
    (month,) = history(parse_query({}), NOW).months
    assert month.cumulative.brier is not None
    (few,) = history(parse_query({"topic": "chips"}), NOW).months
    assert (few.cumulative.predictions, few.cumulative.brier) == (2, None)


def test_a_renaming_moves_no_draw(story: Story) -> None:
    other = story.forecaster("other")
    for number in range(31):
        row = story.opened()
        story.says(row, 0.7)
        story.says(row, 0.4, forecaster=other)
        story.passes(row)
        story.resolves(row, "yes" if number % 3 else "no", known_at=DEADLINE + DAY)
    story.scores()
    before = asked().thinned
    story.desk.slug = "renamed"
    save_reference(row=story.desk, at=NOW, by=story.editor)
    story.stales()
    story.scores()
    assert before is not None
    assert asked().thinned == before


def row(number: int, cluster: str, months: int, order: str, *, happened: bool = True) -> Row:
    deadline = DEADLINE + months * 31 * DAY
    return Row(number, 1, cluster, order, deadline, 7000, happened, 1, 1, 1, 0.0, None, None, None)


def test_what_falls_due_later_never_takes_a_place_in_the_monitor() -> None:
    early = [row(1, "race", 0, "b"), row(2, "alone", 1, "c", happened=False)]
    late = row(3, "race", 2, "a", happened=False)
    before, after = monitor(early), monitor([*early, late])
    assert before is not None
    assert after == before


def test_the_gap_is_what_was_said_less_what_happened_over_twelve_months() -> None:
    first = [row(n, f"{n}", 0, "", happened=n < 5) for n in range(10)]
    later = [row(10 + n, f"{10 + n}", 13, "", happened=True) for n in range(9)]
    month, last = by_month([*first, *later])
    assert month["gap"]["value"] == pytest.approx(0.7 - 5 / 10)
    assert month["gap"]["low"] < 0.2 < month["gap"]["high"]
    assert last["gap"] is None  # the first are more than a year ago, and nine are too few


def test_whom_everything_was_merged_into_is_public_and_whoever_asks_for_the_other_gets_it(
    story: Story, client: Client
) -> None:
    kept = story.forecaster("kept")
    for number in range(12):
        story.settled(0.7, "yes" if number % 3 else "no")
    story.scores()
    merge_forecasters(forecaster=story.desk, into=kept, at=NOW, by=story.editor)
    story.scores()
    assert client.get("/forecasters/kept/").status_code == 200
    assert "70" in client.get("/forecasters/kept/").content.decode()
    cards: list[Any] = [
        client.get(f"/api/v1/scorecards/forecaster/{slug}").json()["headline"]["denominators"]
        for slug in ("kept", "policy-desk")
    ]
    assert cards[0] == cards[1]
    assert cards[0]["counted"] == 12
    assert asked(forecaster="policy-desk").predictions == 12


def test_a_merged_forecast_is_withdrawn_under_the_name_that_is_kept(story: Story) -> None:
    kept, prediction = story.forecaster("kept"), story.opened()
    story.says(prediction, 0.7)
    merge_forecasters(forecaster=story.desk, into=kept, at=START + DAY, by=story.editor)
    kept.refresh_from_db()
    story.withdraws(prediction, at=START + 10 * DAY, forecaster=kept)
    story.passes(prediction)
    story.resolves(prediction, "yes", known_at=DEADLINE + DAY)
    story.scores()
    score = Score.objects.get(forecaster=kept, counting="time", track="live")
    assert 0 < score.coverage < 100_000


def test_the_later_of_two_decisions_counts_whatever_its_clock_said(story: Story) -> None:
    topic = story.topic("chips")
    first = story.opened(topics=[topic])
    second = story.opened(topics=[topic], opens_at=START + 20 * DAY)
    story.says(first, 0.7)
    story.says(second, 0.7, at=START + 20 * DAY)
    story.resolves(second, "yes", known_at=START + 30 * DAY)
    story.scores()
    story.resolves(first, "yes", known_at=START + 10 * DAY, at=START + 29 * DAY)
    story.scores()
    assert compare().differences == []


def test_a_window_of_centuries_is_refused_at_the_door(story: Story) -> None:
    draft: dict[str, Any] = {"resolves_by": dt.datetime(2400, 1, 1, tzinfo=dt.UTC)}
    with refused("resolves_by", "2400-01-01", "at most 200 years after the opening"):
        story.draft(**draft)
    assert not Prediction.objects.exists()


def test_figures_that_wait_say_why_they_are_not_there(story: Story) -> None:
    for _ in range(10):
        row = story.number("0", "100")
        story.says(row, "50: 50 %")
        story.passes(row)
        story.resolves(row, "40", known_at=DEADLINE + DAY)
    story.scores()
    assert (asked(kind="numeric").missing, asked(kind="numeric").log is None) == ("", False)
    story.stales()
    assert (asked(kind="numeric").missing, asked(kind="numeric").log) == (PENDING, None)


@pytest.mark.parametrize(("families", "has_interval"), [(4, False), (5, True)])
def test_an_interval_needs_five_separate_predictions(story: Story, families: int, has_interval: bool) -> None:
    groups = [
        save_reference(row=PredictionGroup(slug=f"race-{n}", title=f"Race {n}"), at=START, by=story.editor)
        for n in range(families)
    ]
    for number in range(12):
        story.settled(0.7, "yes" if number % 3 else "no", group=groups[number % families])
    story.scores()
    found = asked()
    assert found.clusters == families
    (month,) = history(parse_query({}), NOW).months
    figures = [
        *(found.base_rate, found.brier, found.log, found.baseline, found.references[0].gain),
        *(month.cumulative.brier, month.gap),
    ]
    for each in figures:
        assert each is not None
        if has_interval:
            assert each.low is not None
        else:
            assert (each.low, each.high, each.method) == (None, None, TOO_FEW)
    assert found.brier is not None
    assert found.brier.value == pytest.approx((8 * 0.3**2 + 4 * 0.7**2) / 12)
