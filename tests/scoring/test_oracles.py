"""Against other people's implementations and exhaustive enumeration, on inputs chosen to break one of the two.

Where an oracle is wrong, a test says so with the arithmetic.
"""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
import scores
import scoringrules
import xarray
from hypothesis import given
from hypothesis import strategies as st
from model_diagnostics.scoring import LogLoss, SquaredError, decompose
from numpy.typing import NDArray
from scipy import integrate, optimize, special, stats
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss

from forecasts.scoring import (
    TickTable,
    auc,
    binned,
    brier_multi,
    cluster_bootstrap,
    consistency_band,
    corp,
    cox,
    crps_ensemble,
    crps_quantiles,
    e_process,
    ece,
    interval_score,
    log_multi,
    miscalibration_test,
    murphy,
    options_to_ticks,
    pinball,
    pit,
    smooth_ece,
    spiegelhalter,
    tick_table,
    to_ticks,
    weighted_interval_score,
)
from forecasts.scoring.reliability import Rule

Floats = NDArray[np.float64]


def drawn(n: int, seed: int, decimals: int) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    p = np.round(generator.random(n), decimals)
    return p, (generator.random(n) < p**1.2).astype(float)


BIT = np.spacing(0.3)
CASES: dict[str, tuple[Floats, Floats]] = {
    name: (np.array(p, dtype=float), np.array(y, dtype=float))
    for name, (p, y) in {
        "one yes": ([0.7], [1]),
        "one no": ([0.7], [0]),
        "one surprise": ([0.0], [1]),
        "two in order": ([0.2, 0.7], [0, 1]),
        "two against": ([0.2, 0.7], [1, 0]),
        "two alike": ([0.4, 0.4], [0, 1]),
        "constant": ([0.3] * 7, [0, 1, 0, 0, 1, 0, 0]),
        "one class": ([0.1, 0.5, 0.5, 0.9], [1, 1, 1, 1]),
        "certain and right": ([0, 0, 1, 1], [0, 0, 1, 1]),
        "certain and wrong": ([0, 0, 1, 1], [1, 1, 0, 0]),
        "certain and mixed": ([0, 0, 1, 1, 0.5], [0, 1, 0, 1, 1]),
        "separated": ([0.1, 0.2, 0.3, 0.6, 0.7], [0, 0, 0, 1, 1]),
        "separated but for a tie": ([0.1, 0.3, 0.3, 0.6], [0, 0, 1, 1]),
        "against the order": ([0.1, 0.2, 0.4, 0.6, 0.8], [1, 1, 0, 0, 0]),
        "last bits apart": ([0.3, 0.3 + BIT, 0.3 + 2 * BIT, 0.3 + 3 * BIT, 0.9], [1, 0, 1, 0, 1]),
        "around the smallest number": ([0.0, 5e-324, 1e-300, 0.5, 1 - 2**-53, 1.0], [0, 1, 0, 1, 0, 1]),
        "many ties": drawn(300, 1, decimals=1),
        "no ties": drawn(300, 2, decimals=15),
    }.items()
}


