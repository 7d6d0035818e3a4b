"""/api/v1/calibration"""

import datetime as dt
from collections.abc import Callable

import pytest

from forecasts.queries.calibration import Calibration, Figure, calibration
from forecasts.queries.scope import parse_query
from tests.api.conftest import Get
from tests.api.world import settle
from tests.story import START, Story


def asked(**parameters: str) -> Calibration:
    """What the page would show now."""
    return calibration(parse_query(parameters), dt.datetime.now(dt.UTC))


def figure(found: Figure | None) -> dict[str, object] | None:
    return vars(found) if found else None


def test_it_works_with_nothing_settled(get: Get) -> None:
    body = get("calibration")
    assert (body["n_predictions"], body["n_forecasts"], body["weight"]) == (0, 0, 0)
    assert body["query"] == {
        "forecaster": None,
        "topic": None,
        "article": None,
        "kind": "binary",
        "track": "live",
        "cohort": "due",
        "counting": "first",
        "basis": "explicit",
        "lead": "",
        "from": None,
        "to": None,
    }
    assert body["url"] == "/api/v1/calibration?kind=binary&track=live&cohort=due&counting=first&basis=explicit"


def test_under_ten_predictions_only_counts_are_given(get: Get, story: Story) -> None:
    settle(story, 9)
    body = get("calibration")
    assert (body["display"], body["n_predictions"]) == ("list", 9)
    withheld = ("base_rate", "brier", "log", "skill_of_even", "corp", "band", "test", "bins", "groups")
    assert {name: body[name] for name in withheld} == dict.fromkeys(withheld)
    assert body["display_reason"] == "scores are shown from 10 settled predictions past their deadline on; there are 9"
    assert body["verdict"] == "too early to say"
    assert body["denominators"]["counted"] == 9


def test_from_ten_on_scores_are_given_and_no_curve(get: Get, story: Story) -> None:
    settle(story, 10)
    body = get("calibration")
    assert body["display"] == "scores"
    # Of ten forecasts two went the other way: (8 x 0.1² + 2 x 0.9²) / 10.
    assert body["brier"]["value"] == pytest.approx((8 * 0.01 + 2 * 0.81) / 10)
    assert body["skill_of_even"] == 1 - body["brier"]["value"] / 0.25
    assert body["groups"]
    assert {name: body[name] for name in ("corp", "band", "test", "bins")} == dict.fromkeys(
        ("corp", "band", "test", "bins")
    )
    assert "30 such predictions" in body["display_reason"]
    assert body["verdict"] == "too early to say"


def test_every_number_is_that_of_the_page_bit_for_bit(get: Get, story: Story) -> None:
    settle(story, 30)
    body, found = get("calibration", forecaster="policy-desk"), asked(forecaster="policy-desk")
    assert found.corp is not None
    assert found.thinned is not None
    assert body["display_reason"] == ""
    assert (body["n_predictions"], body["n_forecasts"], body["n_pairs"]) == (30, 30, 30)
    assert body["n_clusters"] == found.clusters == 30
    for name in ("base_rate", "brier", "log"):
        assert body[name] == figure(getattr(found, name))
    assert body["skill_of_even"] == found.skill_of_even
    for name in ("score", "miscalibration", "discrimination", "uncertainty"):
        assert body["corp"][name] == getattr(found.corp, name)
    assert [(block["low_tick"], block["rate"], block["weight_yes"]) for block in body["corp"]["curve"]] == [
        (block.low_tick, block.rate, block.weight_yes) for block in found.corp.blocks
    ]
    assert [(point["tick"], point["low"], point["high"]) for point in body["band"]["points"]] == [
        tuple(point) for point in found.thinned.band
    ]
    for name in ("level", "replicates", "seed", "n"):
        assert body["band"][name] == getattr(found.thinned, name)
    for name in ("p_value", "null_mean", "excess", "replicates", "seed", "n"):
        assert body["test"][name] == getattr(found.thinned, name)
    assert [(row["low"], row["mean"], row["rate"], row["weight"]) for row in body["bins"]] == [
        (row.low, row.mean, row.rate, row.weight) for row in found.bins
    ]
    assert [(row["low_tick"], row["n"], row["yes"], row["mean"], row["rate"]) for row in body["groups"]] == [
        (row.low, row.n, row.yes, row.mean, figure(row.rate)) for row in found.groups
    ]
    assert (body["verdict"], body["verdict_reason"]) == (found.verdict, found.verdict_reason)
    assert (body["digest"], body["engine"], body["warning"]) == (found.digest, found.engine, found.warning)
    assert found.as_of is not None
    assert dt.datetime.fromisoformat(body["as_of"]) == found.as_of


