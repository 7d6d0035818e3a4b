import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_diagnostics.scoring import ElementaryScore
from scipy import integrate, stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from forecasts.scoring.decomposition import (
    Floats,
    auc,
    calibration_in_the_large,
    cox,
    ece,
    murphy,
    murphy_corrected,
    murphy_diagram,
    sharpness,
    smooth_ece,
    spiegelhalter,
)
from forecasts.scoring.reliability import TickTable, binned, mean_brier, tick_table
from tests.scoring.strategies import tables

HAND = TickTable.from_rows([(2_000, 4, 2), (6_000, 5, 2), (9_000, 1, 1)], independent=True)
SHARED = TickTable.from_rows([(2_000, 4, 2), (6_000, 5, 2), (9_000, 1, 1)])


def forecasts_of(table: TickTable) -> tuple[Floats, Floats]:
    """One row per unit of weight."""
    p = np.repeat(table.p, table.weight)
    y = np.concatenate([[1] * k + [0] * (w - k) for w, k in zip(table.weight, table.weight_yes, strict=True)])
    return p, y


def two_classes(table: TickTable) -> bool:
    return 0 < table.total_yes < table.total


def sample(n: int, seed: int, distort: Callable[[Floats], Floats]) -> TickTable:
    generator = np.random.default_rng(seed)
    p = generator.uniform(0.02, 0.98, n)
    return tick_table(p, (generator.random(n) < distort(p)).astype(int))


def test_it_works() -> None:
    large = calibration_in_the_large(HAND)

    mean_forecast = (4 * 0.2 + 5 * 0.6 + 1 * 0.9) / 10
    variance = 4 * 0.2 * 0.8 + 5 * 0.6 * 0.4 + 0.9 * 0.1
    assert large.value == pytest.approx(mean_forecast - 5 / 10)
    assert large.z == pytest.approx(10 * (mean_forecast - 5 / 10) / math.sqrt(variance))
    assert large.p_value == pytest.approx(2 * stats.norm.sf(abs(large.z or 0)))


@given(tables)
def test_spiegelhalter_is_the_brier_score_over_its_expectation(table: TickTable) -> None:
    p, y = forecasts_of(table)
    excess = np.mean((p - y) ** 2) - np.mean(p * (1 - p))
    deviation = math.sqrt(np.sum((1 - 2 * p) ** 2 * p * (1 - p)))

    result = spiegelhalter(table)

    assert result.value == pytest.approx(excess, abs=1e-12)
    assert (result.z is None) == (deviation == 0)
    assert result.z is None or result.z == pytest.approx(excess * p.size / deviation, abs=1e-9)


def test_under_calibration_both_z_are_standard_normal() -> None:
    tests = [
        (calibration_in_the_large(table).z, spiegelhalter(table).z)
        for table in (sample(200, seed, lambda p: p) for seed in range(300))
    ]
    for z in np.array(tests).T:
        assert abs(np.mean(z)) < 4 / math.sqrt(300)
        assert abs(np.mean(np.abs(z) > 1.96) - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 300)


def test_shared_outcomes_keep_their_values_and_lose_their_errors() -> None:
    for function in (calibration_in_the_large, spiegelhalter):
        assert function(SHARED).value == function(HAND).value
        assert (function(SHARED).z, function(SHARED).p_value) == (None, None)
    separate, shared = cox(HAND), cox(SHARED)
    assert separate is not None
    assert shared is not None
    assert (shared.slope, shared.intercept_error, shared.slope_error) == (separate.slope, None, None)
    ranked, ranked_shared = auc(HAND), auc(SHARED)
    assert ranked is not None
    assert ranked_shared is not None
    assert (ranked_shared.value, ranked_shared.interval) == (ranked.value, None)


def test_cox_agrees_with_scikit_learn_and_its_errors_with_the_hessian() -> None:
    table = sample(500, 3, lambda p: p**0.7)
    p, y = forecasts_of(table)
    x = np.log(p / (1 - p))[:, None]
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1_000).fit(x, y)

    result = cox(table)

    assert result is not None
    assert (result.intercept, result.slope) == pytest.approx((oracle.intercept_[0], oracle.coef_[0, 0]), abs=1e-5)
    rate = oracle.predict_proba(x)[:, 1]
    design = np.hstack([np.ones_like(x), x])
    errors = np.sqrt(np.diag(np.linalg.inv((design * (rate * (1 - rate))[:, None]).T @ design)))
    assert [result.intercept_error, result.slope_error] == pytest.approx(errors.tolist(), rel=1e-4)


