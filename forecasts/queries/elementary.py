"""Murphy diagrams: two forecasters under every proper score at once, as they are stored and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasts.scoring.comparison import murphy_difference
from forecasts.scoring.rules import TICKS

from .score_rows import Drawn

THETAS = tuple(tick / TICKS for tick in range(0, TICKS + 1, 250))
DECIMALS = 6


@dataclass(frozen=True)
class Elementary:
    """Mean elementary scores at each threshold; `low` and `high` are ends of the interval of ours less theirs."""

    thetas: tuple[float, ...]
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    level: float


def compared(rows: Sequence[Drawn], others: Sequence[int | None]) -> dict[str, Any] | None:
    """What `rows` said against the ticks of others on the same predictions, as JSON; None unless both said numbers."""
    if any(row.tick is None or tick is None for row, tick in zip(rows, others, strict=True)):
        return None
    found = murphy_difference(
        np.array([row.tick for row in rows]) / TICKS,
        np.array(others) / TICKS,
        np.array([int(bool(row.happened)) for row in rows]),
        np.array([row.cluster for row in rows]),
        THETAS,
    )
    curves = {"ours": found.a, "theirs": found.b, "low": found.low, "high": found.high}
    return {**{name: np.round(curve, DECIMALS).tolist() for name, curve in curves.items()}, "level": found.level}


def elementary(stored: Mapping[str, Any] | None) -> Elementary | None:
    """Read back from what was stored."""
    if not stored:
        return None
    curves = {name: tuple(stored[name]) for name in ("ours", "theirs", "low", "high")}
    return Elementary(thetas=THETAS, **curves, level=stored["level"])