def rates(p: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """The distinct forecasts, how many each, and how often each came true."""
    values, place, n = np.unique(p, return_inverse=True, return_counts=True)
    return values, n.astype(float), np.bincount(place, y) / n


@pytest.mark.parametrize("name", CASES)
def test_corp_on_raw_floats_agrees_with_the_isotonic_regression_of_scipy(name: str) -> None:
    p, y = CASES[name]
    values, n, rate = rates(p, y)
    fit = optimize.isotonic_regression(rate, weights=n).x
    base = np.full_like(rate, y.mean())

    def brier_of(forecast: Floats) -> float:
        return float(np.average(rate * (1 - forecast) ** 2 + (1 - rate) * forecast**2, weights=n))

    def log_of(forecast: Floats) -> float:
        return float(np.average(-special.xlogy(rate, forecast) - special.xlog1py(1 - rate, -forecast), weights=n))

    means: tuple[tuple[Rule, Callable[[Floats], float]], ...] = (("brier", brier_of), ("log", log_of))
    for rule, mean in means:
        ours = corp(tick_table(p, y, decimals=None), rule)
        score, best, unskilled = mean(values), mean(fit), mean(base)
        expected = (score, score - best, unskilled - best, unskilled)
        assert (ours.score, ours.miscalibration, ours.discrimination, ours.uncertainty) == pytest.approx(
            expected, abs=1e-12
        )


@pytest.mark.parametrize("name", CASES)
def test_murphy_and_spiegelhalter_on_raw_floats_agree_with_their_definitions(name: str) -> None:
    p, y = CASES[name]
    values, n, rate = rates(p, y)
    parts, test = murphy(tick_table(p, y, decimals=None)), spiegelhalter(tick_table(p, y, decimals=None))

    assert parts.reliability == pytest.approx(np.average((values - rate) ** 2, weights=n), abs=1e-12)
    assert parts.resolution == pytest.approx(np.average((rate - y.mean()) ** 2, weights=n), abs=1e-12)
    assert parts.uncertainty == pytest.approx(np.var(y), abs=1e-12)
    assert test.value == pytest.approx(np.mean((y - p) * (1 - 2 * p)), abs=1e-12)
    deviation = math.sqrt(np.sum((1 - 2 * p) ** 2 * p * (1 - p)))
    assert test.z == (pytest.approx(test.value * p.size / deviation, rel=1e-9) if deviation else None)


@pytest.mark.parametrize("name", CASES)
def test_auc_on_raw_floats_agrees_with_the_mann_whitney_statistic_of_scipy(name: str) -> None:
    p, y = CASES[name]
    ours, yes, no = auc(tick_table(p, y, decimals=None)), p[y == 1], p[y == 0]

    if not yes.size or not no.size:
        assert ours is None
        return
    assert ours is not None
    assert ours.value == pytest.approx(stats.mannwhitneyu(yes, no).statistic / (yes.size * no.size), abs=1e-12)
    assert ours.interval is None or 0 <= ours.interval.low <= ours.value <= ours.interval.high <= 1


@pytest.mark.parametrize("name", ["constant", "certain and mixed", "many ties", "no ties"])
def test_cox_on_raw_floats_solves_the_equations_as_scipy_does(name: str) -> None:
    p, y = CASES[name]
    ours = cox(tick_table(p, y, decimals=None))
    x = special.logit(np.clip(p, 1e-4, 1 - 1e-4))

    def score(fit: Floats) -> Floats:
        residual = y - special.expit(fit[0] + fit[1] * x)
        return np.array([residual.sum(), residual @ x])

    if name == "constant":
        assert ours is None
        return
    oracle = optimize.root(score, [0.0, 1.0], tol=1e-14).x
    assert ours is not None
    assert (ours.intercept, ours.slope) == pytest.approx(oracle.tolist(), abs=1e-12)


def test_cox_counts_weights_as_scikit_learn_does() -> None:
    p, y = drawn(200, 3, decimals=2)
    weight = np.random.default_rng(4).integers(1, 1_000_000, p.size)
    x = special.logit(np.clip(p, 1e-4, 1 - 1e-4))[:, None]
    oracle = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(x, y, weight / weight.mean())

    ours = cox(tick_table(p, y, weight=weight))

    assert ours is not None
    assert (ours.intercept, ours.slope) == pytest.approx((oracle.intercept_[0], oracle.coef_[0, 0]), abs=1e-4)


@pytest.mark.parametrize(("rule", "loss"), [("brier", SquaredError()), ("log", LogLoss())])
@pytest.mark.parametrize("seed", [5, 6])
def test_the_decomposition_with_weights_agrees_with_model_diagnostics(rule: Rule, loss: object, seed: int) -> None:
    generator = np.random.default_rng(seed)
    p, y = generator.integers(1, 100, 300) / 100, generator.integers(0, 2, 300)
    weight = generator.integers(1, 1_000_000, p.size)
    oracle = decompose(y_obs=y, y_pred=p, weights=weight.astype(float), scoring_function=loss).row(0, named=True)

    ours = corp(tick_table(p, y, weight=weight), rule)

    assert ours.miscalibration == pytest.approx(oracle["miscalibration"], abs=2e-9)
    assert ours.discrimination == pytest.approx(oracle["discrimination"], abs=2e-9)
    assert ours.score == pytest.approx(oracle["score"], abs=2e-9)


def test_last_bit_ties_make_scikit_learn_answer_nan_and_not_us() -> None:
    p, y = np.array([0.1, 0.9, np.nextafter(0.9, 1)]), np.array([0, 1, 1])
    oracle = IsotonicRegression().fit_transform(p, y)
    blocks = corp(tick_table(p, y, decimals=None)).blocks

    assert np.isnan(oracle).tolist() == [False, False, True]
    # 0 of 1, and 2 of 2: equal rates are one block.
    assert [(block.rate, block.weight) for block in blocks] == [(0, 1), (1, 2)]


def test_the_groups_agree_with_the_calibration_curve_of_scikit_learn_off_the_edges() -> None:
    generator = np.random.default_rng(7)
    p, y = generator.integers(0, 1_000, 500) / 1_000 + 0.0005, generator.integers(0, 2, 500)
    rate, mean = calibration_curve(y, p, n_bins=10)
    groups = binned(tick_table(p, y))

    assert [group.rate for group in groups] == pytest.approx(rate.tolist())
    assert [group.mean for group in groups] == pytest.approx(mean.tolist())
    gaps = [group.weight / 500 * abs(m - r) for group, m, r in zip(groups, mean, rate, strict=True)]
    assert ece(tick_table(p, y)) == pytest.approx(sum(gaps))


def test_on_an_edge_scikit_learn_closes_bins_on_the_right_and_we_on_the_left() -> None:
    p, y = [0.25, 0.5, 0.75], [0, 1, 0]
    _, theirs = calibration_curve(y, p, n_bins=2)

    assert theirs.tolist() == [(0.25 + 0.5) / 2, 0.75]
    assert [group.mean for group in binned(tick_table(p, y), bins=2)] == [0.25, (0.5 + 0.75) / 2]


def test_smooth_ece_counts_certain_forecasts_fully() -> None:
    """At 0 and 1 half of a kernel lies outside; reflected, its mass stays. A half of it lost would give 0.25 here."""
    certain = TickTable.from_rows([(0, 4, 2), (10_000, 4, 4)])

    assert smooth_ece(certain) == pytest.approx(_by_quadrature(certain), abs=1e-4)
    assert smooth_ece(TickTable.from_rows([(10_000, 4, 2)])) == pytest.approx(0.5, abs=1e-9)


def _by_quadrature(table: TickTable) -> float:
    residual = (table.weight_yes - table.weight * table.p) / table.total
    grid = np.linspace(0, 1, 2_001)[:, None]

    def gap(sigma: float) -> float:
        images = [sign * table.p + 2 * turn for sign in (1, -1) for turn in range(-3, 4)]
        smoothed = sum(stats.norm.pdf(grid - image, scale=sigma) for image in images) @ residual
        return float(integrate.trapezoid(np.abs(smoothed), grid[:, 0])) - sigma

    return float(optimize.brentq(gap, 0.01, 1))


def all_outcomes(table: TickTable) -> tuple[Floats, Floats, Floats]:
    """Every count of yes that could have come about: its probability, its curve and its miscalibration."""
    counts = np.array(list(product(*(range(w + 1) for w in table.weight.tolist()))))
    chance = np.prod(stats.binom.pmf(counts, table.weight, table.p), axis=1)
    curves = np.array([optimize.isotonic_regression(k / table.weight, weights=table.weight).x for k in counts])
    rate = counts / table.weight
    loss_gap = (rate - table.p) ** 2 - (rate - curves) ** 2
    return chance, curves, loss_gap @ table.weight / table.total


def test_the_test_of_miscalibration_agrees_with_the_sum_over_all_outcomes() -> None:
    table = TickTable.from_rows([(2_000, 5, 2), (5_000, 6, 1), (7_000, 4, 4)], independent=True)
    chance, _, miscalibration = all_outcomes(table)
    ours, replicates = miscalibration_test(table, replicates=20_000), 20_000
    exact = chance[miscalibration >= ours.miscalibration - 1e-12].sum()

    assert 0.02 < exact < 0.5
    assert abs(ours.p_value - exact) < 4 * math.sqrt(exact * (1 - exact) / replicates)
    null_mean = chance @ miscalibration
    deviation = math.sqrt(chance @ (miscalibration - null_mean) ** 2)
    assert abs(ours.null_mean - null_mean) < 4 * deviation / math.sqrt(replicates)


def test_the_band_agrees_with_the_sum_over_all_outcomes() -> None:
    """The limits leave at most 5 % outside on either side, and would not if they were any tighter."""
    table = TickTable.from_rows([(2_000, 7, 2), (5_000, 6, 1), (7_000, 5, 4)], independent=True)
    chance, curves, _ = all_outcomes(table)
    band = consistency_band(table, level=0.9, replicates=20_000)
    error = 4 * math.sqrt(0.05 * 0.95 / 20_000)

    for i in range(table.ticks.size):
        assert chance[curves[:, i] < band.low[i] - 1e-9].sum() < 0.05 + error
        assert chance[curves[:, i] <= band.low[i] + 1e-9].sum() > 0.05 - error
        assert chance[curves[:, i] > band.high[i] + 1e-9].sum() < 0.05 + error
        assert chance[curves[:, i] >= band.high[i] - 1e-9].sum() > 0.05 - error


def test_the_band_of_one_value_is_that_of_a_binomial_rate() -> None:
    band = consistency_band(TickTable.from_rows([(3_000, 400, 120)], independent=True), replicates=20_000)

    low, high = stats.binom.ppf([0.05, 0.95], 400, 0.3) / 400
    assert (band.low[0], band.high[0]) == pytest.approx((low, high), abs=1.01 / 400)


def test_the_cluster_bootstrap_agrees_with_the_sum_over_all_samples() -> None:
    """Four clusters make 256 samples. The limits turn the quantiles of t = (ratio - value) / error round."""
    top, weight = np.array([1.0, 4.0, 2.0, 9.0]), np.array([5.0, 7.0, 6.0, 11.0])

    def ratio(drawn: NDArray[np.int64]) -> tuple[Floats, Floats]:
        w = weight[drawn].sum(axis=-1)
        r = top[drawn].sum(axis=-1) / w
        return r, np.sqrt(((top[drawn] - r[..., None] * weight[drawn]) ** 2).sum(axis=-1)) / w

    value, error = ratio(np.arange(4))
    r, e = ratio(np.array(list(product(range(4), repeat=4))))
    t = np.sort((r - value) / np.sqrt((e**2 * 4 + error**2) / 5))
    interval = cluster_bootstrap(top, weight, np.arange(4), level=0.9, replicates=50_000).interval

    slack = 4 * math.sqrt(0.05 * 0.95 / 50_000)
    for limit, tail in ((interval.low, 0.95), (interval.high, 0.05)):
        lowest, highest = np.quantile(t, [tail - slack, tail + slack], method="inverted_cdf")
        assert value - highest * error - 1e-9 <= limit <= value - lowest * error + 1e-9


def test_the_e_process_of_two_outcomes_by_hand() -> None:
    """The mean, over 81 pairs of shift and slope, of the likelihood under them over that under p."""
    p, y = [0.8, 0.3], [0, 1]
    ratios = []
    for shift in np.linspace(-1, 1, 9):
        for slope in 4.0 ** np.linspace(-1, 1, 9):
            q1, q2 = (1 / (1 + math.exp(-shift) * ((1 - x) / x) ** slope) for x in p)
            ratios.append(((1 - q1) / 0.2, (1 - q1) / 0.2 * q2 / 0.3))

    assert (10 ** e_process(p, y).log10).tolist() == pytest.approx(np.mean(ratios, axis=0).tolist())


@given(st.integers(0, 10**7))
def test_ticks_agree_with_decimal_arithmetic(millionths: int) -> None:
    exact = (Decimal(millionths) / 1_000).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)

    assert to_ticks(millionths / 10**7) == int(exact)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any))
