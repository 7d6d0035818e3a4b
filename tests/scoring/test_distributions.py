import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from forecasts.scoring.distributions import crps_date, interval_coverage, numeric_log_score, pit, pit_histogram
from forecasts.scoring.rules import crps_cdf


def test_it_works() -> None:
    # 200 bins and both ends open: the reference gives each bin (1 - 2 x 0.05) / 200.
    inside = numeric_log_score(0.02, 200, 2, outside=0)

    assert inside == pytest.approx(50 * math.log(0.02 / (0.9 / 200)))
    assert numeric_log_score(0.02, 200, 2, outside=1) == pytest.approx(50 * math.log(0.02 / 0.05))


@pytest.mark.parametrize("open_ends", [0, 1, 2])
def test_the_reference_itself_scores_0(open_ends: int) -> None:
    assert numeric_log_score((1 - 0.05 * open_ends) / 50, 50, open_ends, outside=0) == pytest.approx(0, abs=1e-12)


def test_a_date_after_the_limit_is_just_not_before_it() -> None:
    days, cdf = [0, 100], [0, 0.4]
    at_limit = crps_cdf(days, cdf, 100)

    assert crps_date(days, cdf, [100, 500, math.inf]).tolist() == [at_limit, at_limit, at_limit]
    # The integral of F² up to the limit, F = 0.004 x.
    assert at_limit == pytest.approx(0.4**2 * 100 / 3)


def test_all_probability_on_not_before_the_limit_is_perfect_when_nothing_happened() -> None:
    assert crps_date([0, 100], [0, 0], math.inf) == 0
    assert crps_date([0, 100], [0, 0], 30) == 70


def test_the_pit_is_the_cdf_at_the_outcome() -> None:
    assert pit([0, 10], [0, 1], 3) == (0.3, 0.3)
    assert pit([0, 10], [0.1, 0.8], -1) == (0, 0)
    assert pit([0, 10], [0.1, 0.8], 11) == (1, 1)


def test_at_a_point_mass_the_pit_is_a_range() -> None:
    assert pit([0, 5, 5, 10], [0, 0.2, 0.6, 1], 5) == (0.2, 0.6)
    assert pit([0, 10], [0.1, 0.8], 0) == (0, 0.1)
    assert pit([0, 10], [0.1, 0.8], 10) == (0.8, 1)


def test_a_histogram_spreads_point_masses_and_closes_bins_on_the_left() -> None:
    result = pit_histogram([0.1, 0.25, 1.0], [0.4, 0.25, 1.0], bins=4)

    # A third each: 0.15 / 0.3 of the first lies in either of two bins; 0.25 opens the second; 1 is in the last.
    assert result.shares.tolist() == pytest.approx([1 / 3 * 0.5, 1 / 3 * 0.5 + 1 / 3, 0, 1 / 3])
    assert result.edges.tolist() == [0, 0.25, 0.5, 0.75, 1]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), min_size=1), st.integers(1, 20))
def test_shares_of_a_histogram_sum_to_one(ranges: list[list[float]], bins: int) -> None:
    below, at = zip(*ranges, strict=True)

    assert pit_histogram(below, at, bins).shares.sum() == pytest.approx(1)


@given(st.integers(1, 3_000), st.integers(1, 20), st.sampled_from([0.5, 0.9, 0.99]))
def test_the_band_is_that_of_a_binomial_count(n: int, bins: int, level: float) -> None:
    values = np.linspace(0, 1, n)
    result = pit_histogram(values, values, bins, level)

    exact = stats.binom(n, 1 / bins)
    for count, target in ((result.low * n, (1 - level) / 2), (result.high * n, (1 + level) / 2)):
        assert exact.cdf(round(count)) >= target - 1e-9
        assert exact.cdf(round(count) - 1) < target + 1e-9


def test_coverage_counts_both_ends_as_inside() -> None:
    result = interval_coverage([0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0.5, 2], nominal=0.8)

    assert (result.inside, result.n, result.rate, result.nominal) == (3, 4, 3 / 4, 0.8)
    assert (result.interval.low, result.interval.high) == pytest.approx(
        tuple(stats.binomtest(3, 4).proportion_ci(method="wilson"))
    )


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: numeric_log_score(2, 10, 0, 0), "p_bin"),
        (lambda: numeric_log_score(0.5, 0, 0, 0), "bins"),
        (lambda: numeric_log_score(0.5, 10, 3, 0), "open_ends"),
        (lambda: numeric_log_score(0.5, 10, 0, 1), "outside"),
        (lambda: crps_date([0, 1], [0, 1], math.nan), "y"),
        (lambda: crps_date([1, 0], [0, 1], 1), "days"),
        (lambda: pit([0, 1], [1, 0], 0), "cdf"),
        (lambda: pit([0, 1], [0, 0.5, 1], 0), "thresholds and cdf"),
        (lambda: pit_histogram([], []), "below and at"),
        (lambda: pit_histogram([0.5], [0.4]), "below"),
        (lambda: pit_histogram([0.5], [0.5], bins=0), "bins"),
        (lambda: pit_histogram([0.5], [0.5], level=1), "level"),
        (lambda: interval_coverage([1], [0], [0], 0.5), "lower"),
        (lambda: interval_coverage([0], [1], [0], 1), "nominal"),
        (lambda: interval_coverage([], [], [], 0.5), "lower, upper and y"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} must"):
        call()