def test_cox_finds_the_slope_that_was_put_in() -> None:
    table = sample(20_000, 4, lambda p: 1 / (1 + np.exp(-(0.3 + 0.6 * np.log(p / (1 - p))))))
    result = cox(table)

    assert result is not None
    assert result.intercept_error is not None
    assert result.slope_error is not None
    assert abs(result.intercept - 0.3) < 3 * result.intercept_error
    assert abs(result.slope - 0.6) < 3 * result.slope_error


@pytest.mark.parametrize(
    "rows",
    [
        [(2_000, 4, 0), (6_000, 5, 0)],
        [(2_000, 4, 4)],
        [(2_000, 4, 0), (6_000, 5, 5)],
        [(2_000, 4, 4), (6_000, 5, 0)],
        [(2_000, 4, 0), (5_000, 4, 2), (6_000, 5, 5)],
        [(5_000, 10, 5)],
        [(0, 5, 2), (1, 5, 3)],
    ],
)
def test_cox_is_silent_where_no_finite_fit_exists(rows: list[tuple[int, int, int]]) -> None:
    assert cox(TickTable.from_rows(rows, independent=True)) is None


@given(tables)
def test_cox_solves_its_equations_wherever_it_answers(table: TickTable) -> None:
    result = cox(table)
    if result is not None:
        x = np.clip(table.p, 1e-4, 1 - 1e-4)
        logit = np.log(x / (1 - x))
        rate = 1 / (1 + np.exp(-(result.intercept + result.slope * logit)))
        residual = table.weight_yes - table.weight * rate
        assert [residual.sum(), residual @ logit] == pytest.approx([0, 0], abs=1e-5 * table.total)


@given(tables)
def test_the_parts_of_murphy_add_up_to_the_brier_score(table: TickTable) -> None:
    decompositions = (murphy, murphy_corrected) if table.total > 1 else (murphy,)
    for parts in (decompose(table) for decompose in decompositions):
        assert parts.reliability - parts.resolution + parts.uncertainty == pytest.approx(mean_brier(table), abs=1e-12)


def test_murphy_by_hand() -> None:
    parts = murphy(HAND)

    assert parts.reliability == pytest.approx((4 * 0.3**2 + 5 * 0.2**2 + 1 * 0.1**2) / 10)
    assert parts.resolution == pytest.approx((4 * 0.0**2 + 5 * 0.1**2 + 1 * 0.5**2) / 10)
    assert parts.uncertainty == 0.5 * 0.5


def test_the_corrected_parts_are_unbiased() -> None:
    generator = np.random.default_rng(6)
    ticks, truth = np.array([2_000, 5_000, 8_000]), np.array([0.3, 0.5, 0.9])
    corrected, plain = [], []
    for _ in range(3_000):
        yes = generator.binomial(8, truth)
        table = TickTable(ticks, np.full(3, 8), yes, independent=True)
        corrected.append(murphy_corrected(table).reliability)
        plain.append(murphy(table).reliability)
    reliability = np.mean((ticks / 10_000 - truth) ** 2)
    noise = np.std(corrected) / math.sqrt(3_000)

    assert abs(np.mean(corrected) - reliability) < 4 * noise
    assert np.mean(plain) - reliability > 20 * noise


def test_the_correction_needs_independent_outcomes() -> None:
    for table in (SHARED, tick_table([0.5], [1])):
        with pytest.raises(ValueError, match=r"^table must"):
            murphy_corrected(table)


@given(tables, st.integers(1, 20))
def test_ece_is_the_mean_gap_of_the_bins(table: TickTable, bins: int) -> None:
    gaps = sum(b.weight * abs(b.mean - b.rate) for b in binned(table, bins=bins))

    assert ece(table, bins) == pytest.approx(gaps / table.total, abs=1e-12)


def test_ece_puts_a_decimal_edge_into_the_bin_that_begins_there() -> None:
    assert ece(tick_table([0.2999, 0.3], [0, 1])) == pytest.approx((0.2999 + 0.7) / 2)
    assert ece(tick_table([0.95, 1.0], [0, 1])) == pytest.approx(0.95 / 2)
    with pytest.raises(ValueError, match=r"^bins must"):
        ece(HAND, bins=0)


