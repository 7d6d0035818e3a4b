"""Nobody gains in expectation by saying anything but the truth. Expectations are exact sums, not simulations."""

from collections.abc import Callable
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from forecasts.scoring import (
    baseline,
    brier,
    brier_multi,
    crps_cdf,
    crps_ensemble,
    crps_quantiles,
    interval_score,
    log_multi,
    log_score,
    numeric_log_score,
    ordered_brier,
    pinball,
    rps,
    spherical,
    weighted_interval_score,
)

Floats = NDArray[np.float64]

chances = st.floats(0.001, 0.999)
levels = st.floats(0.01, 0.99)
POINTS = np.array([-3.0, -1.0, 0.0, 2.0, 7.0])  # uneven, on both sides of 0


def shares(size: int) -> st.SearchStrategy[Floats]:
    """Probabilities of `size` things, none of them 0."""
    weights = st.lists(st.integers(1, 100), min_size=size, max_size=size)
    return weights.map(lambda w: np.array(w) / sum(w))


pairs = st.integers(2, 7).flatmap(lambda size: st.tuples(shares(size), shares(size)))
truths, others = shares(POINTS.size), shares(POINTS.size)


@pytest.mark.parametrize("rule", [brier, log_score])
@given(chances, chances)
def test_two_way_rules_are_lowest_at_the_truth(rule: Callable[..., Floats], truth: float, other: float) -> None:
    honest, shaded = (truth * rule(p, 1) + (1 - truth) * rule(p, 0) for p in (truth, other))

    assert honest <= shaded + 1e-12
    assert honest < shaded or abs(truth - other) < 1e-5


@pytest.mark.parametrize("rule", [brier_multi, log_multi, rps, ordered_brier])
@given(pairs)
def test_rules_of_options_are_lowest_at_the_truth(rule: Callable[..., Floats], pair: tuple[Floats, Floats]) -> None:
    truth, other = pair
    k = np.arange(truth.size)

    assert truth @ rule(truth, k) <= truth @ rule(other, k) + 1e-12


@given(pairs)
def test_rewards_of_options_are_highest_at_the_truth(pair: tuple[Floats, Floats]) -> None:
    truth, other = pair
    k = np.arange(truth.size)

    assert truth @ spherical(truth, k) >= truth @ spherical(other, k) - 1e-12
    assert truth @ baseline(truth, k.size) >= truth @ baseline(other, k.size) - 1e-9


@pytest.mark.parametrize("open_ends", [0, 1, 2])
@given(st.data())
def test_the_log_score_of_numbers_is_highest_at_the_truth(open_ends: int, data: st.DataObject) -> None:
    bins = 4
    truth, other = (data.draw(shares(bins + open_ends)) for _ in range(2))
    outside = np.arange(bins + open_ends) >= bins

    honest, shaded = (truth @ numeric_log_score(p, bins, open_ends, outside) for p in (truth, other))
    assert honest >= shaded - 1e-9


def quantile(truth: Floats, level: float) -> float:
    """The least point below or at which at least `level` lies."""
    return float(POINTS[np.argmax(np.cumsum(truth) >= level - 1e-12)])


@given(truths, levels, st.floats(-10, 10))
def test_pinball_is_lowest_at_the_quantile(truth: Floats, tau: float, other: float) -> None:
    assert truth @ pinball(quantile(truth, tau), POINTS, tau) <= truth @ pinball(other, POINTS, tau) + 1e-9


@given(truths, st.floats(0.01, 0.99), st.lists(st.floats(-10, 10), min_size=2, max_size=2).map(sorted))
def test_an_interval_score_is_lowest_at_the_central_interval(truth: Floats, alpha: float, other: list[float]) -> None:
    central = quantile(truth, alpha / 2), quantile(truth, 1 - alpha / 2)

    honest, shaded = (truth @ interval_score(*ends, POINTS, alpha) for ends in (central, other))
    assert honest <= shaded + 1e-9


