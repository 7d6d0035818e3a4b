"""How sure a number is: intervals, what may be shown at which n, and the verdict in words."""

import math
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.decomposition import calibration_in_the_large, spiegelhalter
from forecasts.scoring.seeds import seed_of
from forecasts.scoring.special import NORMAL, beta_quantile, normal_radius
from forecasts.scoring.values import Estimate, Interval, MiscalibrationTest, TickTable

LIST_BELOW, SCORES_BELOW, CURVE_BELOW = 10, 30, 100
FEWEST_CLUSTERS = 5  # an interval from fewer is too narrow: of "95 %", 63 % hold the truth with two, 93 % with five
OVERDUE_ALLOWED = 0.05
SIGNIFICANT = 0.05
CHUNK = 1 << 18  # resampled clusters held at once
ROUNDING = 1e-9  # a relative error this small is rounding, not variation

Display = Literal["list", "scores", "curve", "all"]


class Verdict(StrEnum):
    WELL_CALIBRATED = "well calibrated"
    OVER_CONFIDENT = "over-confident"
    UNDER_CONFIDENT = "under-confident"
    TOO_HIGH = "too high"
    TOO_LOW = "too low"
    NOT_WELL_CALIBRATED = "not well calibrated"
    TOO_EARLY = "too early to say"


def display(n: int) -> Display:
    """What may be shown of n predictions: their list; scores with intervals; the curve, band and verdict; ranks too."""
    if checks.count("n", n, 0) < LIST_BELOW:
        return "list"
    if n < SCORES_BELOW:
        return "scores"
    return "curve" if n < CURVE_BELOW else "all"


def verdict(table: TickTable, test: MiscalibrationTest, overdue_share: float = 0.0) -> Verdict:
    """One word from the tests, never from the point estimate.

    Under 30 predictions, or with more than 5 % of those past their deadline overdue, it is too early. A forecaster
    whom the miscalibration test does not reject is well calibrated. Otherwise the more significant of calibration in
    the large (too high, too low) and Spiegelhalter's test (over- and under-confident) names the direction; where
    neither is significant by itself, no direction is named. ValueError if the outcomes are not independent.
    """
    if not table.independent:
        raise ValueError("table must have one forecast per prediction and one prediction per family for a verdict")
    if checks.probabilities("overdue_share", overdue_share) > OVERDUE_ALLOWED or table.total < SCORES_BELOW:
        return Verdict.TOO_EARLY
    if test.p_value >= SIGNIFICANT:
        return Verdict.WELL_CALIBRATED
    shift, spread = calibration_in_the_large(table).z or 0.0, spiegelhalter(table).z or 0.0
    if max(abs(shift), abs(spread)) < normal_radius(1 - SIGNIFICANT):
        return Verdict.NOT_WELL_CALIBRATED
    if abs(shift) >= abs(spread):
        return Verdict.TOO_HIGH if shift > 0 else Verdict.TOO_LOW
    return Verdict.OVER_CONFIDENT if spread > 0 else Verdict.UNDER_CONFIDENT


def wilson(k: float, n: float, level: float = 0.95) -> Interval:
    """Score interval of a rate, k of n independent draws. Wilson 1927, doi:10.1080/01621459.1927.10502953.

    Both may be fractions where n is what clusters are worth (`n_eff` of their sizes) and k is the rate times n.

    ValueError unless 0 <= k <= n, n is positive and 0 < level < 1.
    """
    rate, z = _rate(k, n), normal_radius(level)
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    radius = z * math.sqrt(rate * (1 - rate) / n + (z / (2 * n)) ** 2) / (1 + z * z / n)
    # At the ends the limits are exactly 0 and 1; rounding must not cross them.
    return Interval(centre - radius if k else 0.0, centre + radius if k < n else 1.0, level, "wilson")


def jeffreys(k: int, n: int, level: float = 0.95) -> Interval:
    """Equal-tailed interval of Beta(k + 1/2, n - k + 1/2), reaching 0 at k = 0 and 1 at k = n.

    Brown, Cai & DasGupta 2001, doi:10.1214/ss/1009213286. ValueError as for `wilson`.
    """
    _rate(k, n)
    tail = NORMAL.cdf(-normal_radius(level))
    low = beta_quantile(tail, k + 0.5, n - k + 0.5) if k else 0.0
    high = beta_quantile(1 - tail, k + 0.5, n - k + 0.5) if k < n else 1.0
    return Interval(low, high, level, "jeffreys")


