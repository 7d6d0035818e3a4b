"""Isotonic regression of outcomes on forecasts by pooling adjacent violators, for many samples at once."""

import numpy as np
from numpy.typing import NDArray

INT64_SAFE = 3_037_000_499  # products of two numbers up to this fit int64
ROUNDING = 1e-15  # how far the difference of two quotients up to 1 may be off


def pool(
    weight: NDArray[np.int64], yes: NDArray[np.int64], columns: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(start, weight, yes) of the level blocks of the isotonic fit to yes / weight, exact in integers.

    The arrays hold one or several samples of `columns` entries one after another; `start` indexes into them, and no
    block crosses from one sample into the next. Neighbours of equal rate are one block.

    Every round pools each whole run of falling or level neighbours: all of a run ends in one block of the fit, so
    pooling it at once changes nothing, and on real tables about ten rounds do.
    """
    start = np.arange(weight.size)
    is_small = weight.sum() <= INT64_SAFE * max(1, weight.size // columns)
    while True:
        falls = _falls(weight, yes, is_small) & (start[1:] % columns != 0)
        if not np.any(falls):
            return start, weight, yes
        kept = np.flatnonzero(np.concatenate([[True], ~falls]))
        start, weight, yes = start[kept], np.add.reduceat(weight, kept), np.add.reduceat(yes, kept)


def _falls(weight: NDArray[np.int64], yes: NDArray[np.int64], is_small: bool) -> NDArray[np.bool_]:
    """Whether each rate is at least the next one, exactly."""
    if is_small:
        return np.asarray(yes[:-1] * weight[1:] >= yes[1:] * weight[:-1])
    rate = yes / weight
    gap = rate[:-1] - rate[1:]
    falls = gap > 0
    # Where rounding could decide, Python's integers do.
    for i in np.flatnonzero(np.abs(gap) <= ROUNDING).tolist():
        falls[i] = int(yes[i]) * int(weight[i + 1]) >= int(yes[i + 1]) * int(weight[i])
    return falls
