import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from forecasts.scoring.reliability import TickTable, miscalibration_test, tick_table
from forecasts.scoring.special import beta_cdf
from forecasts.scoring.uncertainty import (
    Verdict,
    cluster_bootstrap,
    display,
    jeffreys,
    n_eff,
    verdict,
    wilson,
)

counts = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


def test_it_works() -> None:
    interval = wilson(7, 10)

    assert (round(interval.low, 4), round(interval.high, 4)) == (0.3968, 0.8922)
    assert (interval.level, interval.method) == (0.95, "wilson")


@given(counts, levels)
def test_wilson_agrees_with_scipy(count: tuple[int, int], level: float) -> None:
    oracle = stats.binomtest(*count).proportion_ci(level, method="wilson")
    interval = wilson(*count, level)

    assert (interval.low, interval.high) == pytest.approx((oracle.low, oracle.high), abs=1e-12)


@given(counts, levels)
def test_jeffreys_is_the_beta_posterior_and_reaches_the_ends(count: tuple[int, int], level: float) -> None:
    k, n = count
    posterior = stats.beta(k + 0.5, n - k + 0.5)
    interval = jeffreys(k, n, level)

    low, high = posterior.interval(level)
    assert interval.low == pytest.approx(low if k else 0, abs=1e-10)
    assert interval.high == pytest.approx(high if k < n else 1, abs=1e-10)


@given(st.floats(0, 1), st.floats(0.5, 1e4), st.floats(0.5, 1e4))
@example(1 - 2**-53, 0.5, 0.5)
def test_the_beta_distribution_agrees_with_scipy(x: float, a: float, b: float) -> None:
    # From the nearer end: at the last bit before 1 scipy's own cdf is 3e-9 off.
    oracle = stats.beta.cdf(x, a, b) if x < 0.5 else 1 - stats.beta.cdf(1 - x, b, a)

    assert beta_cdf(x, a, b) == pytest.approx(oracle, abs=1e-9)


def test_the_beta_distribution_is_right_where_scipy_is_not() -> None:
    # I_x(1/2, 1/2) = 1 - 2/pi asin(sqrt(1 - x)), which is 1 - 2/pi sqrt(2^-53) one bit before 1.
    x = 1 - 2**-53

    assert beta_cdf(x, 0.5, 0.5) == pytest.approx(1 - 2 / math.pi * math.sqrt(2**-53), abs=1e-15)
    assert abs(stats.beta.cdf(x, 0.5, 0.5) - beta_cdf(x, 0.5, 0.5)) > 2e-9


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((1, 0), "n"), ((-1, 5), "k"), ((6, 5), "k"), ((1, 5, 0.0), "level"), ((1, 5, 1.0), "level")],
)
def test_intervals_refuse_what_makes_no_sense(arguments: tuple[int, int], named: str) -> None:
    for interval in (wilson, jeffreys):
        with pytest.raises(ValueError, match=f"^{named} must"):
            interval(*arguments)


def test_what_may_be_shown_depends_on_the_number_of_predictions_alone() -> None:
    shown = {n: display(n) for n in (0, 9, 10, 29, 30, 99, 100, 10**7)}

    assert list(shown.values()) == ["list", "list", "scores", "scores", "curve", "curve", "all", "all"]


def test_equal_weights_are_worth_their_number_and_one_heavy_weight_about_one() -> None:
    assert n_eff([3, 3, 3, 3]) == (3 + 3 + 3 + 3) ** 2 / (4 * 3**2) == 4
    assert n_eff([1_000, 1, 1]) == 1_002**2 / (1_000**2 + 2)
    assert n_eff([]) == 0


def test_a_bootstrap_gives_the_ratio_of_sums_with_an_interval_around_it() -> None:
    estimate = cluster_bootstrap([1, 2, 3, 4, 5, 6], [10, 10, 10, 10, 10, 10], ["a", "a", "b", "b", "c", "c"])

    assert estimate.value == (1 + 2 + 3 + 4 + 5 + 6) / 60
    assert estimate.interval.low < estimate.value < estimate.interval.high
    assert (estimate.clusters, estimate.replicates) == (3, 1000)


def test_order_and_names_of_clusters_do_not_change_the_interval() -> None:
    top, bottom = np.array([1, 5, 2, 8, 3]), np.array([2, 9, 4, 9, 6])
    names = np.array([1, 1, 2, 3, 4])
    order = np.array([4, 2, 0, 3, 1])

    assert cluster_bootstrap(top, bottom, names) == cluster_bootstrap(top[order], bottom[order], 100 - names[order])


