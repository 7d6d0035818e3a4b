"""Reliability: the CORP curve, its band and its test, all from the tick table at a cost that does not grow with n.

Dimitriadis, Gneiting & Jordan 2021, doi:10.1073/pnas.2016191118.
"""

import math
from collections.abc import Iterator, Sequence
from operator import mul
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.isotonic import pool
from forecasts.scoring.replicates import grouped, simulated
from forecasts.scoring.rules import LOG_LOSS_NANO, NANO, log_score
from forecasts.scoring.seeds import seed_of
from forecasts.scoring.uncertainty import wilson
from forecasts.scoring.values import TICKS, Band, Bin, Block, Corp, MiscalibrationTest, TickTable

__all__ = [
    "Band",
    "Bin",
    "Block",
    "Corp",
    "MiscalibrationTest",
    "TickTable",
    "binned",
    "brier_total",
    "consistency_band",
    "corp",
    "mean_brier",
    "mean_log",
    "miscalibration_test",
    "tick_table",
]

Rule = Literal["brier", "log"]
FINEST = 9  # decimals of a grid whose squares fit int64
INT64_MAX = 2**63 - 1
TIE = 1e-12  # two miscalibrations closer than this are the same number, rounded differently


def tick_table(p: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None, decimals: int | None = 4) -> TickTable:
    """The table of n forecasts p (shape (n,)) with outcomes y and integer weights (each 1 if not given).

    `decimals` is the grid of p, 4 for ticks; None keeps every distinct float, for comparison with raw data. Without
    weights every row is taken to be a prediction of its own. ValueError names the argument at fault.
    """
    probabilities, outcomes = checks.probabilities("p", p), checks.outcomes("y", y)
    weights = checks.whole("weight", np.ones_like(outcomes) if weight is None else weight)
    checks.columns(p=probabilities, y=outcomes, weight=weights)
    scale = 1 if decimals is None else 10 ** checks.count("decimals", decimals, 0, FINEST)
    ticks = probabilities if decimals is None else np.rint(np.round(probabilities * scale, 6)).astype(np.int64)
    return TickTable.summed(ticks, weights, weights * outcomes, independent=weight is None, scale=scale)


def brier_total(table: TickTable) -> int:
    """Sum of weight x (tick - scale x y)², exact; the mean Brier score is this over total x scale²."""
    no, yes = table.weight - table.weight_yes, table.weight_yes
    total: int = _dot(table.ticks**2, no) + _dot((table.scale - table.ticks) ** 2, yes)
    return total


def _dot(values: NDArray[Any], weights: NDArray[np.int64]) -> Any:
    """Sum of values x weights: exact in integers, however large."""
    if values.dtype.kind == "f":
        return math.fsum(map(mul, values.tolist(), weights.tolist()))
    largest = int(values.max(initial=0))
    if largest * int(weights.sum()) <= INT64_MAX:
        return int(values @ weights)
    # So many low bits of the weights that their sum still fits; the high bits come next.
    bits = INT64_MAX.bit_length() - largest.bit_length() - weights.size.bit_length()
    if bits < 1:
        return sum(map(mul, values.tolist(), weights.tolist()))
    return (_dot(values, weights >> bits) << bits) + int(values @ (weights & ((1 << bits) - 1)))


def mean_brier(table: TickTable) -> float:
    """Weighted mean Brier score, correctly rounded from exact integers. ValueError if the table is empty."""
    return brier_total(table) / (_filled(table).total * table.scale**2)


def mean_log(table: TickTable) -> float:
    """Weighted mean log score in nats; of ticks clipped to [1, 9999], otherwise not clipped.

    ValueError if the table is empty.
    """
    by_outcome = (_filled(table).weight - table.weight_yes, table.weight_yes)
    if table.scale == TICKS:
        nano = sum(_dot(LOG_LOSS_NANO[y, table.ticks], weight) for y, weight in enumerate(by_outcome))
        return float(nano / (NANO * table.total))
    # Only what happened counts: a forecast of 0 that never came true costs nothing.
    terms = (_dot(log_score(table.p[w > 0], y), w[w > 0]) for y, w in enumerate(by_outcome))
    return math.fsum(terms) / table.total


def _filled(table: TickTable) -> TickTable:
    if not table.ticks.size:
        raise ValueError("table must have at least one forecast")
    return table


def corp(table: TickTable, rule: Rule = "brier") -> Corp:
    """Score, miscalibration, discrimination and uncertainty, and the recalibrated curve as blocks of ticks.

    Under the Brier or the log score. ValueError if the table is empty or the rule another.
    """
    if rule not in ("brier", "log"):
        raise ValueError("rule must be 'brier' or 'log'")
    score = mean_brier(table) if rule == "brier" else mean_log(table)
    blocks = tuple(_blocks(table))
    spread = _brier_spread if rule == "brier" else _log_spread
    recalibrated = math.fsum(block.weight * spread(block.rate) for block in blocks) / table.total
    uncertainty = spread(table.total_yes / table.total)
    return Corp(score, score - recalibrated, uncertainty - recalibrated, uncertainty, blocks)


def _blocks(table: TickTable) -> Iterator[Block]:
    start, weight, yes = pool(table.weight, table.weight_yes, table.ticks.size)
    last = np.append(start[1:], table.ticks.size) - 1
    low, high = table.ticks[start].tolist(), table.ticks[last].tolist()
    for block in zip(low, high, weight.tolist(), yes.tolist(), strict=True):
        low_tick, high_tick, w, w_yes = block
        yield Block(low_tick, high_tick, w_yes / w, w, w_yes)


