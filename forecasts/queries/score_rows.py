"""The scores that a stored statistic rests on, with what hangs together and an order that nobody chose."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasts.models import Score
from forecasts.scoring.uncertainty import cluster_bootstrap
from forecasts.scoring.values import Interval, TickTable

from .scope import CalibrationQuery
from .sums import counted

TWO = 2
Bounds = tuple[float, float]
ANY: Bounds = (-np.inf, np.inf)


@dataclass(frozen=True)
class Row:
    """One score, and the cluster within which outcomes hang together."""

    prediction: int
    forecaster: int
    cluster: str
    order: str
    deadline: dt.datetime
    tick: int | None
    happened: bool | None
    weight: int
    brier_sum: int | None
    log_sum: int
    baseline: float
    peer: float | None
    pit_low: float | None
    pit_high: float | None

    @property
    def pair(self) -> tuple[int, int]:
        return self.prediction, self.forecaster


def score_rows(query: CalibrationQuery) -> list[Row]:
    """The scores that a query sums, those of no weight left out."""
    rows = counted(Score.objects.all(), query).filter(prediction__kind=query.kind, weight__gt=0)
    found: Iterable[Any] = rows.order_by("pk").values_list(
        "prediction", "forecaster", "prediction__group", "prediction__latest_deadline",
        "tick", "happened", "weight", "brier_sum", "log_sum", "baseline", "peer", "pit_low", "pit_high",
    )  # fmt: skip
    return [
        Row(pk, forecaster, f"group:{group}" if group else f"prediction:{pk}", _order(pk, forecaster), *score)
        for (pk, forecaster, group), score in ((row[:3], row[3:]) for row in found)
    ]


def _order(prediction: int, forecaster: int) -> str:
    """An order that nobody chose, no outcome could touch and no renaming changes."""
    return hashlib.sha256(f"{prediction}\n{forecaster}".encode()).hexdigest()


def thinned(rows: Iterable[Row]) -> list[Row]:
    """One forecast per cluster, the first in `order`: separate draws, for which a band and a test are valid."""
    first: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.order):
        first.setdefault(row.cluster, row)
    return list(first.values())


def table_of(rows: Iterable[Row]) -> TickTable:
    """The tick table of separate draws."""
    picked = [(row.tick, 1, int(bool(row.happened))) for row in rows if row.tick is not None]
    return TickTable.from_rows(picked, independent=True)


def estimate(
    rows: Sequence[Row], sums: Sequence[float], weights: Sequence[float] | None = None, within: Bounds = ANY
) -> dict[str, object] | None:
    """Sum over weight with its interval by resampling clusters, as it is stored; without one under two clusters.

    Without weights those of the rows.
    """
    clusters = [row.cluster for row in rows]
    weight = np.array([row.weight for row in rows] if weights is None else weights, float)
    if len(set(clusters)) < TWO:
        return {"value": float(np.sum(sums) / weight.sum())} if rows else None
    found = cluster_bootstrap(np.array(sums, float), weight, np.array(clusters), bounds=within)
    method = f"{found.interval.method}, {found.clusters} clusters, seed {found.seed}"
    return {"value": found.value, **interval(found.interval, method)}


def interval(found: Interval, method: str) -> dict[str, object]:
    return {"low": found.low, "high": found.high, "method": f"{method}, {found.level:.0%}"}