def test_updates_of_one_prediction_do_not_narrow_the_interval() -> None:
    generator = np.random.default_rng(2)
    losses, clusters = generator.random(40), np.arange(40)

    once = cluster_bootstrap(losses, np.ones(40), clusters)
    fifty_times = cluster_bootstrap(np.repeat(losses, 50), np.ones(2_000), np.repeat(clusters, 50), seed=once.seed)

    assert fifty_times.interval.low == pytest.approx(once.interval.low)
    assert fifty_times.interval.high == pytest.approx(once.interval.high)


@pytest.mark.parametrize("n", [10, 30])
def test_the_bootstrap_covers_the_truth_about_as_often_as_it_says(n: int) -> None:
    generator = np.random.default_rng(5)
    trials = 600
    hits = 0
    for _ in range(trials):
        p = generator.random(n)
        y = generator.random(n) < p
        interval = cluster_bootstrap((p - y) ** 2, np.ones(n), np.arange(n), replicates=400).interval
        hits += interval.low <= 1 / 6 <= interval.high  # the mean of p (1 - p) over [0, 1]

    assert abs(hits / trials - 0.95) < 4 * math.sqrt(0.95 * 0.05 / trials)


def test_an_interval_stays_within_the_values_that_the_ratio_can_take() -> None:
    free = cluster_bootstrap([0, 0, 0, 1], np.ones(4), np.arange(4)).interval
    bound = cluster_bootstrap([0, 0, 0, 1], np.ones(4), np.arange(4), bounds=(0, 1)).interval

    assert free.low < 0
    assert (bound.low, bound.high) == (0, min(free.high, 1))


def test_losses_all_alike_leave_no_doubt() -> None:
    interval = cluster_bootstrap(np.full(12, 0.3), np.ones(12), np.arange(12)).interval

    assert interval.low == interval.high == pytest.approx(0.3)


def test_a_cluster_without_weight_says_nothing() -> None:
    assert cluster_bootstrap([1, 2, 0], [4, 4, 0], [1, 2, 3]) == cluster_bootstrap([1, 2], [4, 4], [1, 2])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([1, math.nan], [1, 1], [1, 2]), "numerators"),
        (([1, 1], [1, -1], [1, 2]), "denominators"),
        (([1, 1], [1, 0], [1, 2]), "numerators"),
        (([1, 1], [1, 1], [1, 1]), "clusters"),
        (([1, 1], [1, 1], [1]), "numerators, denominators and clusters"),
    ],
)
def test_a_bootstrap_refuses_bad_columns_by_name(arguments: tuple[list[float], ...], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} must"):
        cluster_bootstrap(*arguments)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^replicates must"):
        cluster_bootstrap([1, 2], [1, 1], [1, 2], replicates=0)
    with pytest.raises(ValueError, match=r"^level must"):
        cluster_bootstrap([1, 2], [1, 1], [1, 2], level=1)


def of(rows: list[tuple[int, int, int]]) -> Verdict:
    table = TickTable.from_rows(rows, independent=True)
    return verdict(table, miscalibration_test(table))


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([(2_000, 100, 21), (7_000, 100, 69)], Verdict.WELL_CALIBRATED),
        ([(2_000, 100, 5), (7_000, 100, 45)], Verdict.TOO_HIGH),
        ([(2_000, 100, 45), (7_000, 100, 90)], Verdict.TOO_LOW),
        ([(1_000, 100, 35), (9_000, 100, 65)], Verdict.OVER_CONFIDENT),
        ([(3_000, 100, 5), (7_000, 100, 95)], Verdict.UNDER_CONFIDENT),
        ([(3_000, 400, 160), (5_000, 800, 320), (7_000, 400, 320)], Verdict.NOT_WELL_CALIBRATED),
        ([(1_000, 10, 9), (9_000, 19, 1)], Verdict.TOO_EARLY),
    ],
)
def test_the_verdict_names_the_fault(rows: list[tuple[int, int, int]], word: Verdict) -> None:
    assert of(rows) is word


def test_a_fault_that_chance_explains_is_no_fault() -> None:
    assert of([(7_000, 28, 18), (2_000, 5, 1)]) is Verdict.WELL_CALIBRATED


def test_too_many_overdue_predictions_leave_no_verdict() -> None:
    table = TickTable.from_rows([(1_000, 100, 35), (9_000, 100, 65)], independent=True)
    test = miscalibration_test(table)

    assert verdict(table, test, overdue_share=0.05) is Verdict.OVER_CONFIDENT
    assert verdict(table, test, overdue_share=0.051) is Verdict.TOO_EARLY


def test_shared_outcomes_are_refused_a_verdict() -> None:
    separate = tick_table([0.7] * 40, [1] * 40)
    shared = TickTable.from_rows([(7_000, 40, 40)])

    with pytest.raises(ValueError, match=r"^table must"):
        verdict(shared, miscalibration_test(separate))