def test_ticks_of_options_agree_with_largest_remainders_in_fractions(weights: list[int]) -> None:
    scaled = [Fraction(10_000 * weight, sum(weights)) for weight in weights]
    ticks = [math.floor(share) for share in scaled]
    by_remainder = sorted(range(len(weights)), key=lambda i: (ticks[i] - scaled[i], i))
    for i in by_remainder[: 10_000 - sum(ticks)]:
        ticks[i] += 1

    assert options_to_ticks([weight / sum(weights) for weight in weights]).tolist() == ticks


@given(st.lists(st.integers(1, 50), min_size=3, max_size=8), st.integers(0, 7))
def test_rules_of_options_agree_with_scikit_learn(weights: list[int], k: int) -> None:
    p, k = np.array(weights) / sum(weights), k % len(weights)
    labels = np.arange(len(weights))

    assert log_multi(p, k) == pytest.approx(log_loss([k], [p], labels=labels))
    assert brier_multi(p, k) == pytest.approx(brier_score_loss([k], [p], labels=labels, scale_by_half=False))


numbers = st.floats(-100, 100)


@given(st.lists(numbers, min_size=2, max_size=10), numbers)
def test_rules_of_numbers_agree_with_scores(x: list[float], y: float) -> None:
    low, high = min(x), max(x)

    def array(*values: float) -> xarray.DataArray:
        return xarray.DataArray(list(values), dims=["member"])

    for fair, method in ((False, "ecdf"), (True, "fair")):
        oracle = scores.probability.crps_for_ensemble(array(*x), xarray.DataArray(y), "member", method=method)
        assert crps_ensemble(x, y, fair=fair) == pytest.approx(float(oracle), abs=1e-9)
    oracle = scores.continuous.quantile_score(array(low, high), array(y, y), 0.3)
    assert np.mean(pinball([low, high], y, 0.3)) == pytest.approx(float(oracle), abs=1e-9)
    oracle = scores.continuous.interval_score(array(low), array(high), array(y), interval_range=0.8)
    assert interval_score(low, high, y, 0.2) == pytest.approx(float(oracle["total"]), abs=1e-8)


