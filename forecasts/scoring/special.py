"""The few distribution functions that intervals need, so that nothing beyond numpy is loaded."""

import math
from itertools import count
from statistics import NormalDist

from forecasts.scoring import checks

NORMAL = NormalDist()
CONVERGED = 1e-14


def two_sided(z: float) -> float:
    """Probability that a standard normal variable lies at least as far from 0 as z."""
    return math.erfc(abs(z) / math.sqrt(2))


def normal_radius(level: float) -> float:
    """How many standard errors reach to each side of a two-sided normal interval. ValueError unless 0 < level < 1."""
    return NORMAL.inv_cdf((1 + checks.level("level", level)) / 2)


def beta_cdf(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function I_x(a, b), by its continued fraction (NIST DLMF 8.17.22)."""
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast only on the other side
        return 1 - beta_cdf(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) / (a * _beta_fraction(x, a, b))


def _beta_fraction(x: float, a: float, b: float) -> float:
    """1 + d1 / (1 + d2 / (1 + ...)), by the modified Lentz algorithm."""
    value, c, d = 1.0, 1.0, 0.0
    for n in count(1):
        m, odd = divmod(n, 2)
        top = -(a + m) * (a + b + m) if odd else m * (b - m)
        term = top * x / ((a + n - 1) * (a + n))
        d = 1 / (1 + term * d)
        c = 1 + term / c
        value *= c * d
        if abs(c * d - 1) < CONVERGED:
            break
    return value


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = probability, by bisection to the last bit."""
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if beta_cdf(middle, a, b) < probability else (low, middle)
    return high
