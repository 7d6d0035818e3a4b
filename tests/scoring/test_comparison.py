from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from forecasts.scoring.comparison import (
    earlier_base_rate,
    leaderboard,
    murphy_difference,
    paired_difference,
    shrunk,
    skill,
    two_way,
)
from forecasts.scoring.decomposition import murphy_diagram
from forecasts.scoring.reliability import tick_table
from forecasts.scoring.uncertainty import cluster_bootstrap


def test_it_works() -> None:
    a, b = [0.1, 0.2, 0.3], [0.2, 0.2, 0.6]
    difference = paired_difference(a, b, clusters=[1, 2, 3])

    assert difference.value == pytest.approx((-0.1 + 0.0 - 0.3) / 3)
    assert difference.interval.low < difference.value < difference.interval.high


def test_swapping_the_two_turns_the_difference_round() -> None:
    generator = np.random.default_rng(1)
    a, b = generator.random(50), generator.random(50)

    there, back = paired_difference(a, b, np.arange(50)), paired_difference(b, a, np.arange(50))
    assert there.value == pytest.approx(-back.value)


def test_pairing_removes_what_both_find_hard() -> None:
    generator = np.random.default_rng(2)
    hard = generator.random(100)
    a, b = 0.5 * hard, 0.5 * hard + 0.02 + 0.001 * generator.random(100)
    paired = paired_difference(a, b, np.arange(100)).interval
    alone = cluster_bootstrap(a, np.ones(100), np.arange(100)).interval

    assert paired.high < 0
    assert paired.high - paired.low < (alone.high - alone.low) / 20


def test_weights_count() -> None:
    weighted = paired_difference([1, 0, 0], [0, 0, 0], [1, 2, 3], weights=[2, 1, 1])

    assert weighted.value == 2 / 4


def test_skill_is_the_share_of_the_reference_loss_that_was_saved() -> None:
    result = skill([0.1, 0.2], reference=[0.25, 0.25], clusters=[1, 2])

    assert result.difference.value == pytest.approx(0.25 - 0.15)
    assert result.ratio == pytest.approx(1 - 0.15 / 0.25)
    assert skill([0.1, 0.2], reference=[0, 0], clusters=[1, 2]).ratio is None


def test_murphy_diagrams_by_hand() -> None:
    found = murphy_difference([0.9, 0.2], [0.5, 0.5], [1, 0], clusters=[1, 2], thetas=[0.1, 0.3, 0.6])

    # At 0.1 both are above: only the no costs, 2 x 0.1. At 0.6 the yes of 50 % costs 2 x (1 - 0.6).
    assert found.a == pytest.approx([2 * 0.1 / 2, 0, 0])
    assert found.b == pytest.approx([2 * 0.1 / 2, 2 * 0.3 / 2, 2 * (1 - 0.6) / 2])
    assert (found.low[0], found.high[0]) == (0, 0)  # the same cost everywhere leaves no doubt
    assert found.low[2] < -0.4 < found.high[2]


def test_murphy_diagrams_are_those_of_the_tables() -> None:
    generator = np.random.default_rng(5)
    a, b = np.round(generator.random(200), 4), np.round(generator.random(200), 4)
    y, thetas = (generator.random(200) < a).astype(int), np.linspace(0, 1, 21)
    found = murphy_difference(a, b, y, np.arange(200), thetas)

    for p, curve in ((a, found.a), (b, found.b)):
        assert curve == pytest.approx(murphy_diagram(tick_table(p, y), thetas))


def test_the_band_of_a_murphy_difference_holds_the_truth_about_as_often_as_it_says() -> None:
    held, theta = 0, 0.4
    for seed in range(300):
        generator = np.random.default_rng(seed)
        p = generator.choice([0.2, 0.7], 60)
        y = (generator.random(60) < p).astype(int)
        found = murphy_difference(p, np.full(60, 0.5), y, np.arange(60), [theta])
        # Of 20 %, acting in vain on 50 % costs 2 x 0.4 at a rate of 0.8, less the missed yes 2 x 0.6 at 0.2.
        truth = 0.5 * (2 * 0.6 * 0.2 - 2 * 0.4 * 0.8)
        held += bool(found.low[0] <= truth <= found.high[0])

    assert 0.85 < held / 300 < 0.95


