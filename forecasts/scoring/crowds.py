"""Crowds as forecasters: what the pooled forecast was at every moment at which enough forecasters stood."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasts.scoring import aggregation, checks
from forecasts.scoring.distributions import cdf_at
from forecasts.scoring.losses import Points, Range, curve
from forecasts.scoring.rules import options_to_ticks, to_ticks
from forecasts.scoring.values import TICKS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Pool = Callable[[Ints], Any]
Series = list[tuple[int, Any]]

LEAST = 3  # fewer are no crowd
EXTREMISED_BY = 1.5  # fixed beforehand, never fitted to outcomes
LEVELS = np.arange(101) / 100

POOLS: dict[str, Callable[[Floats], Floats]] = {
    "median": aggregation.median,
    "recency-weighted-median": aggregation.recency_weighted_median,
    "geometric-mean-of-odds": aggregation.geometric_mean_of_odds,
    "extremised": partial(aggregation.extremised, factor=EXTREMISED_BY),
    "trimmed-mean": aggregation.trimmed_mean,
}


def crowds(start: Ints, end: Ints, pools: Mapping[str, Pool], least: int = LEAST) -> dict[str, Series]:
    """For each pool its changes, (moment, value), None from when fewer than `least` stand.

    `start` and `end`, shape (spans,), are those of all members' spans, the oldest forecast first; a pool takes the
    numbers of the spans that stand, in that order. ValueError names the argument at fault.
    """
    checks.columns(start=start, end=end)
    checks.refuse("end", end, end <= start, "lie after start")
    checks.count("least", least)
    series: dict[str, Series] = {name: [] for name in pools}
    for moment, members in _standing(start, end):
        for name, pool in pools.items():
            value = pool(members) if members.size >= least else None
            before = series[name][-1][1] if series[name] else None
            if value != before:
                series[name].append((moment, value))
    return series


def _standing(start: Ints, end: Ints) -> Iterator[tuple[int, Ints]]:
    """Every moment of change, in order, with the spans that stand from then on."""
    stands = np.zeros(start.size, dtype=bool)
    moments = np.unique(np.concatenate([start, end]))
    begun, ended = (_at_each(times, moments) for times in (start, end))
    for moment, begins, ends in zip(moments.tolist(), begun, ended, strict=True):
        stands[begins], stands[ends] = True, False
        yield moment, np.flatnonzero(stands)


def _at_each(times: Ints, moments: Ints) -> list[Ints]:
    order = np.argsort(times, kind="stable")
    return np.split(order, np.searchsorted(times[order], moments[1:], side="left"))


def binary_pools(ticks: Ints) -> dict[str, Pool]:
    """Pools of yes-or-no forecasts; each gives a tick."""

    def pooled(pool: Callable[[Floats], Floats], members: Ints) -> int:
        return to_ticks(float(pool(ticks[members] / TICKS)))

    return {name: partial(pooled, pool) for name, pool in POOLS.items()}


def choice_pools(ticks: Ints) -> dict[str, Pool]:
    """Pools of forecasts (n, options), option by option and brought to a sum of 1; each gives a tuple of ticks."""

    def pooled(pool: Callable[[Floats], Floats], members: Ints) -> tuple[int, ...]:
        given = ticks[members].T / TICKS
        found = pool(given)
        if not found.sum() > 0:  # the medians of forecasts that each rule out what the others say
            found = given.mean(axis=1)
        return tuple(options_to_ticks(found / found.sum()).tolist())

    return {name: partial(pooled, pool) for name, pool in POOLS.items()}


def spread_pools(forecasts: Sequence[Points], within: Range) -> dict[str, Pool]:
    """Pools of numeric and date forecasts; each gives a tuple of points (x, tick)."""
    curves = [curve(points, within) for points in forecasts]

    def mean_cdf(members: Ints) -> tuple[tuple[float, int], ...]:
        x = np.unique(np.concatenate([curves[member][0] for member in members]))
        heights = [cdf_at(curves[member][0], curves[member][1], x) for member in members]
        below, at = (aggregation.mean_cdf([each[side] for each in heights]) for side in (0, 1))
        return _points(np.repeat(x, 2), np.stack([below, at], axis=1).reshape(-1))

    def mean_quantiles(members: Ints) -> tuple[tuple[float, int], ...]:
        quantiles = [_quantiles(*curves[member]) for member in members]
        return _points(aggregation.mean_quantiles(quantiles), LEVELS)

    return {"mean-cdf": mean_cdf, "mean-quantiles": mean_quantiles}


def _quantiles(x: Floats, f: Floats) -> Floats:
    """Where a CDF first reaches each of LEVELS, at 0 where it begins to rise; its last point where it never does."""
    right = np.where(LEVELS > 0, np.searchsorted(f, LEVELS, side="left"), np.searchsorted(f, 0, side="right"))
    right = np.minimum(right, x.size - 1)
    left = np.maximum(right - 1, 0)
    rise = f[right] - f[left]
    share = np.where(rise > 0, np.clip((LEVELS - f[left]) / np.where(rise > 0, rise, 1), 0, 1), 1)
    return np.asarray(x[left] + share * (x[right] - x[left]))


def _points(x: Floats, f: Floats) -> tuple[tuple[float, int], ...]:
    """As points in ticks, each once."""
    found = zip(np.round(x, 9).tolist(), to_ticks(np.clip(f, 0, 1)).tolist(), strict=True)
    return tuple(dict.fromkeys(found))
