"""Crowds: one forecast out of many. Probabilities p of shape (..., forecasters), the aggregate of shape (...)."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.values import TICKS

Floats = NDArray[np.float64]


def median(p: ArrayLike) -> Floats:
    """The middle forecast, or the mean of the two in the middle."""
    return np.asarray(np.median(_crowd(p), axis=-1))


def recency_weighted_median(p: ArrayLike) -> Floats:
    """Weighted median of forecasts in order of time, oldest first: the i-th of n weighs exp(sqrt i - sqrt n).

    Where exactly half of the weight lies on each side, the mean of the two forecasts in the middle. The weights are
    those of Metaculus' community prediction.
    """
    crowd = _crowd(p)
    n = crowd.shape[-1]
    weight = np.broadcast_to(np.exp(np.sqrt(np.arange(1, n + 1)) - math.sqrt(n)), crowd.shape)
    order = np.argsort(crowd, axis=-1, kind="stable")
    ranked, passed = np.take_along_axis(crowd, order, -1), np.cumsum(np.take_along_axis(weight, order, -1), axis=-1)
    # Rounding must neither hide a tie nor make one.
    share = np.round(passed / passed[..., -1:], 12)
    first, second = (np.sum(behind, axis=-1, keepdims=True) for behind in (share < 0.5, share <= 0.5))
    return np.asarray((np.take_along_axis(ranked, first, -1) + np.take_along_axis(ranked, second, -1))[..., 0] / 2)


def geometric_mean_of_odds(p: ArrayLike) -> Floats:
    """The probability whose log odds are the mean log odds; p clipped to [1, 9999] ticks."""
    return extremised(p, factor=1)


def extremised(p: ArrayLike, factor: float) -> Floats:
    """As `geometric_mean_of_odds`, with the mean log odds multiplied by `factor`, at least 1.

    Forecasters who share only part of what they know are each too cautious, and so is their mean. Satopää et al. 2014,
    doi:10.1016/j.ijforecast.2013.09.009. ValueError if the factor is under 1.
    """
    if checks.number("factor", factor) < 1:
        raise ValueError(f"factor must be at least 1, got {factor}")
    clipped = np.clip(_crowd(p), 1 / TICKS, 1 - 1 / TICKS)
    log_odds = np.mean(np.log(clipped) - np.log1p(-clipped), axis=-1)
    return np.asarray(1 / (1 + np.exp(-factor * log_odds)))


def trimmed_mean(p: ArrayLike, share: float = 0.1) -> Floats:
    """Mean without the lowest and highest `share` of forecasts, rounded down. ValueError unless 0 <= share < 1/2."""
    if not 0 <= checks.number("share", share) < 0.5:
        raise ValueError(f"share must be at least 0 and under 1/2, got {share}")
    crowd = np.sort(_crowd(p), axis=-1)
    cut = math.floor(share * crowd.shape[-1] + 1e-9)
    return np.asarray(np.mean(crowd[..., cut : crowd.shape[-1] - cut], axis=-1))


def mean_cdf(cdfs: ArrayLike) -> Floats:
    """Linear pool: mean of CDFs on common thresholds, shape (forecasters, thresholds) to (thresholds,). Wide."""
    return np.asarray(np.mean(_matrix("cdfs", checks.probabilities("cdfs", cdfs)), axis=0))


def mean_quantiles(values: ArrayLike) -> Floats:
    """Vincentisation: mean of quantiles at common levels, shape (forecasters, levels) to (levels,). Keeps the shape.

    Lichtendahl, Grushka-Cockayne & Winkler 2013, doi:10.1287/mnsc.1120.1667.
    """
    return np.asarray(np.mean(_matrix("values", values), axis=0))


def _crowd(p: ArrayLike) -> Floats:
    crowd = checks.probabilities("p", p)
    if crowd.ndim == 0 or crowd.shape[-1] == 0:
        raise ValueError("p must have at least one forecast along its last axis")
    return crowd


def _matrix(name: str, value: ArrayLike) -> Floats:
    matrix = checks.rising(name, value)
    if matrix.ndim != 2 or not matrix.shape[0]:
        raise ValueError(f"{name} must have the shape (forecasters, points)")
    return matrix
