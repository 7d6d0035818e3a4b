"""What each forecast of a prediction costs and earns, given what happened: the one place where kinds differ.

Everything after this (what stood when, what counts, averages, peers) is the same for all kinds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasts.scoring.distributions import crps_date, numeric_log_score, pit
from forecasts.scoring.rules import LOG_LOSS_NANO, NANO, crps_cdf
from forecasts.scoring.values import TICKS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BINS = 200
HALF = 50.0  # scale of the relative rewards of numeric and date predictions
WHOLE = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Columns of n forecasts on predictions of one kind.

    sums        absolute losses by rule, each of shape (n,): `brier` and `rps` in 1e-8 and `log` in 1e-9 nats (int64),
                `spherical` (larger is better) and `crps` (unit of the outcome; days for dates) as floats
    gain        baseline reward per unit of time, larger is better
    log_p       ln of the probability (or of the outcome's bin) that peers are compared by, times `scale` / 100
    kept        what a counted forecast keeps beside its losses: `tick`, or `pit_low` and `pit_high`
    facts_of    shape (n,): how many calibration rows each forecast has; `fact_tick` and `fact_yes` hold them in order
    """

    sums: Mapping[str, NDArray[Any]]
    gain: Floats
    log_p: Floats
    kept: Mapping[str, NDArray[Any]]
    facts_of: Ints
    fact_tick: Ints
    fact_yes: Ints


@dataclass(frozen=True, slots=True)
class Range:
    """Where a number or a date may lie. `is_date`: in days, the high end being the limit and always open."""

    low: float
    high: float
    open_below: bool = False
    open_above: bool = False
    log_scale: bool = False
    is_date: bool = False

    @property
    def open_ends(self) -> int:
        return self.open_below + self.open_above

    @property
    def bins(self) -> int:
        """Equal steps of the log score: 200, or the days of a shorter date range."""
        return max(1, min(BINS, math.ceil(self.high - self.low))) if self.is_date else BINS

    def edge(self, number: int) -> float:
        """Where bin `number` begins, evenly on the (perhaps logarithmic) axis."""
        share = number / self.bins
        if self.log_scale:
            return float(self.low ** (1 - share) * self.high**share)
        # In this form an edge that is a decimal is that decimal's float, so that an outcome on it is found there.
        return (self.low * (self.bins - number) + self.high * number) / self.bins

    def bin_of(self, y: float) -> int:
        """The bin (edge, next edge] of an outcome inside; the low end belongs to the first."""
        edges = np.array([self.edge(number) for number in range(1, self.bins)])
        return int(np.searchsorted(edges, y, side="left"))


Points = Sequence[tuple[float, int]]


def binary_losses(tick: Ints, y: Ints) -> Losses:
    """Of yes-or-no forecasts in ticks, with outcomes 0 or 1."""
    log = LOG_LOSS_NANO[y, tick]
    log_p = -log / NANO
    given = np.where(y == 1, tick, TICKS - tick)
    return Losses(
        sums={
            "brier": (tick - TICKS * y) ** 2,
            "log": log,
            "spherical": given / np.hypot(tick, TICKS - tick),
        },
        gain=WHOLE * (1 + log_p / math.log(2)),
        log_p=log_p,
        kept={"tick": tick},
        facts_of=np.ones_like(tick),
        fact_tick=tick,
        fact_yes=y,
    )


def choice_losses(ticks: Ints, k: int, *, ordered: bool) -> Losses:
    """Of forecasts (n, options) in ticks, when option k came true."""
    n, options = ticks.shape
    happened = np.zeros(options, dtype=np.int64)
    happened[k] = 1
    missed = ticks - TICKS * happened
    log = LOG_LOSS_NANO[1, ticks[:, k]]
    log_p = -log / NANO
    sums: dict[str, NDArray[Any]] = {
        "brier": (missed**2).sum(axis=1),
        "log": log,
        "spherical": ticks[:, k] / np.sqrt((ticks**2).sum(axis=1)),
    }
    if ordered:
        sums["rps"] = (np.cumsum(missed, axis=1)[:, :-1] ** 2).sum(axis=1)
    return Losses(
        sums=sums,
        gain=WHOLE * (1 + log_p / math.log(options)),
        log_p=log_p,
        kept={},
        facts_of=np.full(n, options),
        fact_tick=ticks.reshape(-1),
        fact_yes=np.tile(happened, n),
    )


