import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from forecasts.scoring.aggregation import (
    extremised,
    geometric_mean_of_odds,
    mean_cdf,
    mean_quantiles,
    median,
    recency_weighted_median,
    trimmed_mean,
)

crowds = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=30)
POOLS = [median, recency_weighted_median, geometric_mean_of_odds, trimmed_mean]


def test_it_works() -> None:
    p = [0.1, 0.5, 0.9, 0.8]

    assert median(p) == pytest.approx((0.5 + 0.8) / 2)
    odds = (1 / 9 * 1 * 9 * 4) ** (1 / 4)
    assert geometric_mean_of_odds(p) == pytest.approx(odds / (1 + odds))
    assert extremised(p, 2) == pytest.approx(odds**2 / (1 + odds**2))
    assert trimmed_mean(p, 0.25) == pytest.approx((0.5 + 0.8) / 2)


def test_the_newest_forecasts_weigh_most() -> None:
    # Weights of four, oldest first: exp(1 - 2), exp(1.414 - 2), exp(1.732 - 2), 1; the last two hold 1.765 of 2.689.
    assert recency_weighted_median([0.1, 0.2, 0.8, 0.9]) == 0.8
    assert recency_weighted_median([0.9, 0.8, 0.2, 0.1]) == 0.2
    assert recency_weighted_median([0.3]) == 0.3


@given(crowds)
def test_the_weighted_median_has_half_of_the_weight_on_each_side(p: list[float]) -> None:
    weight = np.exp(np.sqrt(np.arange(1, len(p) + 1)) - math.sqrt(len(p)))
    middle, forecasts = float(recency_weighted_median(p)), np.array(p)

    assert weight[forecasts < middle].sum() <= weight.sum() / 2 + 1e-9
    assert weight[forecasts > middle].sum() <= weight.sum() / 2 + 1e-9


@pytest.mark.parametrize("pool", POOLS)
@given(crowds)
def test_a_crowd_stays_among_its_members_and_agrees_with_itself(pool: Callable[..., float], p: list[float]) -> None:
    assert min(p) - 1e-12 <= pool(p) <= max(p) + 1e-12
    assert pool([p[0]] * 5) == pytest.approx(p[0])
    assert 1 - pool([1 - value for value in p]) == pytest.approx(pool(p))


@given(crowds, st.floats(0, 0.49))
def test_the_trimmed_mean_agrees_with_scipy(p: list[float], share: float) -> None:
    assert trimmed_mean(p, share) == pytest.approx(stats.trim_mean(p, share))


def test_rows_are_pooled_one_by_one() -> None:
    rows = np.array([[0.1, 0.6, 0.7], [0.5, 0.2, 0.9]])

    for pool in POOLS:
        assert pool(rows).tolist() == [pool(row) for row in rows]


def test_certainty_is_clipped_before_it_becomes_infinite_odds() -> None:
    assert geometric_mean_of_odds([0, 1]) == pytest.approx(0.5)
    assert geometric_mean_of_odds([1, 1]) == pytest.approx(0.9999)


def test_extremising_moves_away_from_even_odds() -> None:
    assert extremised([0.7, 0.7], 1.5) > 0.7
    assert extremised([0.3, 0.3], 1.5) < 0.3
    assert extremised([0.5, 0.5], 9) == 0.5


def test_cdfs_are_averaged_up_and_quantiles_across() -> None:
    assert mean_cdf([[0, 0.5, 1], [0.5, 1, 1]]).tolist() == [0.25, 0.75, 1]
    assert mean_quantiles([[0, 2, 4], [10, 12, 14]]).tolist() == [5, 7, 9]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: median([]), "p"),
        (lambda: median([0.5, math.nan]), "p"),
        (lambda: trimmed_mean([0.5], 0.5), "share"),
        (lambda: extremised([0.5], 0.9), "factor"),
        (lambda: extremised([0.5], math.nan), "factor"),
        (lambda: mean_cdf([0, 1]), "cdfs"),
        (lambda: mean_cdf([[1, 0]]), "cdfs"),
        (lambda: mean_cdf([[0, 2]]), "cdfs"),
        (lambda: mean_quantiles([[2, 1]]), "values"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} must"):
        call()
