"""The board: who may be listed and ranked, what is stored, and when it is computed again."""

import pytest

from forecasts.models import StoredStatistic
from forecasts.queries.leaderboard import ALONE, Board, board, parse_board
from tests.refusals import refused
from tests.story import Story
from tests.trackrecord import models, track_record

pytestmark = pytest.mark.django_db


def imported(**given: str) -> Board:
    return board(parse_board({"track": "imported", **given}))


def test_it_works(story: Story) -> None:
    people = models(story, "sharp", "dull", "few")
    rows = [
        (
            {"sharp": 9000 if n % 3 else 2000, "dull": 6000, **({"few": 5000} if n < 40 else {})},
            "yes" if n % 3 else "no",
        )
        for n in range(100)
    ]
    topic = story.topic("gazette")
    track_record(story, rows, people, [topic])
    found = imported()
    lines = {line.forecaster.slug: line for line in found.lines}
    assert [line.forecaster.slug for line in found.lines] == ["sharp", "dull", "few"]
    assert (lines["sharp"].rank, lines["sharp"].low_rank, lines["sharp"].high_rank) == (1, 1, 1)
    assert (lines["dull"].rank, lines["few"].rank) == (2, None)  # of 40 predictions no rank is given
    assert (lines["sharp"].predictions, lines["few"].predictions) == (100, 40)
    # 66 x 0.1² + 34 x 0.2² and 66 x 0.4² + 34 x 0.6², over 100
    assert lines["sharp"].brier == pytest.approx((66 * 0.01 + 34 * 0.04) / 100)
    assert lines["dull"].brier == pytest.approx((66 * 0.16 + 34 * 0.36) / 100)
    assert lines["sharp"].gain.value > 0 > lines["dull"].gain.value
    for line in found.lines:
        parts = line.miscalibration - line.discrimination + line.uncertainty
        assert line.brier == pytest.approx(parts)
        assert line.gain.low is not None
        assert line.brier_interval.low is not None
        assert line.brier_interval.high is not None
        assert line.brier_interval.low <= line.brier <= line.brier_interval.high
        assert abs(line.shrunk) <= abs(line.gain.value) + 0.1
    assert imported(topic="gazette").lines == found.lines
    assert board(parse_board({})).missing == ALONE  # nothing is live


def test_nobody_is_compared_alone_or_on_few(story: Story) -> None:
    sharp, dull = models(story, "sharp", "dull")
    track_record(
        story, [({"sharp": 9000, **({"dull": 6000} if n < 29 else {})}, "yes") for n in range(40)], [sharp, dull]
    )
    assert (imported().lines, imported().missing) == ((), ALONE)


def test_one_family_alone_says_nothing_of_chance(story: Story) -> None:
    people = models(story, "sharp", "dull", "narrow")
    said = {"sharp": 9000, "dull": 6000}
    track_record(story, [({**said, "narrow": 5000}, "yes" if n % 3 else "no") for n in range(30)], people, group="one")
    track_record(story, [(said, "yes" if n % 3 else "no") for n in range(30)], people)
    assert {line.forecaster.slug for line in imported().lines} == {"sharp", "dull"}


def test_a_rank_needs_a_hundred_separate_predictions(story: Story) -> None:
    people = models(story, "sharp", "dull")
    rows = [({"sharp": 9000, "dull": 6000}, "yes" if n % 3 else "no") for n in range(120)]
    track_record(story, rows[:30], people, group="one")
    track_record(story, rows[30:], people)
    assert {(line.predictions, line.clusters, line.rank) for line in imported().lines} == {(120, 91, None)}
    track_record(story, rows[:9], people)
    assert {(line.predictions, line.clusters, line.rank) for line in imported().lines} == {(129, 100, 1), (129, 100, 2)}


def test_whoever_spoke_on_fewer_families_than_an_interval_needs_is_not_listed(story: Story) -> None:
    people = models(story, "sharp", "dull", "narrow")
    said = {"sharp": 9000, "dull": 6000}
    for family in range(4):
        rows = [({**said, "narrow": 5000}, "yes" if n % 3 else "no") for n in range(8)]
        track_record(story, rows, people, group=f"family {family}")
    track_record(story, [(said, "yes" if n % 3 else "no") for n in range(30)], people)
    assert {line.forecaster.slug for line in imported().lines} == {"sharp", "dull"}
    track_record(story, [({**said, "narrow": 5000}, "yes")], people)
    assert {line.forecaster.slug for line in imported().lines} == {"sharp", "dull", "narrow"}


def test_forecasters_without_anything_in_common_are_not_ranked_together(story: Story) -> None:
    people = models(story, "a", "b", "c", "d")
    rows = [({"a": 8000, "b": 6000} if n < 30 else {"c": 8000, "d": 6000}, "yes" if n % 2 else "no") for n in range(60)]
    track_record(story, rows, people)
    assert imported().lines == ()
    assert imported().missing.endswith("these parts have none in common: a, b | c, d")


def test_a_board_that_waits_to_be_computed_again_is_not_shown(story: Story) -> None:
    people = models(story, "sharp", "dull")
    track_record(story, [({"sharp": 9000, "dull": 6000}, "yes") for _ in range(30)], people)
    assert len(imported().lines) == 2
    story.stales()
    assert imported().lines == ()
    assert "not computed yet" in imported().missing


def test_a_resolution_makes_the_boards_stale_on_which_it_counts(story: Story) -> None:
    story.settled(0.7, "yes", topics=[story.topic("gazette")])
    story.scores()
    boards = StoredStatistic.objects.filter(query__startswith="board|").values_list("query", flat=True)
    assert "board|all:0|binary|lead:7|live|explicit" in boards
    assert any(key.startswith("board|topic:") for key in boards)
    assert not [key for key in boards if "|first|" in key or "|all|explicit" in key or "implied" in key]


def test_what_cannot_be_compared_is_refused(story: Story) -> None:
    with refused("counting", "first", accepted="what was said at one moment is compared, one of lead:1, lead:7"):
        parse_board({"counting": "first"})
    with refused("track", "all", accepted="give one of live, backfilled, imported"):
        parse_board({"track": "all"})
    with refused("forecaster", "sharp", accepted="the parameters are topic, track, counting"):
        parse_board({"forecaster": "sharp"})