def spread_losses(forecasts: Sequence[Points], within: Range, y: float) -> Losses:
    """Of CDFs through points (x, tick), when y happened: a number, or days (infinity: not by the limit).

    The log score is that of the outcome's bin, never taken as less than one tick. Numbers beyond an open end all lie in
    one cell; so do dates from the limit on.
    """
    curves = [curve(points, within) for points in forecasts]
    inside = min(max(y, within.low), within.high)
    is_beyond = y != inside
    p_bin = np.array([max(1 / TICKS, _mass(*each, within, y, is_beyond)) for each in curves])
    heights = np.array([_placed(*each, within, inside, is_beyond) for each in curves]).reshape(-1, 2)
    crps = [crps_date(*each, y) if within.is_date else crps_cdf(*each, y) for each in curves]
    between = np.rint(heights.mean(axis=1) * TICKS).astype(np.int64)
    return Losses(
        sums={
            "log": np.rint(-NANO * np.log(p_bin)).astype(np.int64),
            "crps": np.array(crps, dtype=np.float64),
        },
        gain=numeric_log_score(p_bin, within.bins, within.open_ends, np.full(p_bin.shape, int(is_beyond))),
        log_p=np.log(p_bin) * (HALF / WHOLE),
        kept={"pit_low": heights[:, 0], "pit_high": heights[:, 1]},
        facts_of=np.ones(len(curves), dtype=np.int64),
        fact_tick=between,
        fact_yes=np.zeros(len(curves), dtype=np.int64),
    )


def curve(points: Points, within: Range) -> tuple[Floats, Floats]:
    """The CDF through `points` with its tails: linear to a closed end; what lies beyond an open one sits on the
    outermost point, or, for dates, at the limit.
    """
    x, f = [float(at) for at, _ in points], [tick / TICKS for _, tick in points]
    if not within.open_below and x[0] > within.low:
        x, f = [within.low, *x], [0.0, *f]
    if x[-1] < within.high and (within.is_date or not within.open_above):
        x, f = [*x, within.high], [*f, f[-1] if within.is_date else 1.0]
    return np.array(x), np.array(f)


def even_points(within: Range) -> list[tuple[float, int]]:
    """The reference of the log score as a forecast: 0.05 beyond each open end, the rest even over the axis."""
    low, high = 0.05 * within.open_below, 1 - 0.05 * within.open_above
    steps = range(within.bins + 1) if within.log_scale else (0, within.bins)
    return [(within.edge(step), round(TICKS * (low + (high - low) * step / within.bins))) for step in steps]


def _placed(x: Floats, f: Floats, within: Range, inside: float, is_beyond: bool) -> tuple[float, float]:
    """Where the outcome fell in a CDF: what lies below it, and at most at it. What sits on an open end lies beyond."""
    below, at = pit(x, f, inside)
    if not is_beyond and within.open_above and inside == within.high:
        return below, below
    return (at, at) if not is_beyond and within.open_below and inside == within.low else (below, at)


def _mass(x: Floats, f: Floats, within: Range, y: float, is_beyond: bool) -> float:
    """The probability given to the cell of y: a bin, or all that lies beyond an end."""
    if is_beyond:
        return 1 - pit(x, f, within.high)[0] if y >= within.high else pit(x, f, within.low)[1]
    number = within.bin_of(y)
    below, at = pit(x, f, within.edge(number)), pit(x, f, within.edge(number + 1))
    # What sits on an open end lies beyond it, what sits on a closed one inside.
    left = below[0] if number == 0 and not within.open_below else below[1]
    right = at[0] if number == within.bins - 1 and within.open_above else at[1]
    return right - left
