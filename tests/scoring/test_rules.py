import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Literal

import numpy as np
import pytest
import scores.probability
import scoringrules
import xarray
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, log_loss, mean_pinball_loss

from forecasts.scoring import rules

QUARTERS = [0.25, 0.25, 0.25, 0.25]
numbers = st.floats(-100, 100)
samples = st.lists(numbers, min_size=2, max_size=20)


@st.composite
def option_forecasts(draw: st.DrawFn) -> tuple[list[float], int]:
    weights = draw(st.lists(st.integers(1, 100), min_size=2, max_size=8))
    return [weight / sum(weights) for weight in weights], draw(st.integers(0, len(weights) - 1))


@st.composite
def cdfs(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    size = draw(st.integers(1, 8))
    thresholds = sorted(draw(st.lists(st.integers(-50, 50), min_size=size, max_size=size)))
    cdf = sorted(draw(st.lists(st.floats(0, 1), min_size=size, max_size=size)))
    return [float(x) for x in thresholds], cdf


def test_it_works() -> None:
    p = [0.5, 0.3, 0.2]

    assert rules.brier_multi(p, 1) == pytest.approx(0.5**2 + 0.7**2 + 0.2**2)
    assert rules.rps(p, 1) == pytest.approx(0.5**2 + (0.8 - 1) ** 2)
    assert rules.rps(p, 1, normalise=True) == pytest.approx((0.5**2 + 0.2**2) / 2)
    assert rules.ordered_brier(p, 1) == pytest.approx(0.5**2 + 0.2**2)
    assert rules.log_multi(p, 1) == pytest.approx(-math.log(0.3))
    assert rules.spherical(p, 1) == pytest.approx(0.3 / math.sqrt(0.5**2 + 0.3**2 + 0.2**2))


def test_rows_of_forecasts_broadcast_against_outcomes() -> None:
    p = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])

    assert rules.brier_multi(p, [1, 2]).tolist() == [rules.brier_multi(p[0], 1), rules.brier_multi(p[1], 2)]
    assert rules.rps(p[0], [0, 1, 2]).shape == (3,)


@given(option_forecasts())
def test_two_options_are_the_binary_rules(forecast: tuple[list[float], int]) -> None:
    p, y = forecast[0][0], forecast[1] % 2
    pair = [1 - p, p]

    assert rules.brier_multi(pair, y) == pytest.approx(2 * rules.brier(p, y))
    assert rules.rps(pair, y) == pytest.approx(rules.brier(p, y))
    assert rules.ordered_brier(pair, y) == pytest.approx(2 * rules.brier(p, y))
    assert rules.log_multi(pair, y) == pytest.approx(rules.log_score(p, y))


@given(option_forecasts())
def test_option_rules_agree_with_scoringrules(forecast: tuple[list[float], int]) -> None:
    p, k = forecast
    happened = np.eye(len(p))[k]

    assert rules.rps(p, k) == pytest.approx(scoringrules.rps_score(k + 1, np.array(p)), abs=1e-12)
    assert rules.brier_multi(p, k) == pytest.approx(sum((np.array(p) - happened) ** 2), abs=1e-12)


def test_binary_rules_agree_with_scikit_learn() -> None:
    generator = np.random.default_rng(1)
    p = generator.uniform(0.01, 0.99, 200)
    y = (generator.random(200) < p).astype(int)

    assert np.mean(rules.brier(p, y)) == pytest.approx(brier_score_loss(y, p), abs=1e-14)
    assert np.mean(rules.log_score(p, y)) == pytest.approx(log_loss(y, p), abs=1e-14)
    assert np.mean(rules.pinball(p, y, 0.3)) == pytest.approx(mean_pinball_loss(y, p, alpha=0.3), abs=1e-14)


@pytest.mark.parametrize("k", [2, 4, 10])
def test_an_even_guess_scores_0_and_certainty_100_whatever_the_number_of_options(k: int) -> None:
    assert rules.baseline([1 / k, 1], k).tolist() == pytest.approx([0, 100], abs=1e-12)
    assert rules.baseline(0, k) == -math.inf
    assert rules.baseline(1 / k**2, k) == pytest.approx(-100)


def test_pinball_by_hand() -> None:
    assert rules.pinball(10, [12, 7], 0.9).tolist() == pytest.approx([2 * 0.9, 3 * 0.1])


def test_an_interval_costs_its_width_and_what_it_misses() -> None:
    assert rules.interval_score(2, 6, [4, 1, 9], 0.2).tolist() == pytest.approx([4, 4 + 2 / 0.2 * 1, 4 + 2 / 0.2 * 3])


