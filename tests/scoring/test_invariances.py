"""What must not matter does not, what must be mirrored is, and nothing leaves its bounds or turns into NaN."""

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forecasts.scoring import (
    TickTable,
    auc,
    binned,
    brier,
    brier_multi,
    calibration_in_the_large,
    cluster_bootstrap,
    confidence_sequence,
    consistency_band,
    corp,
    cox,
    crps_cdf,
    crps_ensemble,
    crps_quantiles,
    display,
    e_process,
    ece,
    interval_score,
    leaderboard,
    log_multi,
    log_score,
    mean_brier,
    mean_log,
    miscalibration_test,
    murphy,
    murphy_corrected,
    murphy_diagram,
    ordered_brier,
    pinball,
    pit_histogram,
    rps,
    sharpness,
    smooth_ece,
    spherical,
    spiegelhalter,
    two_way,
    verdict,
    weighted_interval_score,
    wilson,
)
from forecasts.scoring.reliability import Rule
from tests.scoring.strategies import forecasts, tables

RULES: tuple[Rule, ...] = ("brier", "log")

THETAS = np.linspace(0, 1, 21)
STATISTICS: dict[str, Callable[[TickTable], object]] = {
    "mean_brier": mean_brier,
    "mean_log": mean_log,
    "corp": corp,
    "corp_log": lambda table: corp(table, "log"),
    "calibration_in_the_large": calibration_in_the_large,
    "spiegelhalter": spiegelhalter,
    "cox": cox,
    "murphy": murphy,
    "murphy_corrected": murphy_corrected,
    "smooth_ece": smooth_ece,
    "ece": ece,
    "auc": auc,
    "sharpness": sharpness,
    "murphy_diagram": lambda table: murphy_diagram(table, THETAS),
    "binned": binned,
}
MORE: dict[str, Callable[[TickTable], object]] = {
    "consistency_band": lambda table: consistency_band(table, replicates=5),
    "miscalibration_test": lambda table: miscalibration_test(table, replicates=5),
    "verdict": lambda table: verdict(table, miscalibration_test(table, replicates=5)),
}
numbers = st.integers(-1_000, 1_000).map(lambda n: n / 8)  # exact, so that ties stay ties
ensembles = st.lists(numbers, min_size=2, max_size=12)


