"""Scoring rules. y is 0 or 1, p a probability, k the index of the option that came true; lower is better unless said.

Arguments may be arrays and broadcast; scalars give numpy scalars. Wrong shapes, NaN, values out of range and
probabilities that do not sum to 1 within 1e-6 raise ValueError naming the argument.
"""

import math
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.values import TICKS as TICKS

Floats = NDArray[np.float64]

NANO = 1_000_000_000
LOWEST_LOG_TICK, HIGHEST_LOG_TICK = 1, TICKS - 1


@overload
def to_ticks(p: float) -> int: ...
@overload
def to_ticks(p: ArrayLike) -> NDArray[np.int64]: ...
def to_ticks(p: ArrayLike) -> int | NDArray[np.int64]:
    """Probabilities as integer ten-thousandths, ties to even. A scalar gives a Python int.

    >>> to_ticks(0.00025), to_ticks(0.00035)
    (2, 4)
    """
    # The inner rounding undoes binary noise, so that a decimal tie is a tie before it is rounded.
    ticks = np.rint(np.round(checks.probabilities("p", p) * TICKS, 6)).astype(np.int64)
    return ticks if ticks.ndim else int(ticks)


def options_to_ticks(p: ArrayLike) -> NDArray[np.int64]:
    """Ticks of shape (..., options) that sum to exactly 10,000: largest remainder, ties to the lower index.

    >>> options_to_ticks([1 / 3, 1 / 3, 1 / 3]).tolist()
    [3334, 3333, 3333]
    """
    scaled = np.round(checks.distribution("p", p) * TICKS, 6)
    floor = np.floor(scaled)
    missing = TICKS - floor.sum(axis=-1, keepdims=True)
    remainder = np.round(scaled - floor, 6)
    rank = np.argsort(np.argsort(-remainder, axis=-1, kind="stable"), axis=-1)
    ticks: NDArray[np.int64] = (floor + (rank < missing)).astype(np.int64)
    return ticks


def brier(p: ArrayLike, y: ArrayLike) -> Floats:
    """(p - y)², 0 to 1: half of the two-sided score of Brier 1950.

    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2
    """
    given, happened = checks.probabilities("p", p), checks.outcomes("y", y)
    checks.together(p=given.shape, y=happened.shape)
    return (given - happened) ** 2


def log_score(p: ArrayLike, y: ArrayLike) -> Floats:
    """-ln of the probability given to what happened, in nats, 0 to infinity. Good 1952."""
    given, happened = checks.probabilities("p", p), checks.outcomes("y", y)
    checks.together(p=given.shape, y=happened.shape)
    with np.errstate(divide="ignore"):
        return -np.log(np.where(happened == 1, given, 1 - given))


def brier_numerator(tick: int, y: int) -> int:
    """The Brier score times 10^8, exactly. ValueError unless the tick is one from 0 to 10,000 and y is 0 or 1."""
    checks.count("tick", tick, 0, TICKS)
    checks.count("y", y, 0, 1)
    return (tick - TICKS * y) ** 2


def _log_loss_table() -> NDArray[np.int64]:
    clipped = (min(max(tick, LOWEST_LOG_TICK), HIGHEST_LOG_TICK) for tick in range(TICKS + 1))
    yes = np.array([round(-NANO * math.log(tick / TICKS)) for tick in clipped], dtype=np.int64)
    return np.stack([yes[::-1], yes])


# Indexed [y, tick]. No entry lies within 1e-5 of a rounding tie, so every platform's logarithm gives this same table;
# the tests compare it with 40-digit arithmetic.
LOG_LOSS_NANO = _log_loss_table()
LOG_LOSS_NANO.setflags(write=False)


def log_loss_nano(tick: int, y: int) -> int:
    """round(-10^9 ln p(outcome)) with the tick clipped to [1, 9999]: the log score in billionths of a nat.

    ValueError as for `brier_numerator`.
    """
    checks.count("tick", tick, 0, TICKS)
    checks.count("y", y, 0, 1)
    return int(LOG_LOSS_NANO[y, tick])


def brier_multi(p: ArrayLike, k: ArrayLike) -> Floats:
    """Sum over options of (p - o)², 0 to 2; p of shape (..., options), k of shape (...). Brier 1950."""
    given, happened = _options(p, k)
    return _total((given - happened) ** 2)


