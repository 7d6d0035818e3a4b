"""Crowds as forecasters: whole timelines of binary, multiple-choice, numeric and date members."""

import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring.aggregation import geometric_mean_of_odds, mean_cdf
from forecasts.scoring.crowds import POOLS, binary_pools, choice_pools, crowds, spread_pools
from forecasts.scoring.losses import Range
from forecasts.scoring.rules import to_ticks

ALWAYS = Range(0, 10)


def series(spans: Sequence[tuple[int, int]], pool: Callable[[Any], Any], least: int = 3) -> list[tuple[int, Any]]:
    start, end = (np.array(column, dtype=np.int64) for column in zip(*spans, strict=True))
    found = crowds(np.zeros_like(start), start, end, {"pool": pool}, least)["pool"]
    return [(moment, value) for _, moment, value in found]


def test_a_crowd_speaks_when_its_value_changes_and_falls_silent_when_too_few_stand() -> None:
    spans = [(0, 40), (10, 20), (20, 70), (90, 95)]
    ticks = np.array([2_000, 6_000, 6_000, 1_000])

    assert series(spans, binary_pools(ticks)["median"], least=1) == [
        (0, 2_000),
        (10, (2_000 + 6_000) / 2),  # and at 20 one takes over from the other at the same value
        (40, 6_000),
        (70, None),
        (90, 1_000),
        (95, None),
    ]
    assert series(spans, binary_pools(ticks)["median"], least=2) == [(10, 4_000), (40, None)]
    assert series(spans, binary_pools(ticks)["median"]) == []


def test_a_pool_gets_the_oldest_forecast_first() -> None:
    assert series([(5, 9), (5, 9), (5, 9)], lambda members: members.tolist()) == [(5, [0, 1, 2]), (9, None)]


def test_a_crowd_of_thousands_fits_into_memory() -> None:
    """Of 6,000 who come one by one there are 18,000,000 members of moments, 144 MB of numbers."""
    spans = [(start, 10_000) for start in range(6_000)]
    tracemalloc.start()
    found = series(spans, lambda members: members[:, -1].tolist())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [*((at, at) for at in range(2, 6_000)), (10_000, None)]
    assert peak < 50_000_000


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 9_999)), min_size=1, max_size=12))
def test_at_every_moment_a_crowd_says_what_its_standing_members_say_together(stays: list[tuple[int, int]]) -> None:
    stays = sorted(stays)
    ticks = np.array([tick for _, tick in stays])
    said = dict(series([(start, 100) for start, _ in stays], binary_pools(ticks)["geometric-mean-of-odds"]))

    for moment in range(100):
        standing = [tick / 10_000 for start, tick in stays if start <= moment]
        before = [at for at in said if at <= moment]
        now = said[max(before)] if before else None
        assert now == (to_ticks(float(geometric_mean_of_odds(standing))) if len(standing) >= 3 else None)


def test_options_are_pooled_one_by_one_and_sum_to_one() -> None:
    ticks = np.array([[5_000, 3_000, 2_000], [2_000, 6_000, 2_000], [1_000, 1_000, 8_000]])
    pools = choice_pools(ticks)

    # The medians 0.2, 0.3 and 0.2 sum to 0.7.
    assert pools["median"](np.arange(3)[None])[0] == (2_857, 4_286, 2_857)
    for name in POOLS:
        assert sum(pools[name](np.arange(3)[None])[0]) == 10_000


def test_where_medians_rule_out_everything_options_are_averaged() -> None:
    certain = np.eye(3, dtype=np.int64) * 10_000

    assert choice_pools(certain)["median"](np.arange(3)[None])[0] == (3_334, 3_333, 3_333)


def test_distributions_are_averaged_up_or_across() -> None:
    # All of one between 0 and 4, all of the other between 4 and 8.
    members = [[(0.0, 0), (4.0, 10_000)], [(4.0, 0), (8.0, 10_000)]]
    pools = spread_pools(members, ALWAYS)

    up = dict(pools["mean-cdf"](np.arange(2)[None])[0])
    across = dict(pools["mean-quantiles"](np.arange(2)[None])[0])

    assert [up[x] for x in (0, 4, 8, 10)] == [0, 5_000, 10_000, 10_000]
    assert mean_cdf([[0, 1, 1, 1], [0, 0, 1, 1]]).tolist() == [0, 0.5, 1, 1]
    # Medians at 2 and 6 average to 4; quantile levels run from 0 at (0 + 4) / 2 to 1 at (4 + 8) / 2.
    assert across[4.0] == 5_000
    assert across[2.0] == 0
    assert across[6.0] == 10_000


def test_crowds_are_pooled_at_once_and_know_nothing_of_each_other() -> None:
    start = np.array([0, 0, 0, 5, 5, 5])
    ticks = np.array([1_000, 2_000, 3_000, 7_000, 8_000, 9_000])

    found = crowds(np.array([4, 7, 4, 7, 4, 7]), start, start + 20, {"pool": binary_pools(ticks)["median"]})

    # Spans 0, 2 and 4 are crowd 4, the third of them from 5 on; spans 1, 3 and 5 are crowd 7.
    assert found["pool"] == [(4, 5, 3_000), (4, 20, None), (7, 5, 7_000), (7, 20, None)]


@pytest.mark.parametrize(
    ("start", "end", "least", "named"),
    [([0], [1, 2], 3, "whose, start and end"), ([0], [0], 3, "end"), ([0], [1], 0, "least")],
)
def test_what_makes_no_sense_is_refused_by_name(start: list[int], end: list[int], least: int, named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} must"):
        crowds(np.zeros(len(start), dtype=np.int64), np.array(start), np.array(end), {}, least)