def test_all_denominators_and_bounds_are_given(get: Get, story: Story) -> None:
    settle(story, 10)
    open_one, void = story.opened(resolves_by=START + dt.timedelta(days=36_500)), story.opened()
    story.says(open_one, 0.5)
    story.says(void, 0.5)
    story.resolves(void, "premise_failed", known_at=START + dt.timedelta(days=2))
    overdue = story.opened()
    story.says(overdue, 0.5)
    body = get("calibration")
    counts = body["denominators"]
    assert counts["made"] == counts["open"] + counts["overdue"] + counts["early"] + counts["due"] + counts["void"] == 13
    assert counts["due"] == counts["counted"] + counts["not_counted"] == 10 + 0
    assert counts["void_reasons"] == [{"reason": "the premise failed", "n": 1}]
    # 0.5 scores 0.25 whichever way it goes, so eleven instead of ten are averaged.
    assert body["bounds"]["overdue_no"] == pytest.approx((8 * 0.01 + 2 * 0.81 + 0.25) / 11)
    assert body["bounds"]["overdue_no"] == body["bounds"]["overdue_yes"]


def test_a_topic_has_its_own_numbers(get: Get, story: Story) -> None:
    settle(story, 2, topics=[story.topic("rivers")])
    settle(story, 1)
    assert get("calibration", topic="rivers")["n_predictions"] == 2
    assert get("calibration", topic="rivers")["query"]["topic"] == "rivers"
    assert get("calibration")["n_predictions"] == 3


def test_its_own_address_gives_the_same_answer(get: Get, story: Story) -> None:
    settle(story, 3)
    body = get("calibration", forecaster="policy-desk")
    path, _, query = body["url"].removeprefix("/api/v1/").partition("?")
    assert get(path, **dict(pair.split("=") for pair in query.split("&"))) == body


def test_last_is_refused_where_a_counted_prediction_could_resolve_early(get: Get, story: Story) -> None:
    settle(story, 1, cannot_resolve_early=True)
    settle(story, 1)
    body = get("calibration", status=400, counting="last")
    assert body["code"] == "counting_not_valid"
    assert body["type"] == "/api/v1/errors#counting_not_valid"
    [problem] = body["problems"]
    assert (problem["field"], problem["value"]) == ("counting", "last")
    assert "could resolve early" in problem["accepted"]
    assert "first" in problem["accepted"]


def test_last_is_refused_where_nothing_is_marked(get: Get, story: Story) -> None:
    story.says(story.opened(), 0.4)
    assert get("calibration", status=400, counting="last")["code"] == "counting_not_valid"


def test_last_is_answered_where_nothing_can_resolve_early(get: Get, story: Story) -> None:
    prediction = story.opened(cannot_resolve_early=True)
    story.says(prediction, 0.2)
    story.says(prediction, 0.9, at=START + dt.timedelta(days=30))
    story.passes(prediction)
    story.resolves(prediction, "yes", known_at=prediction.resolves_by + dt.timedelta(days=1))
    story.scores()
    assert get("calibration", counting="last")["n_predictions"] == 1


def test_the_mixed_cohort_carries_its_warning(get: Get) -> None:
    assert "biased" in get("calibration", cohort="all")["warning"]


def test_mixed_tracks_carry_a_warning_and_no_verdict(get: Get, story: Story) -> None:
    settle(story, 30)
    assert get("calibration")["verdict"] != "too early to say"
    mixed = get("calibration", track="all")
    assert (mixed["n_predictions"], mixed["verdict"]) == (30, "too early to say")
    assert mixed["verdict_reason"] == "a verdict is given on one track only"
    assert "mixes what was said before the world knew" in mixed["warning"]
    assert "biased" in get("calibration", track="all", cohort="all")["warning"]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"forecaster": "never-given"}, "forecaster"),
        ({"topic": "never-given"}, "topic"),
        ({"track": "lives"}, "track"),
        ({"cohort": "late"}, "cohort"),
        ({"counting": "lead:31"}, "counting"),
        ({"basis": ""}, "basis"),
        ({"bins": "10"}, "bins"),
    ],
)
def test_a_bad_parameter_is_named(get: Get, parameters: dict[str, str], field: str) -> None:
    body = get("calibration", status=400, **parameters)
    assert (body["code"], body["problems"][0]["field"]) == ("refused", field)


def test_filters_that_no_roll_up_crosses_are_answered_without_intervals_and_say_so(get: Get, story: Story) -> None:
    settle(story, 10, topics=[story.topic("rivers")])
    settle(story, 2)
    body = get("calibration", forecaster="policy-desk", topic="rivers", **{"from": "2026-06", "to": "2026-06"})
    assert body["n_predictions"] == 10
    assert body["brier"]["value"] == pytest.approx((8 * 0.01 + 2 * 0.81) / 10)
    assert (body["brier"]["low"], body["brier"]["high"]) == (None, None)
    assert body["brier"]["method"].startswith("the interval of a rare filter is computed once it is asked for")
    assert body["url"].endswith("&from=2026-06&to=2026-06")
    assert get("calibration", topic="rivers", to="2026-05")["n_predictions"] == 0


def test_the_number_of_queries_does_not_grow_with_the_predictions(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    settle(story, 10)
    few = count_queries("calibration")
    settle(story, 4)
    assert count_queries("calibration") == few <= 10
