"""Isotonic regression of outcomes on forecasts by pooling adjacent violators, for many samples at once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

INT64_SAFE = 3_037_000_499  # products of two numbers up to this fit int64


def pool(
    weight: NDArray[np.int64], yes: NDArray[np.int64], columns: int
) -> tuple[NDArray[np.int64], NDArray[Any], NDArray[Any]]:
    """(start, weight, yes) of the level blocks of the isotonic fit to yes / weight, exact in integers.

    The arrays hold one or several samples of `columns` entries one after another; `start` indexes into them, and no
    block crosses from one sample into the next. Neighbours of equal rate are one block.

    Every round pools each whole run of falling or level neighbours: all of a run ends in one block of the fit, so
    pooling it at once changes nothing, and on real tables about ten rounds do.
    """
    start = np.arange(weight.size)
    if weight.sum() > INT64_SAFE * max(1, weight.size // columns):
        weight, yes = weight.astype(object), yes.astype(object)
    while True:
        falls = (yes[:-1] * weight[1:] >= yes[1:] * weight[:-1]) & (start[1:] % columns != 0)
        if not np.any(falls):
            return start, weight, yes
        kept = np.flatnonzero(np.concatenate([[True], ~falls.astype(bool)]))
        start, weight, yes = start[kept], np.add.reduceat(weight, kept), np.add.reduceat(yes, kept)