def test_forecasters_who_did_equally_well_have_no_ability() -> None:
    # 24 x 0.1² + 8 x 0.9² is 24 x 0.4² + 8 x 0.6², but for rounding.
    scores = [0.01, 0.16] * 24 + [0.81, 0.36] * 8
    found = two_way(scores, ["sharp", "dull"] * 32, np.repeat(np.arange(32), 2))

    assert found.ability.tolist() == [0, 0]


def test_a_base_rate_uses_only_what_was_resolved_before() -> None:
    rates = earlier_base_rate(known_at=[10, 30, 20], y=[1, 0, 1], moments=[5, 10, 11, 25, 99])

    assert rates.tolist() == [0.5, 0.5, 1.5 / 2, 2.5 / 3, 2.5 / 4]


def crossed(forecasters: int, predictions: int, seed: int) -> tuple[NDArray[Any], ...]:
    """Everybody forecasts two thirds of the predictions, at random."""
    generator = np.random.default_rng(seed)
    ability, difficulty = generator.normal(size=forecasters), generator.normal(size=predictions)
    who, what = (grid.ravel() for grid in np.meshgrid(np.arange(forecasters), np.arange(predictions), indexing="ij"))
    kept = generator.random(who.size) < 2 / 3
    return ability - ability.mean(), difficulty + ability.mean(), who[kept], what[kept]


def test_without_noise_abilities_and_difficulties_are_found_exactly() -> None:
    ability, difficulty, who, what = crossed(8, 90, seed=3)

    result = two_way(ability[who] + difficulty[what], who, what)

    assert result.ability.tolist() == pytest.approx(ability.tolist(), abs=1e-9)
    assert result.difficulty.tolist() == pytest.approx(difficulty.tolist(), abs=1e-9)


def test_with_noise_it_is_the_least_squares_fit() -> None:
    _, _, who, what = crossed(5, 80, seed=4)
    score = np.random.default_rng(5).normal(size=who.size)
    design = np.hstack([who[:, None] == np.arange(5), what[:, None] == np.arange(80)]).astype(float)
    oracle = np.linalg.lstsq(design, score)[0]

    result = two_way(score, who, what)

    fitted = result.ability[who] + result.difficulty[what]
    assert fitted.tolist() == pytest.approx((design @ oracle).tolist(), abs=1e-9)
    assert result.ability.sum() == pytest.approx(0, abs=1e-12)


def test_few_common_predictions_draw_abilities_towards_the_middle() -> None:
    who, what = np.tile([0, 1], 10), np.repeat(np.arange(10), 2)
    score = np.where(who == 0, -1.0, 1.0)

    # Ten in common: the gap of 2, carried by 10 / 2 effective rows, against 20 rows of ridge for each.
    assert two_way(score, who, what).ability.tolist() == pytest.approx([-10 / 30, 10 / 30])


def test_choosing_easy_predictions_earns_nothing() -> None:
    ability, difficulty, who, what = crossed(6, 200, seed=6)
    easy = np.argsort(difficulty)[:100]
    kept = (who != 0) | np.isin(what, easy)
    score = ability[who] + difficulty[what]

    assert two_way(score[kept], who[kept], what[kept]).ability.tolist() == pytest.approx(ability.tolist(), abs=1e-8)


def test_forecasters_without_a_prediction_in_common_are_not_compared_and_the_parts_are_named() -> None:
    with pytest.raises(ValueError, match=r"ada, bob \| cyd$"):
        two_way([1, 2, 3, 4], ["ada", "bob", "cyd", "cyd"], [1, 1, 2, 3])