def rps(p: ArrayLike, k: ArrayLike, normalise: bool = False) -> Floats:
    """Ranked probability score of ordered options: sum over the cuts between them of (F - O)²; Epstein 1969.

    From 0 to options - 1, or to 1 when normalised. doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2
    """
    given, happened = _options(p, k)
    cuts = given.shape[-1] - 1
    total = _total(np.cumsum(given - happened, axis=-1)[..., :-1] ** 2)
    return total / cuts if normalise else total


def ordered_brier(p: ArrayLike, k: ArrayLike) -> Floats:
    """Mean over the cuts of the two-sided Brier score, 0 to 2: twice the normalised RPS (as Good Judgment does)."""
    return 2 * rps(p, k, normalise=True)


def log_multi(p: ArrayLike, k: ArrayLike) -> Floats:
    """-ln of the probability given to the option that came true, in nats."""
    given, happened = _options(p, k)
    with np.errstate(divide="ignore"):
        return -np.log(_total(given * happened))


def spherical(p: ArrayLike, k: ArrayLike) -> Floats:
    """p of what came true over the length of p, 0 to 1, larger is better. Gneiting & Raftery 2007, section 4.2.

    doi:10.1198/016214506000001437
    """
    given, happened = _options(p, k)
    return _total(given * happened) / np.sqrt(_total(given**2))


def baseline(p_outcome: ArrayLike, k: ArrayLike) -> Floats:
    """100 (1 + ln p / ln k) among k options: 0 for an even guess, 100 for certainty, larger is better."""
    given, options = checks.probabilities("p_outcome", p_outcome), checks.whole("k", k)
    checks.refuse("k", options, options < 2, "be at least 2 options")
    checks.together(p_outcome=given.shape, k=options.shape)
    with np.errstate(divide="ignore"):
        return 100 * (1 + np.log(given) / np.log(options))


def pinball(q: ArrayLike, y: ArrayLike, tau: ArrayLike) -> Floats:
    """Quantile loss of q as the tau-quantile, in the unit of y: (y - q) tau above it, (q - y)(1 - tau) below."""
    forecast, seen, level = checks.finite("q", q), checks.finite("y", y), checks.between("tau", tau)
    checks.together(q=forecast.shape, y=seen.shape, tau=level.shape)
    return (seen - forecast) * (level - (seen < forecast))


def interval_score(lower: ArrayLike, upper: ArrayLike, y: ArrayLike, alpha: ArrayLike) -> Floats:
    """Width of the central (1 - alpha) interval plus 2 / alpha times the miss, in the unit of y.

    Gneiting & Raftery 2007, section 6.2, doi:10.1198/016214506000001437.
    """
    low, high, seen = checks.finite("lower", lower), checks.finite("upper", upper), checks.finite("y", y)
    rate = checks.between("alpha", alpha)
    checks.together(lower=low.shape, upper=high.shape, y=seen.shape, alpha=rate.shape)
    if np.any(low > high):
        raise ValueError("lower must not exceed upper")
    miss: Floats = np.maximum(low - seen, 0) + np.maximum(seen - high, 0)
    return high - low + 2 / rate * miss


def weighted_interval_score(
    median: ArrayLike, lowers: ArrayLike, uppers: ArrayLike, alphas: ArrayLike, y: ArrayLike
) -> Floats:
    """Twice the mean pinball loss over the median and both ends of K intervals, in the unit of y.

    median and y of shape (...), lowers and uppers (..., K), alphas (K,). Bracher et al. 2021,
    doi:10.1371/journal.pcbi.1008618.
    """
    rates, low, high = (
        checks.between("alphas", alphas),
        checks.finite("lowers", lowers),
        checks.finite("uppers", uppers),
    )
    if rates.ndim != 1 or low.shape[-1:] != rates.shape or high.shape[-1:] != rates.shape:
        raise ValueError("lowers, uppers and alphas must have equally many intervals, alphas along its only axis")
    middle, seen = checks.finite("median", median), checks.finite("y", y)
    checks.together(median=middle.shape, lowers=low.shape[:-1], uppers=high.shape[:-1], y=seen.shape)
    if np.any(low > high):
        raise ValueError("lowers must not exceed uppers")
    seen = seen[..., None]
    ends = pinball(low, seen, rates / 2) + pinball(high, seen, 1 - rates / 2)
    return 2 * (pinball(middle, y, 0.5) + _total(ends)) / (2 * rates.size + 1)


