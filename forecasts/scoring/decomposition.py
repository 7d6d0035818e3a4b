"""What is wrong with a set of forecasts, in numbers: shift, slope, resolution and ranking. All from the tick table.

Point estimates take any table with at least one forecast (ValueError if empty). Standard errors, z and intervals are
None unless the outcomes are independent: one forecast per prediction, one prediction per family.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.special import normal_radius, two_sided
from forecasts.scoring.values import TICKS, Auc, Cox, Interval, Murphy, TickTable, ZTest

Floats = NDArray[np.float64]

NEWTON_STEPS = 100
CONVERGED = 1e-10
SIGMA_BITS = 40  # halvings of [0, 1] in search of the kernel width


def calibration_in_the_large(table: TickTable) -> ZTest:
    """Mean forecast minus rate of yes, positive when forecasts are too high.

    z divides by the standard deviation under calibration; None also where no forecast leaves any doubt.
    """
    p = _filled(table).p
    surprise = table.weight * p - table.weight_yes
    return _z_test(table, float(surprise.sum()), float((table.weight * p * (1 - p)).sum()))


def spiegelhalter(table: TickTable) -> ZTest:
    """Brier score minus its expectation under calibration, positive when forecasts are too extreme.

    Spiegelhalter 1986, doi:10.1002/sim.4780050506. z as in `calibration_in_the_large`.
    """
    p = _filled(table).p
    excess = (1 - 2 * p) * (table.weight_yes - table.weight * p)
    return _z_test(table, float(excess.sum()), float((table.weight * (1 - 2 * p) ** 2 * p * (1 - p)).sum()))


def _z_test(table: TickTable, total: float, variance: float) -> ZTest:
    z = total / math.sqrt(variance) if table.independent and variance > 0 else None
    return ZTest(total / table.total, z, None if z is None else two_sided(z))


def cox(table: TickTable) -> Cox | None:
    """Logistic recalibration, logit P(yes) = intercept + slope logit p: calibrated is 0 and 1, over-confident < 1.

    Cox 1958, doi:10.1093/biomet/45.3-4.562. p is clipped to [1, 9999] ticks. None where no finite fit exists: one class
    only, or every yes forecast at least as high (or low) as every no.
    """
    if _separated(_filled(table)):
        return None
    x = _logit(table.p)
    # On a standardised scale Newton's steps are of one size, however close together the forecasts lie.
    middle = float(np.average(x, weights=table.weight))
    spread = math.sqrt(float(np.average((x - middle) ** 2, weights=table.weight)))
    design = np.stack([np.ones_like(x), (x - middle) / spread])
    fit = np.array([middle, spread])  # calibrated: intercept 0, slope 1
    for _ in range(NEWTON_STEPS):
        rate = 1 / (1 + np.exp(-(fit @ design)))
        information = (design * (table.weight * rate * (1 - rate))) @ design.T
        step = np.linalg.solve(information, design @ (table.weight_yes - table.weight * rate))
        # A step over 1 logit leaves the region in which the quadratic model holds.
        fit = fit + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < CONVERGED:
            break
    back = np.array([[1.0, -middle / spread], [0.0, 1 / spread]])
    variances = np.diag(back @ np.linalg.inv(information) @ back.T)
    errors = np.sqrt(variances).tolist() if table.independent else (None, None)
    intercept, slope = (back @ fit).tolist()
    return Cox(intercept, slope, *errors)


def _separated(table: TickTable) -> bool:
    x = np.clip(table.p, 1 / TICKS, 1 - 1 / TICKS)
    yes, no = x[table.weight_yes > 0], x[table.weight > table.weight_yes]
    return not yes.size or not no.size or bool(no.max() <= yes.min() or yes.max() <= no.min())


def _logit(p: Floats) -> Floats:
    clipped = np.clip(p, 1 / TICKS, 1 - 1 / TICKS)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))


def murphy(table: TickTable) -> Murphy:
    """Brier score = reliability - resolution + uncertainty on the distinct forecast values.

    Murphy 1973, doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2.
    """
    share = table.weight / _filled(table).total
    rate, base = table.weight_yes / table.weight, table.total_yes / table.total
    return Murphy(float(share @ (table.p - rate) ** 2), float(share @ (rate - base) ** 2), base * (1 - base))


def murphy_corrected(table: TickTable) -> Murphy:
    """`murphy` without its bias: chance inflates reliability and resolution where few forecasts share a value.

    The same score; single forecasts of a value correct nothing, and parts may turn negative. Bröcker 2012,
    doi:10.1007/s00382-011-1191-1; Ferro & Fricker 2012, doi:10.1002/qj.1924. ValueError if the outcomes are not
    independent or fewer than two.
    """
    plain = murphy(table)
    if not table.independent or table.total < 2:
        raise ValueError("table must have two forecasts at least, one per prediction and one prediction per family")
    rate = table.weight_yes / table.weight
    within = float(table.weight @ (rate * (1 - rate) / np.maximum(table.weight - 1, 1))) / table.total
    between = plain.uncertainty / (table.total - 1)
    return Murphy(plain.reliability - within, plain.resolution - within + between, plain.uncertainty + between)


def ece(table: TickTable, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width: mean |mean forecast - rate|. Depends on the bins.

    Bins are closed on the left, the last on both sides. ValueError if `bins` is not positive.
    """
    checks.count("bins", bins)
    # In whole numbers, so that 0.3 falls into the bin that begins there.
    place = np.minimum(np.floor(np.round(_filled(table).ticks * bins / table.scale, 9)), bins - 1).astype(np.int64)
    surprise = np.bincount(place, table.weight * table.p - table.weight_yes)
    return float(np.abs(surprise).sum()) / table.total