def _brier_spread(rate: float) -> float:
    """Mean Brier score of forecasting `rate` where it is the rate."""
    return rate * (1 - rate)


def _log_spread(rate: float) -> float:
    """Mean log score of forecasting `rate` where it is the rate: its entropy in nats."""
    return -math.fsum(q * math.log(q) for q in (rate, 1 - rate) if q > 0)


def consistency_band(table: TickTable, level: float = 0.9, replicates: int = 1000, seed: int | None = None) -> Band:
    """Pointwise band of the CORP curve when every outcome is drawn with its forecast probability.

    Beyond 2,000 distinct values neighbours are simulated together (`replicates.grouped`), and the band runs straight
    between the groups. ValueError if the table is empty or its outcomes are not independent. Without a seed, one
    derived from the table.
    """
    _independent(table, "a consistency band")
    checks.level("level", level)
    seed = _seed(table) if seed is None else seed
    groups = grouped(table)
    curves = np.concatenate([_curves(groups, yes) for yes in simulated(groups, replicates, seed)])
    limits = np.quantile(curves, [(1 - level) / 2, (1 + level) / 2], axis=0)
    low, high = (np.interp(table.p, groups.p, limit) for limit in limits)
    return Band(table.ticks, low, high, level, replicates, seed)


def miscalibration_test(table: TickTable, replicates: int = 1000, seed: int | None = None) -> MiscalibrationTest:
    """Monte Carlo test of "calibrated" by the Brier miscalibration: p = (1 + as large ones) / (1 + replicates).

    Beyond 2,000 distinct values the miscalibration of their groups is compared with that of simulated groups. The one
    given is always that of the curve; what it gains by bending within groups it gains under calibration, too, and so
    the null mean is raised by as much. ValueError if the table is empty or its outcomes are not independent. Without a
    seed, one derived from the table.
    """
    _independent(table, "a test of miscalibration")
    seed = _seed(table) if seed is None else seed
    groups = grouped(table)
    observed, of_groups = (float(_miscalibrations(t, t.weight_yes[None, :])[0]) for t in (table, groups))
    null = np.concatenate([_miscalibrations(groups, yes) for yes in simulated(groups, replicates, seed)])
    as_large = int(np.count_nonzero(null >= of_groups - TIE))
    null_mean = float(null.mean()) + (observed - of_groups)
    return MiscalibrationTest(
        (1 + as_large) / (1 + replicates), observed, null_mean, observed - null_mean, replicates, seed
    )


def _independent(table: TickTable, what: str) -> None:
    if not _filled(table).independent:
        raise ValueError(f"table must have one forecast per prediction and one prediction per family for {what}")


def _seed(table: TickTable) -> int:
    return seed_of(table.ticks, table.weight, table.weight_yes)


def _pooled(table: TickTable, yes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    return pool(np.tile(table.weight, len(yes)), yes.ravel(), table.ticks.size)


def _curves(table: TickTable, yes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Recalibrated rates at every tick for each row of counts, shape (some, rows)."""
    start, weight, count = _pooled(table, yes)
    return np.repeat(count / weight, np.diff(np.append(start, yes.size))).reshape(yes.shape)


def _miscalibrations(table: TickTable, yes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Brier miscalibration for each row of counts, shape (some,)."""
    p = table.p
    score = yes @ (1 - 2 * p) + table.weight @ p**2
    start, weight, count = _pooled(table, yes)
    recalibrated = np.bincount(start // table.ticks.size, weights=count * (1 - count / weight), minlength=len(yes))
    return np.asarray((score - recalibrated) / table.total, dtype=np.float64)


def binned(table: TickTable, edges: Sequence[float] | None = None, bins: int = 10) -> tuple[Bin, ...]:
    """The classical grouping, without empty groups: bins of equal width, or between ascending edges from 0 to 1.

    Bins are closed on the left, the last one on both sides. Wilson intervals where the outcomes are independent.
    ValueError if the edges do not cover [0, 1] in ascending order or `bins` is not positive.
    """
    even = np.arange(checks.count("bins", bins) + 1) / bins
    limits = even if edges is None else checks.probabilities("edges", edges)
    if limits.ndim != 1 or limits.size < 2 or limits[0] != 0 or limits[-1] != 1 or np.any(np.diff(limits) <= 0):
        raise ValueError("edges must ascend from 0 to 1")
    # Edges are decimals: rounded on the grid of the ticks, 0.3 x 10,000 is 3,000 and not a hair less.
    place = np.searchsorted(np.round(limits * table.scale, 6 if table.scale > 1 else 16), table.ticks, side="right") - 1
    place = np.minimum(place, limits.size - 2)
    return tuple(_bin(table, place == i, float(limits[i]), float(limits[i + 1])) for i in np.unique(place))


def _bin(table: TickTable, inside: NDArray[np.bool_], low: float, high: float) -> Bin:
    weight, yes = int(table.weight[inside].sum()), int(table.weight_yes[inside].sum())
    moment = _dot(table.ticks[inside], table.weight[inside])
    interval = wilson(yes, weight) if table.independent else None
    return Bin(low, high, weight, yes, moment / (weight * table.scale), yes / weight, interval)