def crps_ensemble(x: ArrayLike, y: ArrayLike, fair: bool = False) -> Floats:
    """CRPS of the empirical distribution of the members x (..., members), in the unit of y (...).

    E|X - y| - E|X - X'| / 2; `fair` leaves out pairs of a member with itself, for members that are a random sample of
    the forecast. Ferro 2014, doi:10.1002/qj.2270.
    """
    members, seen = np.sort(checks.finite("x", x), axis=-1), checks.finite("y", y)
    size = members.shape[-1] if members.ndim else 0
    if size < 1 + fair:
        raise ValueError(f"x must have at least {1 + fair} members along its last axis")
    checks.together(x=members.shape[:-1], y=seen.shape)
    gaps = _total(members * (2 * np.arange(size) - size + 1))  # the sum of x_j - x_i over all i < j
    return _total(np.abs(members - seen[..., None])) / size - gaps / (size * (size - fair))


def crps_cdf(thresholds: ArrayLike, cdf: ArrayLike, y: ArrayLike) -> Floats:
    """Exact CRPS, in the unit of y, of a CDF that is linear between thresholds: the integral of (F - 1{x >= y})².

    thresholds and cdf of shape (..., n), y (...). F is 0 below the first threshold and 1 from the last on, so that a
    first value above 0 or a last one below 1 is a point mass there; so is a repeated threshold.
    """
    (x, f), seen = checks.curve("thresholds", thresholds, cdf), checks.finite("y", y)
    checks.together(thresholds=x.shape[:-1], cdf=f.shape[:-1], y=seen.shape)
    left, right, low, high = x[..., :-1], x[..., 1:], f[..., :-1], f[..., 1:]
    split = np.clip(seen[..., None], left, right)
    width = right - left
    at_split = low + (high - low) * (split - left) / np.where(width > 0, width, 1)
    before = (split - left) * (low**2 + low * at_split + at_split**2)
    after = (right - split) * ((1 - at_split) ** 2 + (1 - at_split) * (1 - high) + (1 - high) ** 2)
    outside: Floats = np.maximum(x[..., 0] - seen, 0) + np.maximum(seen - x[..., -1], 0)
    return _total(before + after) / 3 + outside


def crps_quantiles(
    levels: ArrayLike, values: ArrayLike, y: ArrayLike, low: float | None = None, high: float | None = None
) -> Floats:
    """Exact CRPS of the piecewise-linear CDF through quantiles, in the unit of y.

    levels (n,) in (0, 1), values (..., n), y (...). `low` and `high` are the closed ends of the prediction's range: the
    tail runs linearly to them. Where an end is open, what is beyond the outermost quantile sits on it.
    """
    steps, points = checks.rising("levels", checks.between("levels", levels)), checks.rising("values", values)
    if points.shape[-1:] != steps.shape:
        raise ValueError("levels and values must be equally long along their last axis")
    for name, end, share in (("low", low, 0.0), ("high", high, 1.0)):
        if end is not None:
            beyond = points > checks.number(name, end) if share else points < checks.number(name, end)
            checks.refuse("values", points, beyond, "lie between low and high")
            column, place = np.full((*points.shape[:-1], 1), end), points.shape[-1] if share else 0
            points, steps = np.insert(points, [place], column, axis=-1), np.insert(steps, place, share)
    return crps_cdf(points, steps, y)


def _options(p: ArrayLike, k: ArrayLike) -> tuple[Floats, Floats]:
    """Probabilities and outcomes (1 where the option came true), both of shape (..., options)."""
    given = checks.distribution("p", p)
    options = given.shape[-1]
    chosen = checks.index("k", k, options)
    shape = checks.together(p=given.shape[:-1], k=chosen.shape)
    happened = (chosen[..., None] == np.arange(options)).astype(np.float64)
    return np.broadcast_to(given, (*shape, options)), np.broadcast_to(happened, (*shape, options))


def _total(terms: Floats) -> Floats:
    total: Floats = terms.sum(axis=-1)
    return total