@given(truths, st.lists(st.floats(-10, 10), min_size=5, max_size=5).map(sorted))
def test_a_weighted_interval_score_is_lowest_at_the_quantiles(truth: Floats, other: list[float]) -> None:
    alphas = [0.1, 0.5]
    quantiles = [quantile(truth, level) for level in (0.05, 0.25, 0.5, 0.75, 0.95)]

    def expected(points: list[float]) -> float:
        outer, inner, middle, inner_high, outer_high = points
        ends = np.tile([outer, inner], (POINTS.size, 1)), np.tile([outer_high, inner_high], (POINTS.size, 1))
        return float(truth @ weighted_interval_score(middle, *ends, alphas, POINTS))

    moved = [[*quantiles[:i], float(point), *quantiles[i + 1 :]] for i, point in product(range(5), POINTS)]
    for points in [other, *(points for points in moved if points == sorted(points))]:
        assert expected(quantiles) <= expected(points) + 1e-9


def expected_crps(forecast: Floats, truth: Floats, members: int, fair: bool) -> float:
    """Over every ensemble that could be drawn from the forecast, and every outcome."""
    draws = list(product(range(POINTS.size), repeat=members))
    chance = np.prod(forecast[np.array(draws)], axis=1)
    losses = crps_ensemble(POINTS[np.array(draws)][:, None, :], POINTS[None, :], fair=fair)
    return float(chance @ losses @ truth)


@pytest.mark.parametrize("members", [2, 3])
@given(truth=truths, other=others)
def test_the_fair_crps_is_lowest_for_members_drawn_from_the_truth(members: int, truth: Floats, other: Floats) -> None:
    honest, shaded = (expected_crps(forecast, truth, members, fair=True) for forecast in (truth, other))

    assert honest <= shaded + 1e-9


def test_the_plain_crps_of_a_small_sample_pays_for_too_little_spread() -> None:
    """Which is why there is a fair one. Two members at 0 or 1, and 1 comes true with probability 0.6.

    With members at 1 with probability f, the plain score expects 0.6 - 0.2 f - f (1 - f) / 2, lowest at f = 0.7.
    """
    f = np.linspace(0, 1, 101)
    draws = np.array(list(product([0.0, 1.0], repeat=2)))
    chance = np.where(draws[:, 0], f[:, None], 1 - f[:, None]) * np.where(draws[:, 1], f[:, None], 1 - f[:, None])

    plain, fair = (
        chance @ (0.4 * crps_ensemble(draws, 0, fair=fair) + 0.6 * crps_ensemble(draws, 1, fair=fair))
        for fair in (False, True)
    )
    assert plain.tolist() == pytest.approx((0.6 - 0.2 * f - f * (1 - f) / 2).tolist())
    assert (f[np.argmin(plain)], f[np.argmin(fair)]) == pytest.approx((0.7, 0.6))


@given(truths, others)
def test_the_crps_of_a_distribution_is_lowest_at_the_truth(truth: Floats, other: Floats) -> None:
    """The truth lies on points; the forecasts are steps there, or lines between them."""
    steps = np.repeat(POINTS, 2)
    risen, of_other = (np.concatenate([[0.0], np.cumsum(p)]).clip(0, 1) for p in (truth, other))
    honest = truth @ crps_cdf(steps, np.repeat(risen, 2)[1:-1], POINTS)

    assert honest <= truth @ crps_cdf(steps, np.repeat(of_other, 2)[1:-1], POINTS) + 1e-9
    assert honest <= truth @ crps_cdf(POINTS, of_other[1:], POINTS) + 1e-9


NODES, HALVES = leggauss(5)  # exact for the polynomials that the CRPS is between thresholds


@given(st.data())
def test_the_crps_of_quantiles_is_lowest_at_the_truth(data: st.DataObject) -> None:
    """The truth runs in straight lines through its quantiles, from one end of the range to the other."""
    at = [0.1, 0.5, 0.9]
    values = st.lists(st.integers(1, 99), min_size=3, max_size=3, unique=True).map(sorted)
    truth, other = data.draw(values), data.draw(values)
    edges, mass = np.array([0, *truth, 100.0]), np.diff([0, *at, 1.0])

    def expected(forecast: list[int]) -> float:
        total = 0.0
        for low, high, share in zip(edges[:-1], edges[1:], mass, strict=True):
            cuts = np.unique([low, high, *(v for v in forecast if low < v < high)])
            for a, b in pairwise(cuts):
                y = (a + b) / 2 + (b - a) / 2 * NODES
                total += share * (b - a) / (high - low) * (HALVES / 2 @ crps_quantiles(at, forecast, y, 0, 100))
        return total

    assert expected(truth) <= expected(other) + 1e-9