def _rate(k: float, n: float) -> float:
    if checks.number("n", n) <= 0:
        raise ValueError(f"n must be positive, got {n}")
    if not 0 <= checks.number("k", k) <= n:
        raise ValueError(f"k must lie between 0 and n, got {k}")
    return k / n


def n_eff(weights: ArrayLike) -> float:
    """Kish's (sum w)² / sum w²: how many equal weights say as much. 0 without weights."""
    w = checks.weights("weights", weights)
    squares = float((w**2).sum())
    return float(w.sum()) ** 2 / squares if squares else 0.0


def cluster_bootstrap(
    numerators: ArrayLike,
    denominators: ArrayLike,
    clusters: ArrayLike,
    level: float = 0.95,
    replicates: int = 1000,
    seed: int | None = None,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Estimate:
    """Sum of numerators / sum of denominators, with an interval from resampling whole clusters.

    All of shape (rows,); denominators are weights of 0 or more, and a cluster of weight 0 is left out. Studentised
    (Hall 1988, doi:10.1214/aos/1176350933), because plain percentiles of skewed losses are too narrow under 30
    clusters; cut to `bounds`, the values that the ratio can take. Without a seed, one derived from the clusters' sums,
    whatever their order and names. ValueError names the argument at fault; two clusters at least.
    """
    top, bottom = _cluster_sums(numerators, denominators, clusters)
    checks.count("replicates", replicates)
    checks.level("level", level)
    seed = seed_of(top, bottom) if seed is None else seed
    value, error = (float(part) for part in _ratio(top, bottom))
    low, high = value, value
    if error > ROUNDING * float(np.abs(top / bottom).max()):
        ratios, errors = _resampled(top, bottom, replicates, seed)
        # As if each sample held one more cluster of average spread: samples of clones would have no error at all.
        steadied = np.sqrt((errors**2 * top.size + error**2) / (top.size + 1))
        t = np.quantile((ratios - value) / steadied, [(1 + level) / 2, (1 - level) / 2])
        low, high = np.clip(value - t * error, *bounds).tolist()
    return Estimate(value, Interval(low, high, level, "cluster bootstrap-t"), top.size, replicates, seed)


def _cluster_sums(
    numerators: ArrayLike, denominators: ArrayLike, clusters: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums per cluster of positive weight, in an order that depends on nothing but the sums."""
    top, bottom = checks.finite("numerators", numerators), checks.weights("denominators", denominators)
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    checks.columns(numerators=top, denominators=bottom, clusters=place)
    sums = np.stack([np.bincount(place, values, names.size) for values in (bottom, top)])
    if np.any(sums[1][sums[0] == 0]):
        raise ValueError("numerators must be 0 where a cluster's denominators are")
    sums = sums[:, sums[0] > 0]
    if sums.shape[1] < 2:
        raise ValueError("clusters must be at least two of positive weight")
    bottom, top = sums[:, np.lexsort(sums)]
    return top, bottom


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ratio of sums along the last axis, and its standard error by linearisation."""
    weight = bottom.sum(axis=-1)
    ratio = top.sum(axis=-1) / weight
    return ratio, np.sqrt(((top - ratio[..., None] * bottom) ** 2).sum(axis=-1)) / weight


def _resampled(
    top: NDArray[np.float64], bottom: NDArray[np.float64], replicates: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ratios and standard errors of samples of clusters drawn with replacement, each of shape (replicates,)."""
    generator = np.random.Generator(np.random.PCG64(seed))
    step = max(1, CHUNK // top.size)
    parts = []
    for done in range(0, replicates, step):
        drawn = generator.integers(top.size, size=(min(step, replicates - done), top.size))
        parts.append(_ratio(top[drawn], bottom[drawn]))
    ratios, errors = (np.concatenate(part) for part in zip(*parts, strict=True))
    return ratios, errors