def smooth_ece(table: TickTable) -> float:
    """Smooth calibration error: the kernel width sigma at which the smoothed error equals sigma.

    Residuals y - p are smoothed by a Gaussian reflected at 0 and 1, on the grid of ticks, exactly by the FFT of their
    even extension. Błasiok & Nakkiran 2024, arXiv:2309.12236.
    """
    tick = np.rint(_filled(table).p * TICKS).astype(np.int64)
    residual = (table.weight_yes - table.weight * table.p) / table.total
    circle = np.zeros(2 * TICKS)
    np.add.at(circle, tick, residual)
    np.add.at(circle, -tick, residual)  # the mirror images; those of 0 and 1 fall on themselves and count twice
    spectrum = np.fft.rfft(circle)
    decay = -0.5 * (math.pi * np.arange(spectrum.size)) ** 2
    low, high = 0.0, 1.0
    for _ in range(SIGMA_BITS):
        sigma = (low + high) / 2
        smoothed = np.fft.irfft(spectrum * np.exp(decay * sigma**2))
        low, high = (sigma, high) if np.abs(smoothed).sum() / 2 > sigma else (low, sigma)
    return high


def auc(table: TickTable, level: float = 0.95) -> Auc | None:
    """Probability that a random yes was forecast higher than a random no, ties counting half; None with one class only.

    Interval after DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595, cut to [0, 1]; None also where a class has
    a single member. ValueError unless 0 < level < 1.
    """
    radius = normal_radius(level)
    yes, no = _filled(table).weight_yes, table.weight - table.weight_yes
    n_yes, n_no = int(yes.sum()), int(no.sum())
    if not n_yes or not n_no:
        return None
    beats = (np.cumsum(no) - no / 2) / n_no  # share of no below each tick
    beaten = (np.cumsum(yes[::-1])[::-1] - yes / 2) / n_yes  # share of yes above it
    value = float(yes @ beats) / n_yes
    if not table.independent or min(n_yes, n_no) < 2:
        return Auc(value, None)
    variance = sum(
        float(w @ (share - value) ** 2) / ((n - 1) * n) for w, share, n in ((yes, beats, n_yes), (no, beaten, n_no))
    )
    reach = radius * math.sqrt(variance)
    return Auc(value, Interval(max(0.0, value - reach), min(1.0, value + reach), level, "delong"))


def sharpness(table: TickTable) -> float:
    """Mean p (1 - p), from 0 for certainty to 0.25: the Brier score that the forecasts themselves expect."""
    return float(_filled(table).weight @ (table.p * (1 - table.p))) / table.total


def murphy_diagram(table: TickTable, thetas: ArrayLike) -> Floats:
    """Mean elementary score at each threshold theta, in the shape of thetas.

    A no forecast above theta costs 2 theta, a yes at or below it 2 (1 - theta): the loss of one who acts on forecasts
    above theta where acting in vain costs theta. The area under the diagram is the mean Brier score. Whoever is lower
    at every theta is better under every proper score. Ehm et al. 2016, doi:10.1111/rssb.12154.
    """
    theta = checks.probabilities("thetas", thetas)
    upto = np.searchsorted(_filled(table).ticks, np.round(theta * table.scale, 9), side="right")
    no_upto = np.concatenate([[0], np.cumsum(table.weight - table.weight_yes)])
    yes_upto = np.concatenate([[0], np.cumsum(table.weight_yes)])
    return np.asarray(2 * (theta * (no_upto[-1] - no_upto[upto]) + (1 - theta) * yes_upto[upto]) / table.total)


def _filled(table: TickTable) -> TickTable:
    if not table.ticks.size:
        raise ValueError("table must have at least one forecast")
    return table