@given(st.lists(numbers, min_size=2, max_size=2).map(sorted), numbers, st.floats(0.01, 0.99))
def test_an_interval_score_is_its_ends_pinball_losses(ends: list[float], y: float, alpha: float) -> None:
    low, high = ends
    both = rules.pinball(low, y, alpha / 2) + rules.pinball(high, y, 1 - alpha / 2)

    assert rules.interval_score(low, high, y, alpha) == pytest.approx(2 / alpha * both, abs=1e-8)
    assert rules.interval_score(low, high, y, alpha) == pytest.approx(scoringrules.interval_score(y, low, high, alpha))


@given(numbers, st.lists(numbers, min_size=5, max_size=5).map(sorted))
def test_weighted_interval_score_is_the_textbook_sum(y: float, points: list[float]) -> None:
    outer, inner, median, inner_high, outer_high = points
    intervals = [rules.interval_score(outer, outer_high, y, 0.1), rules.interval_score(inner, inner_high, y, 0.5)]
    textbook = (0.5 * abs(y - median) + 0.1 / 2 * intervals[0] + 0.5 / 2 * intervals[1]) / (2 + 0.5)

    ours = rules.weighted_interval_score(median, [outer, inner], [outer_high, inner_high], [0.1, 0.5], y)

    assert ours == pytest.approx(textbook, abs=1e-9)


def test_weighted_interval_scores_of_many_forecasts_at_once() -> None:
    lowers, uppers = [[0.0, 1.0], [2.0, 3.0]], [[6.0, 5.0], [9.0, 8.0]]

    both = rules.weighted_interval_score([3, 5], lowers, uppers, [0.1, 0.5], [4, 10])

    singles = [
        rules.weighted_interval_score(m, low, up, [0.1, 0.5], y)
        for m, low, up, y in zip([3, 5], lowers, uppers, [4, 10], strict=True)
    ]
    assert both.tolist() == pytest.approx(singles)


def test_crps_of_an_ensemble_by_hand() -> None:
    # Members 1 and 3 with outcome 2: mean |x - y| = 1; pairs 1-3 and 3-1 of four are 2 apart.
    assert rules.crps_ensemble([1, 3], 2) == pytest.approx(1 - 0.5 * (2 + 2) / 4)
    assert rules.crps_ensemble([1, 3], 2, fair=True) == pytest.approx(1 - 0.5 * (2 + 2) / 2)


@given(samples, numbers)
def test_crps_of_an_ensemble_agrees_with_scoringrules(x: list[float], y: float) -> None:
    for fair, estimator in ((False, "nrg"), (True, "fair")):
        oracle = scoringrules.crps_ensemble(y, np.array(x), estimator=estimator)
        assert rules.crps_ensemble(x, y, fair=fair) == pytest.approx(oracle, abs=1e-9)


@given(samples, numbers)
def test_an_ensemble_is_the_cdf_with_jumps_at_its_members(x: list[float], y: float) -> None:
    members = np.sort(x)
    steps = np.arange(members.size + 1) / members.size
    jumps = np.repeat(members, 2), np.repeat(steps, 2)[1:-1]

    assert rules.crps_cdf(*jumps, y) == pytest.approx(rules.crps_ensemble(x, y), abs=1e-9)


def test_crps_of_a_uniform_distribution_by_hand() -> None:
    # The integral of x² from 0 to y and of (1 - x)² from y to 1.
    assert rules.crps_cdf([0, 1], [0, 1], [0.3, 2]).tolist() == pytest.approx([(0.3**3 + 0.7**3) / 3, 1 / 3 + 1])


@given(cdfs(), numbers)
def test_crps_of_a_cdf_is_its_integral(curve: tuple[list[float], list[float]], y: float) -> None:
    """Against Simpson's rule on every stretch of the piecewise quadratic, for which it is exact."""
    x, f = (np.array(column) for column in curve)
    edges = np.unique([*x, y])
    middles = (edges[:-1] + edges[1:]) / 2

    def at(points: NDArray[np.float64], side: Literal["left", "right"]) -> NDArray[np.float64]:
        after = np.searchsorted(x, points, side=side)
        left, right = np.clip(after - 1, 0, x.size - 1), np.clip(after, 0, x.size - 1)
        share = np.divide(points - x[left], x[right] - x[left], out=np.zeros(points.size), where=x[right] > x[left])
        inner = f[left] + share * (f[right] - f[left])
        outside = np.where(after == 0, 0.0, 1.0)
        height: NDArray[np.float64] = np.where((after == 0) | (after == x.size), outside, inner) - (middles > y)
        return height

    if edges.size > 1:
        slopes = at(middles, "right")
        starts = at(edges[:-1] + 1e-9 * np.diff(edges), "right")
        ends = at(edges[1:] - 1e-9 * np.diff(edges), "left")
        integral = np.sum(np.diff(edges) * (starts**2 + 4 * slopes**2 + ends**2) / 6)
        assert rules.crps_cdf(x, f, y) == pytest.approx(integral, abs=1e-5)


