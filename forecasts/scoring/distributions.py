"""Numeric and date forecasts: scores on their own scales, and whether their spread is right."""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.rules import crps_cdf
from forecasts.scoring.uncertainty import wilson
from forecasts.scoring.values import Coverage, PitHistogram

Floats = NDArray[np.float64]

SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
OUTSIDE = 0.05  # what the reference gives to each open end


def numeric_log_score(p_bin: ArrayLike, bins: int, open_ends: int, outside: ArrayLike) -> Floats:
    """50 ln(p_bin / reference), larger is better: p_bin is the probability given to the bin of the outcome.

    The reference gives 0.05 to each open end and shares the rest out evenly among the bins inside. `outside` says
    whether the outcome lay beyond an end. ValueError names the argument at fault.
    """
    given, beyond = checks.probabilities("p_bin", p_bin), checks.outcomes("outside", outside)
    if bins < 1:
        raise ValueError("bins must be positive")
    if open_ends not in (0, 1, 2):
        raise ValueError("open_ends must be 0, 1 or 2")
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
    limit = checks.rising("days", days)[..., -1]
    seen = np.asarray(y, dtype=np.float64)
    if np.any(np.isnan(seen)):
        raise ValueError("y must be a number of days or infinity")
    return crps_cdf(days, cdf, np.minimum(seen, limit))


def pit(thresholds: ArrayLike, cdf: ArrayLike, y: float) -> tuple[float, float]:
    """The CDF of one forecast, shape (n,) as in `crps_cdf`, just below y and at y; they differ at a point mass."""
    below, at = cdf_at(thresholds, cdf, [float(checks.finite("y", y))])
    return float(below[0]), float(at[0])


def cdf_at(thresholds: ArrayLike, cdf: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """The same at many y, shape (m,): what the CDF is just below each and at each."""
    x, f = checks.rising("thresholds", thresholds), checks.probabilities("cdf", checks.rising("cdf", cdf))
    if x.ndim != 1 or x.shape != f.shape:
        raise ValueError("thresholds and cdf must be one-dimensional and equally long")
    seen = checks.finite("y", y)
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
    if bins < 1:
        raise ValueError("bins must be positive")
    edges = np.arange(bins + 1) / bins
    width = (high - low)[:, None]
    spread = (np.clip(edges, low[:, None], high[:, None]) - low[:, None]) / np.where(width > 0, width, 1)
    # A forecast without a point mass at the outcome lies in one bin, closed on the left, the last on both sides.
    point = (edges > low[:, None]) | (edges == 1)
    shares = np.diff(np.where(width > 0, spread, point), axis=1).mean(axis=0)
    fewest, most = (_binomial_quantile(low.size, 1 / bins, q) for q in ((1 - level) / 2, (1 + level) / 2))
    return PitHistogram(edges, shares, fewest / low.size, most / low.size, level, low.size)


def _binomial_quantile(n: int, p: float, probability: float) -> int:
    if not 0 < probability < 1:
        raise ValueError("level must lie between 0 and 1")
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
    if not low.shape == high.shape == seen.shape == (seen.size,) or not seen.size:
        raise ValueError("lower, upper and y must be one-dimensional, equally long and not empty")
    if np.any(low > high):
        raise ValueError("lower must not exceed upper")
    if not 0 < nominal < 1:
        raise ValueError("nominal must lie between 0 and 1")
    inside = int(np.count_nonzero((low <= seen) & (seen <= high)))
    return Coverage(nominal, inside, seen.size, inside / seen.size, wilson(inside, seen.size, level))