def flat(value: Any) -> Iterator[float]:
    """Every number in a result, in order."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from flat(getattr(value, field.name))
    elif isinstance(value, np.ndarray | tuple | list):
        for part in np.asarray(value, dtype=object).ravel() if isinstance(value, np.ndarray) else value:
            yield from flat(part)
    elif value is not None and not isinstance(value, str | bool):
        yield float(value)


def of(rows: Sequence[tuple[float, int]]) -> TickTable:
    p, y = (np.array(column) for column in zip(*rows, strict=True))
    return TickTable.summed(np.rint(p * 10_000).astype(int), np.ones_like(y), y, independent=True, scale=10_000)


@pytest.mark.parametrize("name", {**STATISTICS, **MORE})
@given(tables)
def test_no_statistic_is_ever_nan_or_infinite(name: str, table: TickTable) -> None:
    assume(table.total > 1)  # the correction of Murphy's parts needs two

    assert all(math.isfinite(number) for number in flat({**STATISTICS, **MORE}[name](table)))


@pytest.mark.parametrize("name", STATISTICS)
@given(rows=forecasts, random=st.randoms(use_true_random=False))
def test_the_order_of_forecasts_does_not_matter(name: str, rows: list[tuple[float, int]], random: Any) -> None:
    assume(len(rows) > 1)
    shuffled = random.sample(rows, len(rows))

    assert list(flat(STATISTICS[name](of(shuffled)))) == list(flat(STATISTICS[name](of(rows))))


PLAIN = sorted(set(STATISTICS) - {"murphy_corrected", "binned"})


@pytest.mark.parametrize("name", PLAIN)
@given(tables)
def test_forecasts_said_twice_are_forecasts_of_weight_two(name: str, table: TickTable) -> None:
    """Sums, counts and errors apart, which weigh evidence: here only shares and means."""
    once = dataclasses.replace(table, independent=False)
    twice = TickTable(table.ticks, 2 * table.weight, 2 * table.weight_yes, independent=False)
    one, two = (STATISTICS[name](each) for each in (once, twice))
    if name.startswith("corp"):
        one, two = (list(flat(each))[:4] for each in (one, two))

    assert list(flat(two)) == pytest.approx(list(flat(one)), abs=1e-7)


def mirrored(table: TickTable) -> TickTable:
    """The same forecasts of the opposite."""
    return TickTable(
        10_000 - table.ticks[::-1], table.weight[::-1], (table.weight - table.weight_yes)[::-1], table.independent
    )


MIRRORED = ["mean_brier", "mean_log", "spiegelhalter", "murphy", "murphy_corrected", "smooth_ece", "auc", "sharpness"]


@pytest.mark.parametrize("name", MIRRORED)
@given(tables)
def test_forecasting_the_opposite_of_the_opposite_changes_nothing(name: str, table: TickTable) -> None:
    assume(table.total > 1)

    assert list(flat(STATISTICS[name](mirrored(table)))) == pytest.approx(list(flat(STATISTICS[name](table))), abs=1e-9)


@given(tables)
def test_the_curve_of_the_opposite_is_the_curve_turned_round(table: TickTable) -> None:
    for rule in RULES:
        there, back = corp(table, rule), corp(mirrored(table), rule)
        parts = ("score", "miscalibration", "discrimination", "uncertainty")
        assert [getattr(back, part) for part in parts] == pytest.approx([getattr(there, p) for p in parts], abs=1e-12)
        turned = [(10_000 - b.high_tick, 10_000 - b.low_tick, b.weight - b.weight_yes) for b in reversed(back.blocks)]
        assert turned == [(b.low_tick, b.high_tick, b.weight_yes) for b in there.blocks]


@given(tables)
def test_shift_and_intercept_of_the_opposite_change_their_sign_and_the_slope_stays(table: TickTable) -> None:
    there, back = cox(table), cox(mirrored(table))

    assert calibration_in_the_large(mirrored(table)).value == pytest.approx(-calibration_in_the_large(table).value)
    assert (there is None) == (back is None)
    if there and back:
        assert back.slope == pytest.approx(there.slope, rel=1e-6, abs=1e-6)
        assert back.intercept == pytest.approx(-there.intercept, rel=1e-6, abs=1e-6)


@given(tables)
def test_recalibration_never_beats_the_outcomes_of_each_value_by_itself(table: TickTable) -> None:
    """The curve must not fall, so it fits no better than the rates of the distinct values."""
    curve, values = corp(table), murphy(table)

    assert curve.miscalibration <= values.reliability + 1e-12
    assert curve.discrimination <= values.resolution + 1e-12
    assert curve.discrimination <= curve.uncertainty + 1e-12


@given(tables)
def test_every_statistic_stays_within_its_bounds(table: TickTable) -> None:
    for bounded in (mean_brier, smooth_ece, ece):
        assert 0 <= bounded(table) <= 1
    assert 0 <= sharpness(table) <= 0.25
    assert 0 <= corp(table).uncertainty <= 0.25
    assert abs(calibration_in_the_large(table).value) <= 1
    ranked = auc(table)
    assert ranked is None or 0 <= ranked.value <= 1
    assert all(0 <= theta_score <= 2 for theta_score in murphy_diagram(table, THETAS))
    assert smooth_ece(table) >= abs(calibration_in_the_large(table).value) - 1e-9


@given(st.lists(st.integers(1, 100), min_size=2, max_size=8), st.integers(0, 7))
def test_rules_of_options_stay_within_their_bounds_and_do_not_depend_on_names(weights: list[int], k: int) -> None:
    p, k = np.array(weights) / sum(weights), k % len(weights)

    assert 0 <= brier_multi(p, k) <= 2
    assert 0 <= rps(p, k) <= len(weights) - 1
    assert 0 <= ordered_brier(p, k) <= 2
    assert 0 < spherical(p, k) <= 1
    assert log_multi(p, k) >= 0
    for rule in (brier_multi, log_multi, spherical):  # in another order
        assert rule(p[::-1], len(weights) - 1 - k) == pytest.approx(rule(p, k))
    assert rps(p[::-1], len(weights) - 1 - k) == pytest.approx(rps(p, k))  # from the other end


@given(st.floats(0, 1), st.integers(0, 1))
def test_rules_of_yes_and_no_are_the_same_for_the_opposite(p: float, y: int) -> None:
    assert brier(1 - p, 1 - y) == pytest.approx(brier(p, y))
    if 0.001 < p < 0.999:
        assert log_score(1 - p, 1 - y) == pytest.approx(log_score(p, y))


@given(ensembles, numbers, st.sampled_from([-2.0, -0.5, 0.25, 4.0]), numbers)
def test_rules_of_numbers_scale_with_their_unit(x: list[float], y: float, unit: float, zero: float) -> None:
    """Also with a negative one, that is, turned round: what was low is then high."""
    points = np.sort(x)
    steps = np.linspace(0, 1, points.size)
    scaled, seen = np.sort(points * unit + zero), y * unit + zero
    low, high, there = points[0], points[-1], sorted((points[0] * unit + zero, points[-1] * unit + zero))
    tau = 0.2 if unit > 0 else 0.8

    def is_scaled(ours: Any, theirs: Any) -> bool:
        return bool(theirs == pytest.approx(abs(unit) * ours, abs=1e-9))

    assert is_scaled(crps_ensemble(points, y), crps_ensemble(scaled, seen))
    assert is_scaled(crps_ensemble(points, y, fair=True), crps_ensemble(scaled, seen, fair=True))
    assert is_scaled(crps_cdf(points, steps, y), crps_cdf(scaled, steps, seen))
    assert is_scaled(crps_quantiles([0.2, 0.8], [low, high], y), crps_quantiles([0.2, 0.8], there, seen))
    assert is_scaled(pinball(low, y, 0.2), pinball(low * unit + zero, seen, tau))
    assert is_scaled(interval_score(low, high, y, 0.2), interval_score(*there, seen, 0.2))
    assert is_scaled(
        weighted_interval_score(low, [low], [high], [0.2], y),
        weighted_interval_score(low * unit + zero, there[:1], there[1:], [0.2], seen),
    )


@given(ensembles, numbers)
def test_the_crps_is_no_less_than_0_and_no_more_than_the_distance_to_the_farthest_member(
    x: list[float], y: float
) -> None:
    assert -1e-9 <= crps_ensemble(x, y) <= np.abs(np.array(x) - y).max() + 1e-9
    assert crps_ensemble([y] * len(x), y) == 0
    assert crps_ensemble(x * 2, y) == pytest.approx(crps_ensemble(x, y))


@given(forecasts)
def test_what_is_read_every_day_is_never_nan(rows: list[tuple[float, int]]) -> None:
    p, y = zip(*rows, strict=True)
    differences = np.array(p) - 0.5

    assert np.all(np.isfinite(e_process(p, y).log10))
    assert all(math.isfinite(number) for number in flat(confidence_sequence(differences, 0.5)))


@given(st.lists(st.tuples(numbers, st.integers(1, 9), st.integers(0, 4), st.integers(0, 3)), min_size=3, max_size=30))
def test_resampled_intervals_hold_their_value_and_are_never_nan(rows: list[tuple[float, int, int, int]]) -> None:
    top, weight, cluster, who = (np.array(column) for column in zip(*rows, strict=True))
    assume(np.unique(cluster).size > 1)
    estimate = cluster_bootstrap(top, weight, cluster, replicates=20)
    places = leaderboard(top, weight, who, cluster, replicates=20)

    assert all(math.isfinite(number) for number in flat(estimate))
    assert estimate.interval.low <= estimate.interval.high
    assert sorted({place.forecaster for place in places}) == np.unique(who).tolist()
    assert all(1 <= place.low_rank <= place.high_rank <= len(places) for place in places)


@given(st.lists(st.tuples(numbers, st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=30))
def test_ability_and_difficulty_do_not_move_when_every_score_does(rows: list[tuple[float, int, int]]) -> None:
    score, who, what = (np.array(column) for column in zip(*rows, strict=True))
    what[:] = np.where(what < 3, 0, what)  # most predictions in common
    assume(all(np.any(what[who == i] == 0) for i in np.unique(who)))
    here, there = two_way(score, who, what), two_way(score + 10, who, what)

    assert there.ability.tolist() == pytest.approx(here.ability.tolist(), abs=1e-7)
    assert there.difficulty.tolist() == pytest.approx((here.difficulty + 10).tolist(), abs=1e-7)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(1, 12))
def test_a_histogram_turned_round_has_its_shares_turned_round(at: list[float], bins: int) -> None:
    inner = [value for value in at if (value * bins) % 1] or [0.5 / bins]  # on an edge the left bin is closed

    there, back = pit_histogram(inner, inner, bins), pit_histogram(*([1 - v for v in inner],) * 2, bins)
    assume(all(((1 - v) * bins) % 1 for v in inner))
    assert back.shares[::-1].tolist() == pytest.approx(there.shares.tolist())


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_of_a_rate_holds_it_stays_in_0_and_1_and_is_mirrored(count: tuple[int, int]) -> None:
    k, n = count
    here, there = wilson(k, n), wilson(n - k, n)

    assert 0 <= here.low <= k / n <= here.high <= 1
    assert (1 - there.high, 1 - there.low) == pytest.approx((here.low, here.high))
    assert display(n) in ("list", "scores", "curve", "all")