@pytest.mark.filterwarnings("ignore:numba is not available")
def test_crps_of_a_cdf_agrees_with_scores() -> None:
    x, f, y = np.array([0.0, 1.0, 2.5, 4.0]), np.array([0.0, 0.3, 0.8, 1.0]), 1.7
    oracle = scores.probability.crps_cdf(
        xarray.DataArray([f], dims=["station", "x"], coords={"x": x}),
        xarray.DataArray([y], dims=["station"]),
        threshold_dim="x",
    )

    assert rules.crps_cdf(x, f, y) == pytest.approx(float(oracle["total"]), abs=1e-12)


def test_many_quantiles_approach_the_crps_of_the_normal_distribution() -> None:
    levels = np.arange(1, 2_000) / 2_000
    values = [NormalDist().inv_cdf(level) for level in levels]

    assert rules.crps_quantiles(levels, values, 0.4) == pytest.approx(scoringrules.crps_normal(0.4, 0, 1), abs=2e-4)


def test_tails_run_to_closed_ends_and_sit_on_the_outermost_quantile_where_the_end_is_open() -> None:
    levels, values = [0.1, 0.9], [2, 8]

    assert rules.crps_quantiles(levels, values, 5, low=0, high=10) == rules.crps_cdf([0, 2, 8, 10], [0, 0.1, 0.9, 1], 5)
    assert rules.crps_quantiles(levels, values, 5) == rules.crps_cdf([2, 2, 8, 8], [0, 0.1, 0.9, 1], 5)
    assert rules.crps_quantiles(levels, values, 5, low=0) == rules.crps_cdf([0, 2, 8, 8], [0, 0.1, 0.9, 1], 5)


def test_crps_of_quantiles_takes_many_forecasts_at_once() -> None:
    values = [[2, 8], [3, 4]]

    both = rules.crps_quantiles([0.1, 0.9], values, [5, 6], low=0, high=10)

    singles = [rules.crps_quantiles([0.1, 0.9], v, y, low=0, high=10) for v, y in zip(values, [5, 6], strict=True)]
    assert both.tolist() == singles


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: rules.brier([0.5, 0.5], [1, 0, 1]), "p, y"),
        (lambda: rules.log_score([0.5, math.nan], 1), "p"),
        (lambda: rules.brier_multi(QUARTERS, 4), "k"),
        (lambda: rules.brier_multi(QUARTERS, 0.5), "k"),
        (lambda: rules.brier_multi([QUARTERS, QUARTERS], [0, 1, 2]), "p, k"),
        (lambda: rules.rps([0.5, 0.6], 0), "p"),
        (lambda: rules.baseline(1.2, 2), "p_outcome"),
        (lambda: rules.baseline(0.5, 1), "k"),
        (lambda: rules.pinball(1, 2, 0), "tau"),
        (lambda: rules.pinball(1, math.inf, 0.5), "y"),
        (lambda: rules.interval_score(3, 2, 1, 0.5), "lower"),
        (lambda: rules.interval_score(1, 2, 1, 1), "alpha"),
        (lambda: rules.weighted_interval_score(1, [0, 0], [2, 2], [0.5], 1), "lowers, uppers and alphas"),
        (lambda: rules.weighted_interval_score(1, [3], [2], [0.5], 1), "lowers"),
        (lambda: rules.crps_ensemble([], 1), "x"),
        (lambda: rules.crps_ensemble([1], 1, fair=True), "x"),
        (lambda: rules.crps_cdf([1, 0], [0, 1], 1), "thresholds"),
        (lambda: rules.crps_cdf([0, 1], [1, 0], 1), "cdf"),
        (lambda: rules.crps_cdf([0, 1], [0, 2], 1), "cdf"),
        (lambda: rules.crps_cdf([0, 1, 2], [0, 1], 1), "thresholds and cdf"),
        (lambda: rules.crps_quantiles([0.5, 1], [0, 1], 1), "levels"),
        (lambda: rules.crps_quantiles([0.5], [0, 1], 1), "levels and values"),
        (lambda: rules.crps_quantiles([0.5], [3], 1, low=4), "values"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=rf"^{named} must"):
        call()