def test_the_weighted_interval_score_of_scoringrules_adds_the_median_itself_and_not_its_distance() -> None:
    """Half of the median plus alpha / 2 of every interval score, over K + 1/2. Version 0.10, on numpy."""
    intervals = 0.1 / 2 * (6 - 0) + 0.5 / 2 * (5 - 1)
    arguments = np.array([0.0, 1.0]), np.array([6.0, 5.0]), np.array([0.1, 0.5])

    ours = weighted_interval_score(3, *arguments, 4)
    theirs = scoringrules.weighted_interval_score(4.0, 3.0, *arguments)

    assert ours == pytest.approx((0.5 * abs(4 - 3) + intervals) / 2.5)
    assert theirs == pytest.approx((0.5 * 3 + intervals) / 2.5)


@given(st.lists(st.integers(1, 99), min_size=2, max_size=6, unique=True).map(sorted), st.integers(-20, 120))
def test_crps_of_quantiles_agrees_with_the_quadrature_of_scipy(values: list[int], y: int) -> None:
    levels = np.arange(1, len(values) + 1) / (len(values) + 1)
    x, f = [0, *values, 100], [0, *levels, 1]

    def gap(at: float) -> float:
        return float((np.interp(at, x, f) - (at >= y)) ** 2)

    edges = sorted({*x, y})
    area = sum(integrate.fixed_quad(np.vectorize(gap), a + 1e-12, b - 1e-12, n=3)[0] for a, b in pairwise(edges))
    assert crps_quantiles(levels, values, y, low=0, high=100) == pytest.approx(area, abs=1e-8)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=8, unique=True).map(sorted), st.floats(-60, 60))
def test_the_pit_agrees_with_interpolation(x: list[int], y: float) -> None:
    f = np.linspace(0, 1, len(x))

    assert pit(x, f, y) == pytest.approx((np.interp(y, x, f),) * 2)
