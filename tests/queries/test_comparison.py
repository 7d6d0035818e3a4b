"""Two forecasters on the predictions that both made."""

import pytest

from forecasts.queries import comparison as queries
from forecasts.queries.comparison import comparison, parse_pair
from forecasts.queries.figures import TOO_FEW
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story
from tests.trackrecord import models, track_record

pytestmark = pytest.mark.django_db
NOW = DEADLINE + DAY
ASKED = {"a": "sharp", "b": "dull", "track": "imported"}


def recorded(story: Story, count: int) -> None:
    """Sharp says 90 % and dull 70 %; of every four one does not come true. Sharp has one more prediction."""
    rows = [({"sharp": 9000, "dull": 7000}, "yes" if n % 4 else "no") for n in range(count)]
    track_record(story, [*rows, ({"sharp": 9000}, "yes")], models(story, "sharp", "dull"))


def test_it_works(story: Story) -> None:
    recorded(story, 32)
    found = comparison(parse_pair(ASKED), NOW)
    assert (found.common, found.compared, found.display) == (32, 32, "curve")
    # Of 32, eight did not come true.
    sharp, dull = (24 * 0.01 + 8 * 0.81) / 32, (24 * 0.09 + 8 * 0.49) / 32
    assert (found.brier_a, found.brier_b) == (pytest.approx(sharp), pytest.approx(dull))
    assert found.difference is not None
    assert found.difference.value == pytest.approx(sharp - dull)
    assert found.difference.low is not None
    assert found.murphy is not None
    assert found.murphy.ours[0] == 0
    worst = found.biggest[0]
    assert (worst.tick_a, worst.tick_b, worst.happened) == (9000, 7000, False)
    assert worst.difference == pytest.approx(0.81 - 0.49)
    assert len(found.biggest) == 10


def test_a_family_counts_once(story: Story) -> None:
    rows = [({"sharp": 9000, "dull": 7000}, "yes") for _ in range(30)]
    people = models(story, "sharp", "dull")
    track_record(story, rows, people, group="one")
    track_record(story, rows[:2], people)
    found = comparison(parse_pair(ASKED), NOW)
    assert (found.compared, found.clusters) == (32, 3)
    assert found.difference is not None
    assert (found.difference.low, found.difference.method, found.murphy) == (None, TOO_FEW, None)
    track_record(story, rows[:2], people)
    found = comparison(parse_pair(ASKED), NOW)
    assert (found.compared, found.clusters) == (34, 5)
    assert found.difference is not None
    assert found.difference.low is not None
    assert found.murphy is not None


def test_the_other_way_round_is_the_other_sign(story: Story) -> None:
    recorded(story, 12)
    there, back = comparison(parse_pair(ASKED), NOW), comparison(parse_pair({**ASKED, "a": "dull", "b": "sharp"}), NOW)
    assert there.difference is not None
    assert back.difference is not None
    assert there.difference.value == pytest.approx(-back.difference.value)
    assert (there.display, there.murphy) == ("scores", None)
    assert there.digest != back.digest


def test_of_few_only_the_list_is_given(story: Story) -> None:
    recorded(story, 9)
    found = comparison(parse_pair(ASKED), NOW)
    assert (found.common, found.display, found.brier_a, found.difference) == (9, "list", None, None)
    assert len(found.biggest) == 9


def test_no_pair_costs_more_than_its_latest_predictions(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(story, 14)
    monkeypatch.setattr(queries, "MOST", 10)
    found = comparison(parse_pair(ASKED), NOW)
    assert (found.common, found.compared) == (14, 10)


def test_other_tracks_are_named(story: Story) -> None:
    recorded(story, 3)
    found = comparison(parse_pair({"a": "sharp", "b": "dull"}), NOW)
    assert (found.common, found.tracks) == (0, (("imported", 3),))


def test_what_is_void_overdue_or_open_of_both_is_counted_and_of_one_is_not(story: Story) -> None:
    sharp, dull = models(story, "sharp", "dull")
    for n, deadline in enumerate((DEADLINE, DEADLINE, NOW + DAY, DEADLINE)):
        row = story.opened(resolves_by=deadline)
        story.says(row, 0.9, forecaster=sharp)
        if n < 3:
            story.says(row, 0.7, forecaster=dull)
        if n == 0:
            story.resolves(row, "premise_failed", known_at=START + DAY)
    before = comparison(parse_pair({"a": "sharp", "b": "dull"}), NOW)
    counted = before.denominators
    assert (counted.made, counted.void, counted.overdue, counted.open, counted.due) == (3, 1, 1, 1, 0)
    later = comparison(parse_pair({"a": "sharp", "b": "dull"}), NOW + 2 * DAY)
    assert (later.denominators.overdue, later.denominators.open) == (2, 0)
    assert later.digest != before.digest


def test_a_baseline_can_stand_beside_anybody(story: Story) -> None:
    recorded(story, 12)
    found = comparison(parse_pair({**ASKED, "b": "always-50"}), NOW)
    assert (found.common, found.brier_b) == (13, 0.25)


def test_what_cannot_be_asked_is_refused(story: Story) -> None:
    recorded(story, 1)
    with refused("b", "", accepted="give the slug of a forecaster"):
        parse_pair({"a": "sharp"})
    with refused("a", "nobody", accepted="give a slug, as /api/v1/forecasters lists them"):
        parse_pair({"a": "nobody", "b": "dull"})
    with refused("b", "sharp", accepted="give another forecaster than a"):
        parse_pair({"a": "sharp", "b": "sharp"})
    with refused("counting", "first", accepted="what was said at one moment is compared, one of lead:1, lead:7"):
        parse_pair({**ASKED, "counting": "first"})
    with refused("kind", "date", accepted="the parameters are a, b, track, cohort, counting, basis"):
        parse_pair({**ASKED, "kind": "date"})
    with refused("track", "best", accepted="give one of live"):
        parse_pair({**ASKED, "track": "best"})
