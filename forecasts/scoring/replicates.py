"""What chance alone would do: outcomes drawn with the forecast probabilities, over and over, from a tick table."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from forecasts.scoring import checks
from forecasts.scoring.values import TickTable

GROUPS = 2_000  # rows of a table that are simulated one by one
CHUNK = 1 << 18  # simulated counts held at once


def grouped(table: TickTable) -> TickTable:
    """The table itself, or one of about 2,000 rows at most, in which neighbours are merged at their mean probability.

    From the middle of its first row to that of its last, a group holds under 1/1,000 of the weight and spans under
    1/1,000 of [0, 1]. Both errors are then out of sight. Outcomes: a draw at the mean m instead of at each p adds the
    spread of p within the group to the variance, under 1/4,000,000 beside m (1 - m). Curve: with n forecasts of density
    f its level blocks are about (4 p (1 - p) / (n f))^(1/3) wide (Wright 1981, Annals of Statistics 9, 443-448). Up to
    10^8 forecasts that is several groups, and cutting blocks at the edges of groups hardly moves them. Beyond, band and
    diagonal are one line.
    """
    if table.ticks.size <= GROUPS:
        return table
    passed = (np.cumsum(table.weight) - table.weight / 2) / table.total
    group = np.floor(GROUPS / 2 * (passed + table.p))
    start = np.flatnonzero(np.diff(group, prepend=-1))
    weight, yes = np.add.reduceat(table.weight, start), np.add.reduceat(table.weight_yes, start)
    mean = np.add.reduceat(table.weight * table.p, start) / weight
    # Rounding must not carry a mean out of its group, or the means might not ascend.
    mean = np.clip(mean, table.p[start], table.p[np.append(start[1:], table.ticks.size) - 1])
    return TickTable(mean, weight, yes, table.independent, scale=1)


def simulated(table: TickTable, replicates: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Counts of yes under calibration, in chunks of shape (some, rows), `replicates` in all."""
    checks.count("replicates", replicates)
    generator = np.random.Generator(np.random.PCG64(seed))
    weight, p = table.weight[:, None], table.p[:, None]
    step = max(1, CHUNK // table.ticks.size)
    for done in range(0, replicates, step):
        # Row by row of the table, because the sampler prepares itself once per (weight, p).
        drawn = generator.binomial(weight, p, (table.ticks.size, min(step, replicates - done)))
        yield np.ascontiguousarray(drawn.T)
