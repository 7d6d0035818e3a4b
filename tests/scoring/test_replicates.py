"""Tables of very many values are simulated in groups of neighbours; that must not show."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring import replicates
from forecasts.scoring.reliability import TickTable, consistency_band, corp, miscalibration_test, tick_table
from forecasts.scoring.replicates import GROUPS, grouped, simulated

TICK = np.arange(10_001)


def dense(n: int, seed: int) -> TickTable:
    """n calibrated forecasts over all ticks, the low ones more frequent, as they are."""
    generator = np.random.default_rng(seed)
    density = (TICK + 100.0) ** -0.5
    weight = generator.multinomial(n, density / density.sum())
    return TickTable.summed(TICK, weight, generator.binomial(weight, TICK / 10_000), independent=True, scale=10_000)


def test_it_works() -> None:
    table = dense(50_000, seed=1)
    groups = grouped(table)

    assert table.ticks.size > 4 * GROUPS
    assert groups.ticks.size <= GROUPS + 1
    assert (groups.total, groups.total_yes) == (table.total, table.total_yes)
    assert groups.weight @ groups.p == pytest.approx(table.weight @ table.p)


@pytest.mark.parametrize("rows", [1, 1_001, GROUPS])
def test_a_table_of_few_values_is_left_alone(rows: int) -> None:
    table = TickTable.from_rows([(tick, 1, tick % 2) for tick in range(rows)], independent=True)

    assert grouped(table) is table


@given(st.integers(0, 2**32), st.sampled_from([0.01, 0.3, 1.0, 3.0]), st.sampled_from([None, 4, 9]))
def test_groups_are_narrow_in_probability_and_in_weight(seed: int, shape: float, decimals: int | None) -> None:
    """Also where almost all forecasts are crowded together near 0, or lie one last bit apart."""
    generator = np.random.default_rng(seed)
    p = np.concatenate([generator.beta(shape, 1, 6_000), 0.5 + np.arange(3_000) * 2.0**-53])
    table = tick_table(p, np.zeros(p.size), decimals=decimals)
    groups = grouped(table)

    group = np.searchsorted(np.cumsum(groups.weight), np.cumsum(table.weight))
    first = np.flatnonzero(np.diff(group, prepend=-1))
    last = np.append(first[1:], group.size) - 1
    middle = np.cumsum(table.weight) - table.weight / 2
    assert np.all((table.p[first] <= groups.p) & (groups.p <= table.p[last]))
    if table.ticks.size > GROUPS:
        assert np.all(table.p[last] - table.p[first] < 1e-3 + 1e-12)
        assert np.all(middle[last] - middle[first] < table.total * 1e-3 + 1e-6)


@pytest.mark.parametrize("n", [20_000, 2_000_000])
def test_the_band_of_groups_is_the_band_of_all_values(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apart by no more than two bands of all values with different seeds are: 1.2 times on average."""
    table = dense(n, seed=2)
    coarse = consistency_band(table, replicates=300, seed=1)
    monkeypatch.setattr(replicates, "GROUPS", TICK.size)
    fine, again = (consistency_band(table, replicates=300, seed=seed) for seed in (2, 3))

    for side in ("low", "high"):
        apart = np.abs(getattr(coarse, side) - getattr(fine, side))
        by_chance = np.abs(getattr(again, side) - getattr(fine, side))
        assert apart.mean() < 1.2 * by_chance.mean()
        # A bias would be the same everywhere; chance is not. Curves move together over about a hundredth.
        assert abs((getattr(coarse, side) - getattr(fine, side)).mean()) < 4 * by_chance.mean() / math.sqrt(30)
    assert (coarse.high - coarse.low).mean() == pytest.approx((fine.high - fine.low).mean(), rel=0.03)


def test_the_test_of_groups_is_the_test_of_all_values(monkeypatch: pytest.MonkeyPatch) -> None:
    table = dense(30_000, seed=3)
    coarse = miscalibration_test(table, replicates=400, seed=1)
    monkeypatch.setattr(replicates, "GROUPS", TICK.size)
    fine = miscalibration_test(table, replicates=400, seed=2)
    null = [miscalibration_test(table, replicates=1, seed=seed).null_mean for seed in range(60)]

    assert coarse.miscalibration == fine.miscalibration == pytest.approx(corp(table).miscalibration, abs=1e-15)
    # What one simulated forecaster varies by, over the root of how many there were, and as much again for the groups.
    assert abs(coarse.null_mean - fine.null_mean) < 6 * np.std(null) / math.sqrt(400) * 2
    # Two Monte Carlo shares of 400, of statistics that differ a little: 4 standard errors of their difference.
    assert abs(coarse.p_value - fine.p_value) < 4 * math.sqrt(2 * 0.25 / 400)


def test_many_values_lead_to_the_same_verdict_on_a_forecaster_who_is_wrong() -> None:
    generator = np.random.default_rng(4)
    p = generator.random(5_000)

    right = miscalibration_test(tick_table(p, (generator.random(p.size) < p).astype(int), decimals=None))
    wrong = miscalibration_test(tick_table(p, (generator.random(p.size) < p**1.3).astype(int), decimals=None))

    assert right.p_value > 0.01
    assert wrong.p_value == 1 / 1_001


def test_draws_have_the_mean_and_the_variance_of_binomial_counts() -> None:
    table = TickTable.from_rows([(2_000, 40, 0), (9_000, 7, 0)], independent=True)
    drawn = np.concatenate(list(simulated(table, 20_000, seed=5)))

    assert drawn.shape == (20_000, 2)
    mean, variance = np.array([40 * 0.2, 7 * 0.9]), np.array([40 * 0.2 * 0.8, 7 * 0.9 * 0.1])
    assert np.all(np.abs(drawn.mean(axis=0) - mean) < 4 * np.sqrt(variance / 20_000))
    assert drawn.var(axis=0).tolist() == pytest.approx(variance.tolist(), rel=0.05)
