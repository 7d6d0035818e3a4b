"""Numeric and date forecasts: scores on their own scales, and whether their spread is right."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.rules import crps_cdf
from forecasts.scoring.uncertainty import wilson
from forecasts.scoring.values import TICKS, Coverage, PitHistogram

Floats = NDArray[np.float64]
Point = tuple[Decimal, int]
"""A place on the axis and the tick of what lies at most there."""

SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
OUTSIDE = 0.05  # what the reference gives to each open end


def numeric_log_score(p_bin: ArrayLike, bins: int, open_ends: int, outside: ArrayLike) -> Floats:
    """50 ln(p_bin / reference), larger is better: p_bin is the probability given to the bin of the outcome.

    The reference gives 0.05 to each open end and shares the rest out evenly among the bins inside. `outside` says
    whether the outcome lay beyond an end. ValueError names the argument at fault.
    """
    given, beyond = checks.probabilities("p_bin", p_bin), checks.outcomes("outside", outside)
    checks.count("bins", bins)
    checks.count("open_ends", open_ends, 0, 2)
    if not open_ends and np.any(beyond):
        raise ValueError("outside must be 0 where no end is open")
    checks.together(p_bin=given.shape, outside=beyond.shape)
    with np.errstate(divide="ignore"):
        return np.asarray(50 * np.log(given / np.where(beyond, OUTSIDE, (1 - OUTSIDE * open_ends) / bins)))


def crps_date(days: ArrayLike, cdf: ArrayLike, y: ArrayLike) -> Floats:
    """CRPS in days of a CDF over dates that ends at the limit, the last of `days`.

    What the CDF leaves over is the cell "not before the limit"; so is any y from the limit on, infinity included, and
    it makes no difference how much later. Shapes as for `crps_cdf`.
    """
    x, f = checks.curve("days", days, cdf)
    seen = checks.numbers("y", y)
    checks.refuse("y", seen, ~(seen > -np.inf), "be a number of days, or infinity")
    return crps_cdf(x, f, np.minimum(seen, x[..., -1]))


def pit(thresholds: ArrayLike, cdf: ArrayLike, y: float) -> tuple[float, float]:
    """The CDF of one forecast, shape (n,) as in `crps_cdf`, just below y and at y; they differ at a point mass."""
    below, at = cdf_at(thresholds, cdf, [checks.number("y", y)])
    return float(below[0]), float(at[0])


def cdf_at(thresholds: ArrayLike, cdf: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """The same at many y, shape (m,): what the CDF is just below each and at each."""
    (x, f), seen = checks.curve("thresholds", thresholds, cdf), checks.finite("y", y)
    checks.columns(thresholds=x, cdf=f)
    below, at = (_height(x, f, np.searchsorted(x, seen, side=side), seen) for side in SIDES)
    return below, at


def _height(x: Floats, f: Floats, after: NDArray[np.intp], y: Floats) -> Floats:
    """The CDF at each y on the piece that ends at threshold number `after`; 0 and 1 beyond the ends."""
    right = np.clip(after, 1, max(x.size - 1, 1))
    left = right - 1
    right = np.minimum(right, x.size - 1)
    width = x[right] - x[left]
    share = (y - x[left]) / np.where(width > 0, width, 1)
    inside = f[left] + share * (f[right] - f[left])
    return np.where(after == 0, 0.0, np.where(after == x.size, 1.0, inside))


def pit_histogram(below: ArrayLike, at: ArrayLike, bins: int = 10, level: float = 0.9) -> PitHistogram:
    """Histogram of where outcomes fell in their forecast CDFs, each spread evenly from `below` to `at`; shape (n,).

    Flat when the spread is right, a hump when too wide, a trough when too narrow. The band is that of one bin, for
    independent outcomes. Czado, Gneiting & Held 2009, doi:10.1111/j.1541-0420.2009.01191.x.
    """
    low, high = checks.probabilities("below", below), checks.probabilities("at", at)
    if low.ndim != 1 or low.shape != high.shape or not low.size:
        raise ValueError("below and at must be one-dimensional, equally long and not empty")
    if np.any(low > high):
        raise ValueError("below must not exceed at")
    edges = np.arange(checks.count("bins", bins) + 1) / bins
    width = (high - low)[:, None]
    spread = (np.clip(edges, low[:, None], high[:, None]) - low[:, None]) / np.where(width > 0, width, 1)
    # A forecast without a point mass at the outcome lies in one bin, closed on the left, the last on both sides.
    point = (edges > low[:, None]) | (edges == 1)
    shares = np.diff(np.where(width > 0, spread, point), axis=1).mean(axis=0)
    level = checks.level("level", level)
    fewest, most = (_binomial_quantile(low.size, 1 / bins, q) for q in ((1 - level) / 2, (1 + level) / 2))
    return PitHistogram(edges, shares, fewest / low.size, most / low.size, level, low.size)


def _binomial_quantile(n: int, p: float, probability: float) -> int:
    if p == 1:
        return n
    k = np.arange(n)
    steps = np.log((n - k) / (k + 1)) + math.log(p) - math.log1p(-p)
    log_mass = n * math.log1p(-p) + np.concatenate([[0.0], np.cumsum(steps)])
    return int(np.searchsorted(np.cumsum(np.exp(log_mass)), probability))


def interval_coverage(
    lower: ArrayLike, upper: ArrayLike, y: ArrayLike, nominal: float, level: float = 0.95
) -> Coverage:
    """How often y lay in [lower, upper], which was to hold it with probability `nominal`; shape (n,).

    Wilson interval, for independent outcomes. ValueError names the argument at fault.
    """
    low, high, seen = checks.finite("lower", lower), checks.finite("upper", upper), checks.finite("y", y)
    checks.columns(1, lower=low, upper=high, y=seen)
    if np.any(low > high):
        raise ValueError("lower must not exceed upper")
    checks.level("nominal", nominal)
    inside = int(np.count_nonzero((low <= seen) & (seen <= high)))
    return Coverage(nominal, inside, seen.size, inside / seen.size, wilson(inside, seen.size, level))


def quantile(points: Sequence[Point], level: int) -> Decimal:
    """The smallest x at which a CDF reaches `level`, a tick, in decimal arithmetic; infinity where it stays below.

    The CDF is 0 before the first of `points` and linear between them; neither x nor tick falls along them. ValueError
    names the argument at fault.
    """
    if not points:
        raise ValueError("points must not be empty")
    if not 0 < level <= TICKS:
        raise ValueError(f"level must be a tick from 1 to {TICKS}")
    after = bisect_left(points, level, key=itemgetter(1))
    if after == len(points):
        return Decimal("Infinity")
    x, tick = points[after]
    if after == 0 or tick == level:
        return x
    before, below = points[after - 1]
    return before + (x - before) * (level - below) / (tick - below)
