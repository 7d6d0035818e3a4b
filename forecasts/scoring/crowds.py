"""Crowds as forecasters: what the pooled forecast was at every moment at which enough forecasters stood."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.scoring import aggregation, checks
from forecasts.scoring.distributions import cdf_at
from forecasts.scoring.losses import Points, Range, curve
from forecasts.scoring.rules import options_to_ticks, to_ticks
from forecasts.scoring.values import TICKS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Pool = Callable[[Ints], Sequence[Any]]
Series = list[tuple[int, int, Any]]

LEAST = 3  # fewer are no crowd
EXTREMISED_BY = 1.5  # fixed beforehand, never fitted to outcomes
AT_ONCE = 1_000_000  # members of moments held and pooled together
LEVELS = np.arange(101) / 100


class Moment(NamedTuple):
    """From when on which spans of a crowd stand."""

    crowd: int
    at: int
    members: Ints


POOLS: dict[str, Callable[[Floats], Floats]] = {
    "median": aggregation.median,
    "recency-weighted-median": aggregation.recency_weighted_median,
    "geometric-mean-of-odds": aggregation.geometric_mean_of_odds,
    "extremised": partial(aggregation.extremised, factor=EXTREMISED_BY),
    "trimmed-mean": aggregation.trimmed_mean,
}


def crowds(whose: Ints, start: Ints, end: Ints, pools: Mapping[str, Pool], least: int = LEAST) -> dict[str, Series]:
    """For each pool its changes, (crowd, moment, value) by crowd and time, None from when fewer than `least` stand.

    `whose` numbers the crowds; `start` and `end` are those of all their members' spans: shape (spans,), the oldest
    forecast first. A pool takes numbers of spans that stand, shape (moments, members) and in that order, and gives a
    value for each moment. ValueError names the argument at fault.
    """
    checks.columns(whose=whose, start=start, end=end)
    checks.refuse("end", end, end <= start, "lie after start")
    checks.count("least", least)
    moments = (moment for crowd in np.unique(whose).tolist() for moment in _standing(crowd, whose, start, end))
    series: dict[str, Series] = {name: [] for name in pools}
    for some in _in_parts(moments):
        for name, pool in pools.items():
            _add_changes(series[name], some, pool, least)
    return series


def _in_parts(moments: Iterable[Moment]) -> Iterator[list[Moment]]:
    """A few at a time: those of a large crowd have more members together than fit into memory."""
    part: list[Moment] = []
    members = 0
    for moment in moments:
        part.append(moment)
        members += moment.members.size
        if members >= AT_ONCE:
            yield part
            part, members = [], 0
    yield part


def _add_changes(series: Series, moments: Sequence[Moment], pool: Pool, least: int) -> None:
    """Go on where `series` ends."""
    values: list[Any] = [None] * len(moments)
    for places in _alike([moment.members.size for moment in moments], least):
        pooled = pool(np.stack([moments[place].members for place in places]))
        for place, value in zip(places, pooled, strict=True):
            values[place] = value
    for moment, value in zip(moments, values, strict=True):
        same_crowd = series and series[-1][0] == moment.crowd
        if value != (series[-1][2] if same_crowd else None):
            series.append((moment.crowd, moment.at, value))


def _alike(sizes: Sequence[int], least: int) -> Iterator[list[int]]:
    """Moments at which equally many stand, so that one call pools them."""
    by_size: dict[int, list[int]] = {}
    for place, size in enumerate(sizes):
        if size >= least:
            by_size.setdefault(size, []).append(place)
    yield from by_size.values()


def _standing(crowd: int, whose: Ints, start: Ints, end: Ints) -> Iterator[Moment]:
    """Every moment at which the members of a crowd change, in order."""
    spans = np.flatnonzero(whose == crowd)
    stands = np.zeros(spans.size, dtype=bool)
    moments = np.unique(np.concatenate([start[spans], end[spans]]))
    begun, ended = (_at_each(times[spans], moments) for times in (start, end))
    for moment, begins, ends in zip(moments.tolist(), begun, ended, strict=True):
        stands[begins], stands[ends] = True, False
        yield Moment(crowd, moment, spans[stands])


def _at_each(times: Ints, moments: Ints) -> list[Ints]:
    order = np.argsort(times, kind="stable")
    return np.split(order, np.searchsorted(times[order], moments[1:], side="left"))


def binary_pools(ticks: Ints) -> dict[str, Pool]:
    """Pools of yes-or-no forecasts; each gives ticks."""

    def pooled(pool: Callable[[Floats], Floats], members: Ints) -> list[int]:
        return list(to_ticks(pool(ticks[members] / TICKS)).tolist())

    return {name: partial(pooled, pool) for name, pool in POOLS.items()}


def choice_pools(ticks: Ints) -> dict[str, Pool]:
    """Pools of forecasts (n, options), option by option and brought to a sum of 1; each gives tuples of ticks."""

    def pooled(pool: Callable[[Floats], Floats], members: Ints) -> list[tuple[int, ...]]:
        given = np.moveaxis(ticks[members], 1, 2) / TICKS
        found = pool(given)
        total = found.sum(axis=1, keepdims=True)
        # Where the medians are those of forecasts that each rule out what the others say, there is only the mean.
        even = np.where(total > 0, found / np.where(total > 0, total, 1), given.mean(axis=2))
        return list(map(tuple, options_to_ticks(even).tolist()))

    return {name: partial(pooled, pool) for name, pool in POOLS.items()}


def spread_pools(forecasts: Sequence[Points], within: Range) -> dict[str, Pool]:
    """Pools of numeric and date forecasts; each gives tuples of points (x, tick)."""
    curves = [curve(points, within) for points in forecasts]

    def mean_cdf(members: Ints) -> tuple[tuple[float, int], ...]:
        x = np.unique(np.concatenate([curves[member][0] for member in members]))
        heights = [cdf_at(curves[member][0], curves[member][1], x) for member in members]
        below, at = (aggregation.mean_cdf([each[side] for each in heights]) for side in (0, 1))
        return _points(np.repeat(x, 2), np.stack([below, at], axis=1).reshape(-1))

    def mean_quantiles(members: Ints) -> tuple[tuple[float, int], ...]:
        quantiles = [_quantiles(*curves[member]) for member in members]
        return _points(aggregation.mean_quantiles(quantiles), LEVELS)

    def pooled(pool: Callable[[Ints], Any], members: Ints) -> list[Any]:
        return [pool(each) for each in members]

    return {"mean-cdf": partial(pooled, mean_cdf), "mean-quantiles": partial(pooled, mean_quantiles)}


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
