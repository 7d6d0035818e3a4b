"""The values that the maths takes and gives. Times are integer microseconds since 1970-01-01 UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

MILLION = 1_000_000
TICKS = 10_000
PACKED = "<i8"


@dataclass(frozen=True, slots=True)
class Issued:
    """One forecast of one forecaster on one prediction, on one track. `tick` is None for a withdrawal.

    `issued_at` is the effective time on that track; a withdrawal takes effect at `recorded_at`, never earlier.
    """

    issued_at: int
    recorded_at: int
    id: int
    tick: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class Window:
    """When forecasts on a prediction count: from `opens_at` up to, not including, `closes_at` and `known_at`.

    Opening and closing are those in force at the first forecast. ValueError if `closes_at` is not after `opens_at`.
    """

    opens_at: int
    closes_at: int
    known_at: int

    def __post_init__(self) -> None:
        if self.closes_at <= self.opens_at:
            raise ValueError("closes_at must be after opens_at")

    @property
    def end(self) -> int:
        """The first moment at which a forecast no longer counts."""
        return min(self.closes_at, self.known_at)

    @property
    def length(self) -> int:
        """Planned length in microseconds, whenever the outcome became known."""
        return self.closes_at - self.opens_at

    def share(self, moment: int) -> int:
        """Millionths of the planned length passed at `moment`, rounded half up.

        A piece [a, b) weighs share(b) - share(a), so that however a span is cut, its pieces sum to the same weight.
        """
        return (2 * MILLION * (moment - self.opens_at) + self.length) // (2 * self.length)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch [start, end) over which one forecast stood within one lead band; weight in millionths of the window."""

    start: int
    end: int
    weight: int
    tick: int
    basis: str
    lead_band: str
    forecast_id: int


@dataclass(frozen=True, slots=True)
class Pick:
    """The one forecast that a counting chose, and the moment at which it stood."""

    moment: int
    tick: int
    basis: str
    lead_band: str
    forecast_id: int


@dataclass(frozen=True, slots=True, eq=False)
class TickTable:
    """All that calibration needs: for each distinct forecast value its weight and the weight that came true.

    ticks        shape (rows,), strictly ascending; the probability is ticks / scale
    weight       int64, shape (rows,), positive: forecasts, or millionths of windows
    weight_yes   int64, shape (rows,), from 0 to weight
    independent  one row of weight 1 per prediction, and one prediction per family: only then may a test or a band
                 treat the outcomes as separate draws
    """

    ticks: NDArray[Any]
    weight: NDArray[np.int64]
    weight_yes: NDArray[np.int64]
    independent: bool
    scale: int = TICKS

    def __post_init__(self) -> None:
        if not self.ticks.shape == self.weight.shape == self.weight_yes.shape == (self.ticks.size,):
            raise ValueError("ticks, weight and weight_yes must be one-dimensional and equally long")
        if np.any(np.diff(self.ticks) <= 0) or np.any((self.ticks < 0) | (self.ticks > self.scale)):
            raise ValueError(f"ticks must ascend strictly from 0 to {self.scale}")
        if np.any(self.weight <= 0):
            raise ValueError("weight must be positive")
        if np.any((self.weight_yes < 0) | (self.weight_yes > self.weight)):
            raise ValueError("weight_yes must lie between 0 and weight")

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int, int]], independent: bool = False) -> Self:
        """From (tick, weight, weight where yes); equal ticks are summed, rows of weight 0 are left out."""
        columns = np.array(list(rows), dtype=np.int64).reshape(-1, 3)
        return cls.summed(*columns.T, independent=independent, scale=TICKS)

    @classmethod
    def unpacked(cls, columns: bytes | memoryview) -> Self:
        """What `packed` gave, of a table whose rows are not independent."""
        ticks, weight, weight_yes = np.frombuffer(columns, PACKED).reshape(3, -1).astype(np.int64)
        return cls(ticks, weight, weight_yes, independent=False)

    @property
    def packed(self) -> bytes:
        """The three columns one after another, 8 bytes a number."""
        return np.stack([self.ticks, self.weight, self.weight_yes]).astype(PACKED).tobytes()

    @classmethod
    def summed(
        cls,
        ticks: NDArray[Any],
        weight: NDArray[np.int64],
        weight_yes: NDArray[np.int64],
        *,
        independent: bool,
        scale: int,
    ) -> Self:
        """From rows in any order, equal ticks summed and weights of 0 left out."""
        if np.any(weight < 0):
            raise ValueError("weight must not be negative")
        kept = weight > 0
        distinct, place = np.unique(ticks[kept], return_inverse=True)
        sums = np.zeros((2, distinct.size), dtype=np.int64)
        np.add.at(sums[0], place, weight[kept])
        np.add.at(sums[1], place, weight_yes[kept])
        return cls(distinct, sums[0], sums[1], independent, scale)

    @property
    def p(self) -> NDArray[np.float64]:
        """The forecast probabilities, shape (rows,)."""
        return np.asarray(self.ticks / self.scale, dtype=np.float64)

    @property
    def total(self) -> int:
        return int(self.weight.sum())

    @property
    def total_yes(self) -> int:
        return int(self.weight_yes.sum())