def smoothed_error(table: TickTable, sigma: float) -> float:
    """By the definition: the integral of the absolute smoothed residual, with images of every forecast."""
    grid = np.linspace(0, 1, 4_001)[:, None]
    images = [sign * table.p + 2 * turn for sign in (1, -1) for turn in range(-2, 3)]
    kernel = sum(stats.norm.pdf(grid - image, scale=sigma) for image in images)
    height = np.abs(kernel @ (table.weight_yes - table.weight * table.p)) / table.total
    return float(integrate.trapezoid(height, grid[:, 0]))


@pytest.mark.parametrize("table", [HAND, tick_table([0, 0, 1, 1, 0.5], [1, 0, 0, 1, 1]), sample(40, 2, lambda p: p**2)])
def test_smooth_ece_is_the_width_at_which_the_smoothed_error_equals_the_width(table: TickTable) -> None:
    sigma = smooth_ece(table)

    assert smoothed_error(table, sigma) == pytest.approx(sigma, abs=1e-6)


def test_smooth_ece_of_a_constant_gap_and_of_none() -> None:
    assert smooth_ece(TickTable.from_rows([(0, 4, 0), (5_000, 4, 2), (10_000, 4, 4)])) == pytest.approx(0, abs=1e-9)
    # Everything forecast at 0 and half of it true: any kernel keeps the mass 1/2.
    assert smooth_ece(TickTable.from_rows([(0, 4, 2)])) == pytest.approx(0.5, abs=1e-9)


@given(tables.filter(two_classes))
def test_auc_agrees_with_scikit_learn(table: TickTable) -> None:
    p, y = forecasts_of(table)
    result = auc(table)

    assert result is not None
    assert result.value == pytest.approx(roc_auc_score(y, p), abs=1e-12)


def test_the_interval_of_auc_is_delong_by_its_pairs() -> None:
    p, y = forecasts_of(HAND)
    above = (p[y == 1][:, None] > p[y == 0]) + 0.5 * (p[y == 1][:, None] == p[y == 0])
    rows, columns = above.mean(axis=1), above.mean(axis=0)
    error = math.sqrt(np.var(rows, ddof=1) / rows.size + np.var(columns, ddof=1) / columns.size)

    result = auc(HAND)

    assert result is not None
    assert result.interval is not None
    assert result.interval.low == pytest.approx(max(0, above.mean() - 1.959964 * error), abs=1e-6)
    assert result.interval.high == pytest.approx(min(1, above.mean() + 1.959964 * error), abs=1e-6)


def test_auc_needs_both_classes_and_its_interval_two_of_each() -> None:
    assert auc(tick_table([0.2, 0.3], [1, 1])) is None
    one_each = auc(tick_table([0.2, 0.3], [0, 1]))
    assert one_each is not None
    assert (one_each.value, one_each.interval) == (1.0, None)


def test_sharpness_is_the_brier_score_that_forecasts_expect() -> None:
    assert sharpness(HAND) == pytest.approx((4 * 0.2 * 0.8 + 5 * 0.6 * 0.4 + 0.9 * 0.1) / 10)


@given(tables)
def test_the_area_under_a_murphy_diagram_is_the_brier_score(table: TickTable) -> None:
    edges = np.concatenate([[0.0], table.p, [1.0]])
    middles = (edges[:-1] + edges[1:]) / 2  # the diagram is linear between forecasts

    assert murphy_diagram(table, middles) @ np.diff(edges) == pytest.approx(mean_brier(table), abs=1e-12)


@pytest.mark.parametrize("theta", [0.1, 0.3, 0.35, 0.7, 0.95])
def test_a_murphy_diagram_agrees_with_model_diagnostics(theta: float) -> None:
    p, y = forecasts_of(HAND)
    oracle = ElementaryScore(eta=theta, functional="mean", level=0.5)(y_obs=y, y_pred=p)

    assert murphy_diagram(HAND, [theta]) == pytest.approx(2 * oracle, abs=1e-12)


@pytest.mark.parametrize(
    "function",
    [calibration_in_the_large, spiegelhalter, cox, murphy, murphy_corrected, ece, smooth_ece, auc, sharpness],
)
def test_nothing_is_said_of_no_forecasts(function: Callable[[TickTable], object]) -> None:
    with pytest.raises(ValueError, match=r"^table must"):
        function(TickTable.from_rows([], independent=True))
    with pytest.raises(ValueError, match=r"^table must"):
        murphy_diagram(TickTable.from_rows([]), [0.5])
