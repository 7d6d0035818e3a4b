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


def brier(p: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """(p - y)², 0 to 1: half of the two-sided score of Brier 1950.

    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2
    """
    error: NDArray[np.float64] = checks.probabilities("p", p) - checks.outcomes("y", y)
    return error**2


def log_score(p: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """-ln of the probability given to what happened, in nats, 0 to infinity. Good 1952."""
    given, happened = checks.probabilities("p", p), checks.outcomes("y", y)
    with np.errstate(divide="ignore"):
        return -np.log(np.where(happened == 1, given, 1 - given))


def brier_numerator(tick: int, y: int) -> int:
    """The Brier score times 10^8, exactly."""
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
    """round(-10^9 ln p(outcome)) with the tick clipped to [1, 9999]: the log score in billionths of a nat."""
    return int(LOG_LOSS_NANO[y, tick])