@dataclass(frozen=True, slots=True)
class Block:
    """A level stretch of the recalibrated curve: forecasts from low_tick to high_tick came true at `rate`."""

    low_tick: int
    high_tick: int
    rate: float
    weight: int
    weight_yes: int


@dataclass(frozen=True, slots=True)
class Corp:
    """score = miscalibration - discrimination + uncertainty, with the curve that they come from."""

    score: float
    miscalibration: float
    discrimination: float
    uncertainty: float
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Where the curve of a perfectly calibrated forecaster would fall with probability `level`, tick by tick."""

    ticks: NDArray[Any]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    level: float
    replicates: int
    seed: int


@dataclass(frozen=True, slots=True)
class MiscalibrationTest:
    """p-value of "perfectly calibrated"; excess is the miscalibration over what chance alone gives on average."""

    p_value: float
    miscalibration: float
    null_mean: float
    excess: float
    replicates: int
    seed: int


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts in [low, high), their mean and the observed rate; its interval where outcomes are independent."""

    low: float
    high: float
    weight: int
    weight_yes: int
    mean: float
    rate: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval and how it came about: resampled clusters, replicates and seed."""

    value: float
    interval: Interval
    clusters: int
    replicates: int
    seed: int


@dataclass(frozen=True, slots=True)
class ZTest:
    """A difference from what calibration leads to expect, per unit of weight; z and p_value None where untestable."""

    value: float
    z: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Cox:
    """logit P(yes) = intercept + slope logit p, with standard errors where outcomes are independent."""

    intercept: float
    slope: float
    intercept_error: float | None
    slope_error: float | None


@dataclass(frozen=True, slots=True)
class Murphy:
    """Brier score = reliability - resolution + uncertainty."""

    reliability: float
    resolution: float
    uncertainty: float


@dataclass(frozen=True, slots=True)
class Auc:
    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Skill:
    """Reference loss minus loss, positive when better than the reference; the ratio is 1 - loss / reference."""

    difference: Estimate
    ratio: float | None


@dataclass(frozen=True, slots=True, eq=False)
class MurphyDifference:
    """Mean elementary scores of two forecasters at each threshold, and a pointwise interval of a - b."""

    thetas: NDArray[np.float64]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    level: float


@dataclass(frozen=True, slots=True, eq=False)
class TwoWay:
    """score = ability of the forecaster + difficulty of the prediction + noise; abilities sum to 0."""

    forecasters: NDArray[np.generic]
    ability: NDArray[np.float64]
    predictions: NDArray[np.generic]
    difficulty: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a leaderboard; equal values share a rank, and the rank interval says how far chance moves it."""

    forecaster: object
    value: float
    rank: int
    low_rank: int
    high_rank: int


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """Values drawn towards their common mean as far as their errors explain their differences."""

    values: NDArray[np.float64]
    mean: float
    spread: float


@dataclass(frozen=True, slots=True, eq=False)
class PitHistogram:
    """Share of outcomes per bin of the forecast CDF, with the band in which each share lies under calibration."""

    edges: NDArray[np.float64]
    shares: NDArray[np.float64]
    low: float
    high: float
    level: float
    n: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of n outcomes fell inside intervals that were to hold the share `nominal` of them."""

    nominal: float
    inside: int
    n: int
    rate: float
    interval: Interval


@dataclass(frozen=True, slots=True, eq=False)
class EProcess:
    """log10 of the evidence against calibration after each outcome, and the first index at which it reached 20."""

    log10: NDArray[np.float64]
    alarm: int | None


@dataclass(frozen=True, slots=True, eq=False)
class ConfidenceSequence:
    """The running mean and, after each value, an interval; all intervals hold together with probability `level`."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    level: float
