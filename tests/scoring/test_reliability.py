import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_diagnostics.scoring import LogLoss, SquaredError, decompose
from sklearn.isotonic import IsotonicRegression

from forecasts.scoring.reliability import (
    TickTable,
    binned,
    brier_total,
    consistency_band,
    corp,
    mean_brier,
    mean_log,
    miscalibration_test,
    tick_table,
)
from forecasts.scoring.rules import brier, log_loss_nano
from tests.scoring.strategies import forecasts, some_rows, tables

HAND = TickTable.from_rows([(2_000, 4, 2), (6_000, 5, 2), (9_000, 1, 1)], independent=True)


def calibrated(n: int, seed: int) -> TickTable:
    """Forecasts on the hundredths, as people give them, and outcomes drawn with just these probabilities."""
    generator = np.random.default_rng(seed)
    p = generator.integers(0, 101, n) / 100
    return tick_table(p, (generator.random(n) < p).astype(int))


def test_it_works() -> None:
    # Rates 2/4, 2/5 and 1/1: the first two fall and are pooled to 4/9.
    result = corp(HAND)

    assert [(b.low_tick, b.high_tick, b.weight, b.weight_yes) for b in result.blocks] == [
        (2_000, 6_000, 9, 4),
        (9_000, 9_000, 1, 1),
    ]
    score = (2 * 0.8**2 + 2 * 0.2**2 + 2 * 0.4**2 + 3 * 0.6**2 + 1 * 0.1**2) / 10
    recalibrated = (9 * (4 / 9) * (5 / 9) + 0) / 10
    assert result.score == pytest.approx(score, abs=1e-15)
    assert result.uncertainty == pytest.approx(0.5 * 0.5, abs=1e-15)
    assert result.miscalibration == pytest.approx(score - recalibrated, abs=1e-15)
    assert result.discrimination == pytest.approx(0.25 - recalibrated, abs=1e-15)


def test_a_table_sums_equal_ticks_and_leaves_out_what_weighs_nothing() -> None:
    table = TickTable.from_rows([(7_000, 2, 1), (100, 3, 0), (7_000, 5, 5), (4_000, 0, 0)])

    assert (table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist()) == ([100, 7_000], [3, 7], [0, 6])
    assert (table.total, table.total_yes) == (10, 6)


@given(some_rows)
def test_the_order_and_grouping_of_rows_do_not_matter(rows: list[tuple[int, int, int]]) -> None:
    singles = [(tick, 1, int(i < yes)) for tick, weight, yes in reversed(rows) for i in range(weight)]

    one, other = TickTable.from_rows(rows), TickTable.from_rows(singles)

    assert np.array_equal([one.ticks, one.weight, one.weight_yes], [other.ticks, other.weight, other.weight_yes])


def test_a_table_of_forecasts_counts_each_once_and_takes_them_for_separate_predictions() -> None:
    table = tick_table([0.7, 0.2, 0.7], [1, 0, 0])

    assert (table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist()) == ([2_000, 7_000], [1, 2], [0, 1])
    assert table.independent
    assert not tick_table([0.7, 0.2], [1, 0], weight=[500_000, 250_000]).independent


def test_a_finer_grid_or_none_keeps_what_ticks_would_merge() -> None:
    p, y = [0.12341, 0.12342], [0, 1]

    assert tick_table(p, y).ticks.size == 1
    assert tick_table(p, y, decimals=5).ticks.tolist() == [12_341, 12_342]
    assert tick_table(p, y, decimals=None).p.tolist() == p


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([0.5, math.nan], [1, 0]), "p"),
        (([0.5], [2]), "y"),
        (([0.5], [1], [0.5]), "weight"),
        (([0.5], [1], [-1]), "weight"),
        (([0.5, 0.5], [1]), "p, y and weight"),
        (([[0.5]], [[1]]), "p, y and weight"),
    ],
)
def test_a_table_refuses_bad_columns_by_name(arguments: tuple[list[float], ...], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} must"):
        tick_table(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (([2, 1], [1, 1], [0, 0]), "ticks"),
        (([10_001], [1], [0]), "ticks"),
        (([1], [0], [0]), "weight"),
        (([1], [1], [2]), "weight_yes"),
        (([1], [1, 1], [0]), "ticks, weight and weight_yes"),
    ],
)
def test_a_table_that_is_not_canonical_cannot_exist(columns: tuple[list[int], ...], named: str) -> None:
    ticks, weight, weight_yes = (np.array(column) for column in columns)
    with pytest.raises(ValueError, match=f"^{named} must"):
        TickTable(ticks, weight, weight_yes, independent=True)


def test_an_empty_table_has_no_score() -> None:
    empty = TickTable.from_rows([], independent=True)

    assert empty.total == 0
    for function in (mean_brier, mean_log, corp, consistency_band, miscalibration_test):
        with pytest.raises(ValueError, match=r"^table must"):
            function(empty)


def test_sums_beyond_64_bits_stay_exact() -> None:
    full_weight_forecasts = 10**7
    weight = full_weight_forecasts * 10**6
    table = TickTable.from_rows([(0, weight, weight), (1, weight, 1)])

    assert brier_total(table) == weight * 10_000**2 + (weight - 1) * 1**2 + 9_999**2
    assert corp(table).blocks[0].weight == 2 * weight