def test_forecasters_may_be_connected_through_others() -> None:
    chain = two_way([1, 2, 2, 4, 4, 8], ["a", "b", "b", "c", "c", "d"], [1, 1, 2, 2, 3, 3])

    assert chain.forecasters.tolist() == ["a", "b", "c", "d"]
    assert chain.ability[0] < 0 < chain.ability[3]


def test_a_leaderboard_ranks_by_mean_gain_and_shares_ranks_of_equals() -> None:
    gain, who = [3, 1, 2, 2, 0, 0], ["a", "a", "b", "b", "c", "c"]

    places = leaderboard(gain, np.ones(6), who, clusters=[1, 2, 1, 2, 1, 2])

    assert [(place.forecaster, place.value, place.rank) for place in places] == [("a", 2, 1), ("b", 2, 1), ("c", 0, 3)]
    assert (places[2].low_rank, places[2].high_rank) == (3, 3)


def test_rank_intervals_tell_luck_from_skill() -> None:
    generator = np.random.default_rng(7)
    skills = np.array([1.0, 0.0, 0.0, 0.0])
    who, cluster = np.repeat(np.arange(4), 200), np.tile(np.arange(200), 4)
    places = leaderboard(skills[who] + generator.normal(size=800), np.ones(800), who, cluster)

    assert (places[0].forecaster, places[0].low_rank, places[0].high_rank) == (0, 1, 1)
    assert all(place.high_rank - place.low_rank >= 1 for place in places[1:])
    assert all(place.low_rank <= place.rank <= place.high_rank for place in places)


def test_the_same_rows_give_the_same_board() -> None:
    rows = ([1, 2, 0, 4], [1, 1, 1, 1], [1, 1, 2, 2], [1, 2, 1, 2])

    assert leaderboard(*rows) == leaderboard(*rows)


@given(
    st.lists(st.tuples(st.floats(-10, 10), st.floats(0.1, 5)), min_size=2, max_size=20),
)
def test_shrinking_draws_every_value_towards_the_mean_and_never_past_it(rows: list[tuple[float, float]]) -> None:
    values, errors = (np.array(column) for column in zip(*rows, strict=True))
    result = shrunk(values, errors)

    kept = result.values - result.mean
    assert np.all(np.abs(kept) <= np.abs(values - result.mean) + 1e-9)
    assert np.all(kept * (values - result.mean) >= -1e-9)


def test_shrinking_by_hand() -> None:
    # Equal errors of 1: heterogeneity (-3)² + 3² = 18, so that the variance between is (18 - 1) / (2 - 1) = 17.
    result = shrunk([-3, 3], [1, 1])

    assert result.values.tolist() == pytest.approx([-3 * 17 / 18, 3 * 17 / 18])
    assert (result.mean, result.spread) == pytest.approx((0, 17**0.5))
    assert shrunk([-0.1, 0.1], [1, 1]).values.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: paired_difference([1], [1, 2], [1]), "a, b, clusters and weights"),
        (lambda: paired_difference([1, 2], [1, 2], [1, 2], weights=[1]), "a, b, clusters and weights"),
        (lambda: paired_difference([1, 2], [1, 2], [1, 1]), "clusters"),
        (lambda: earlier_base_rate([1, 2], [1], [1]), "known_at and y"),
        (lambda: earlier_base_rate([1], [2], [1]), "y"),
        (lambda: two_way([1], [1, 2], [1]), "score, forecaster and prediction"),
        (lambda: two_way([], [], []), "score, forecaster and prediction"),
        (lambda: leaderboard([1], [0], [1], [1]), "weights"),
        (lambda: leaderboard([1], [1], [1, 2], [1]), "gain, weights, forecaster and clusters"),
        (lambda: leaderboard([1], [1], [1], [1], replicates=0), "replicates"),
        (lambda: leaderboard([1], [1], [1], [1], level=0), "level"),
        (lambda: shrunk([1], [1]), "values and errors"),
        (lambda: shrunk([1, 2], [1, 0]), "errors"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} must"):
        call()
