"""Evidence that may be looked at every day: its guarantees hold at all times together, however often one looks."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.values import TICKS, ConfidenceSequence, EProcess

Floats = NDArray[np.float64]

ALARM = 20.0
SHIFTS = tuple(float(shift) for shift in np.linspace(-1, 1, 9))
SLOPES = tuple(float(slope) for slope in np.geomspace(0.25, 4, 9))
SHARPEST_AT = 100  # the number of differences at which a confidence sequence is narrowest for its level


def e_process(p: ArrayLike, y: ArrayLike) -> EProcess:
    """Anytime-valid evidence against "p is right", for outcomes in the order of their deadlines, shape (n,).

    The even mixture, over shifts and slopes of the log odds, of the likelihood ratio against p, clipped to [1, 9999]
    ticks. If outcomes are independent given the forecasts and p is right, it ever reaches 20 with probability at most
    1/20. Ramdas et al. 2023, doi:10.1214/23-STS894.
    """
    given, happened = checks.probabilities("p", p), checks.outcomes("y", y)
    checks.columns(p=given, y=happened)
    clipped = np.clip(given, 1 / TICKS, 1 - 1 / TICKS)
    logit = np.log(clipped) - np.log1p(-clipped)
    sign = 2 * happened - 1
    calibrated = np.logaddexp(0, -sign * logit)
    evidence = np.full(given.size, -np.inf)
    for shift in SHIFTS:
        for slope in SLOPES:
            losses = np.logaddexp(0, -sign * (shift + slope * logit))
            evidence = np.logaddexp(evidence, np.cumsum(calibrated - losses))
    evidence -= math.log(len(SHIFTS) * len(SLOPES))
    over = np.flatnonzero(evidence >= math.log(ALARM))
    return EProcess(evidence / math.log(10), int(over[0]) if over.size else None)


def confidence_sequence(differences: ArrayLike, bound: float, level: float = 0.95) -> ConfidenceSequence:
    """For the mean score difference of two forecasters, in order of time; every |difference| <= bound, shape (n,).

    The mean is over the conditional expectations, so that nothing need be stationary or independent. Normal mixture
    boundary in the intrinsic time bound² t, since what lies within ± bound is sub-Gaussian with that scale. Choe &
    Ramdas, arXiv:2110.00115; Howard et al. 2021, doi:10.1214/20-AOS1991. ValueError names the argument at fault.
    """
    values = checks.finite("differences", differences)
    if values.ndim != 1:
        raise ValueError("differences must be one-dimensional")
    if checks.number("bound", bound) <= 0 or np.any(np.abs(values) > bound):
        raise ValueError(f"bound must be positive and at least as large as every difference, got {bound}")
    alpha = 1 - checks.level("level", level)
    t = np.arange(1, values.size + 1)
    doubt = -2 * math.log(alpha)
    prior = bound**2 * SHARPEST_AT / (doubt + math.log(1 + doubt))
    time = bound**2 * t + prior
    radius = np.sqrt(time * (np.log(time / prior) + doubt)) / t
    mean = np.cumsum(values) / t
    return ConfidenceSequence(mean, np.maximum(mean - radius, -bound), np.minimum(mean + radius, bound), level)