@given(st.lists(st.tuples(st.integers(0, 1_000_000_000), st.integers(1, 10**15)), min_size=1, max_size=20))
def test_sums_on_any_grid_and_of_any_weights_are_exact(rows: list[tuple[int, int]]) -> None:
    """Up to nine decimals, whose squares nearly fill 64 bits by themselves."""
    for decimals in (4, 9):
        scale = 10**decimals
        ticks, weight = (np.array(column) for column in zip(*rows, strict=True))
        table = TickTable.summed(ticks % (scale + 1), weight, weight // 3, independent=False, scale=scale)
        terms = zip(table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist(), strict=True)

        assert brier_total(table) == sum((w - yes) * tick**2 + yes * (scale - tick) ** 2 for tick, w, yes in terms)


@given(tables)
def test_the_mean_brier_score_is_exact(table: TickTable) -> None:
    terms = zip(table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist(), strict=True)
    exact = sum(Fraction((w - k) * tick**2 + k * (10_000 - tick) ** 2, 10**8) for tick, w, k in terms)

    assert mean_brier(table) == float(exact / table.total)


@given(tables)
def test_the_mean_log_score_is_the_mean_of_stored_integers(table: TickTable) -> None:
    terms = zip(table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist(), strict=True)
    nano = sum((w - k) * log_loss_nano(tick, 0) + k * log_loss_nano(tick, 1) for tick, w, k in terms)

    assert mean_log(table) == nano / (10**9 * table.total)


@given(forecasts)
def test_on_raw_floats_both_means_are_those_of_the_forecasts(rows: list[tuple[float, int]]) -> None:
    p, y = zip(*rows, strict=True)
    table = tick_table(p, y, decimals=None)

    assert mean_brier(table) == pytest.approx(np.mean(brier(p, y)), abs=1e-14)
    certain_and_wrong = any(p == 1 - y for p, y in rows)
    assert math.isinf(mean_log(table)) == certain_and_wrong


@given(tables, st.sampled_from(["brier", "log"]))
def test_the_parts_add_up_and_none_is_negative(table: TickTable, rule: str) -> None:
    result = corp(table, rule)  # type: ignore[arg-type]

    parts = result.miscalibration - result.discrimination + result.uncertainty
    assert result.score == pytest.approx(parts, abs=1e-12)
    assert min(result.miscalibration, result.discrimination, result.uncertainty) >= -1e-12


@given(tables)
def test_blocks_rise_strictly_and_share_out_the_whole_table(table: TickTable) -> None:
    blocks = corp(table).blocks

    assert sum(block.weight for block in blocks) == table.total
    assert sum(block.weight_yes for block in blocks) == table.total_yes
    rates = [Fraction(block.weight_yes, block.weight) for block in blocks]
    assert all(a < b for a, b in pairwise(rates))


@given(tables)
def test_the_curve_agrees_with_isotonic_regression_of_scikit_learn(table: TickTable) -> None:
    oracle = IsotonicRegression(y_min=0, y_max=1).fit_transform(
        table.p, table.weight_yes / table.weight, sample_weight=table.weight
    )

    ours = np.concatenate(
        [
            np.full(np.count_nonzero((table.ticks >= b.low_tick) & (table.ticks <= b.high_tick)), b.rate)
            for b in corp(table).blocks
        ]
    )
    known = ~np.isnan(oracle)  # last-bit ties make it return NaN
    assert ours[known] == pytest.approx(oracle[known], abs=1e-9)


@pytest.mark.parametrize(("rule", "loss"), [("brier", SquaredError()), ("log", LogLoss())])
def test_the_decomposition_agrees_with_model_diagnostics(rule: str, loss: object) -> None:
    generator = np.random.default_rng(8)
    p = generator.integers(1, 100, 400) / 100
    y = (generator.random(400) < p**1.3).astype(int)

    oracle = decompose(y_obs=y, y_pred=p, scoring_function=loss).row(0, named=True)

    ours = corp(tick_table(p, y, decimals=None), rule)  # type: ignore[arg-type]
    theirs = [oracle[name] for name in ("score", "miscalibration", "discrimination", "uncertainty")]
    assert [ours.score, ours.miscalibration, ours.discrimination, ours.uncertainty] == pytest.approx(theirs, abs=1e-9)


def test_only_the_brier_and_the_log_score_are_decomposed() -> None:
    with pytest.raises(ValueError, match=r"^rule must"):
        corp(HAND, "spherical")  # type: ignore[arg-type]


def test_the_band_holds_the_curve_of_calibrated_forecasters_nine_times_in_ten() -> None:
    tables = [calibrated(300, seed) for seed in range(60)]
    inside = []
    for table in tables:
        band = consistency_band(table, replicates=200)
        curve = np.repeat(
            [b.rate for b in corp(table).blocks],
            [np.count_nonzero((table.ticks >= b.low_tick) & (table.ticks <= b.high_tick)) for b in corp(table).blocks],
        )
        inside.append(np.mean((band.low <= curve) & (curve <= band.high)))

    assert 0.86 < np.mean(inside) < 0.95


def test_the_band_is_around_the_diagonal_and_narrows_with_n() -> None:
    few, many = consistency_band(calibrated(200, 1)), consistency_band(calibrated(20_000, 1))

    diagonal = few.ticks / 10_000
    inner = (diagonal > 0.1) & (diagonal < 0.9)
    assert np.all((few.low < diagonal)[inner] & (diagonal < few.high)[inner])
    assert np.mean(many.high - many.low) < np.mean(few.high - few.low) / 3


def test_a_wider_level_gives_a_wider_band() -> None:
    table = calibrated(200, 1)
    narrow, wide = consistency_band(table, level=0.5), consistency_band(table, level=0.9)

    assert np.all(wide.low <= narrow.low)
    assert np.all(narrow.high <= wide.high)


def test_the_same_table_shows_the_same_band_and_another_table_another() -> None:
    one, again, other = (consistency_band(calibrated(100, seed)) for seed in (1, 1, 2))

    assert one.seed == again.seed != other.seed
    assert np.array_equal(one.low, again.low)
    assert consistency_band(calibrated(100, 1), seed=5).seed == 5


def test_p_values_of_calibrated_forecasters_are_uniform() -> None:
    p_values = [miscalibration_test(calibrated(150, seed), replicates=200).p_value for seed in range(200)]

    # 200 draws: the share under 10 % has standard error sqrt(0.1 x 0.9 / 200) = 2.1 %.
    assert abs(np.mean(np.array(p_values) <= 0.1) - 0.1) < 3 * math.sqrt(0.1 * 0.9 / 200)
    assert abs(np.mean(p_values) - 0.5) < 3 * math.sqrt(1 / 12 / 200)


def test_an_over_confident_forecaster_is_found_out() -> None:
    generator = np.random.default_rng(3)
    truth = generator.random(400)
    stated = np.round(1 / (1 + ((1 - truth) / truth) ** 2), 2)
    result = miscalibration_test(tick_table(stated, (generator.random(400) < truth).astype(int)))

    assert result.p_value == 1 / 1001
    assert result.excess == result.miscalibration - result.null_mean > 0


def test_the_tested_miscalibration_is_that_of_the_curve() -> None:
    table = calibrated(300, 4)

    assert miscalibration_test(table).miscalibration == pytest.approx(corp(table).miscalibration, abs=1e-15)


def test_forecasts_without_doubt_that_came_true_cannot_be_rejected() -> None:
    assert miscalibration_test(tick_table([0, 1, 1], [0, 1, 1])).p_value == 1


def test_shared_outcomes_are_refused_a_band_and_a_test() -> None:
    shared = TickTable.from_rows([(7_000, 40, 30)])

    for function in (consistency_band, miscalibration_test):
        with pytest.raises(ValueError, match=r"^table must have one forecast per prediction"):
            function(shared)


@pytest.mark.parametrize(("name", "value"), [("level", 0.0), ("level", 1.0), ("replicates", 0)])
def test_a_band_refuses_what_makes_no_sense(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"^{name} must"):
        consistency_band(HAND, **{name: value})  # type: ignore[arg-type]


def test_bins_are_closed_on_the_left_and_one_belongs_to_the_last() -> None:
    table = tick_table([0.1, 0.2999, 0.3, 0.3, 1.0], [0, 1, 1, 0, 1])

    found = [(b.low, b.high, b.weight, b.weight_yes) for b in binned(table)]

    assert found == [(0.1, 0.2, 1, 0), (0.2, 0.3, 1, 1), (0.3, 0.4, 2, 1), (0.9, 1.0, 1, 1)]


def test_a_bin_gives_mean_forecast_rate_and_interval_of_independent_outcomes_only() -> None:
    rows = [(6_500, 4, 3), (7_500, 6, 4)]
    (one,) = binned(TickTable.from_rows(rows, independent=True), edges=[0, 0.6, 0.8, 1])
    (shared,) = binned(TickTable.from_rows(rows), edges=[0, 0.6, 0.8, 1])

    assert one.mean == (4 * 0.65 + 6 * 0.75) / 10
    assert one.rate == 7 / 10
    assert one.interval is not None
    assert (one.interval.low, one.interval.high) == pytest.approx((0.3968, 0.8922), abs=5e-5)
    assert shared.interval is None


@given(tables, st.integers(1, 30))
def test_every_forecast_is_in_exactly_one_bin(table: TickTable, bins: int) -> None:
    found = binned(table, bins=bins)

    assert sum(b.weight for b in found) == table.total
    assert all(b.low <= b.mean < b.high or b.mean == b.high == 1 for b in found)


@pytest.mark.parametrize("edges", [[0.1, 1], [0, 0.9], [0, 0.5, 0.5, 1], [0, 2]])
def test_edges_that_do_not_cover_everything_are_refused(edges: list[float]) -> None:
    with pytest.raises(ValueError, match=r"^edges must"):
        binned(HAND, edges=edges)
    with pytest.raises(ValueError, match=r"^bins must"):
        binned(HAND, bins=0)
