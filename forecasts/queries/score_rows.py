"""The scores that a stored statistic rests on, with what hangs together and an order that nobody chose."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np

from forecasts.models import Score
from forecasts.scoring.uncertainty import FEWEST_CLUSTERS, cluster_bootstrap, n_eff, wilson
from forecasts.scoring.values import Estimate, Interval, TickTable

from .scope import CalibrationQuery
from .sums import counted

Bounds = tuple[float, float]
ANY: Bounds = (-np.inf, np.inf)


class Drawn(Protocol):
    """Something said with a probability that came true or not, the cluster it hangs together with, and its turn."""

    @property
    def cluster(self) -> str: ...

    @property
    def order(self) -> str: ...

    @property
    def tick(self) -> int | None: ...

    @property
    def happened(self) -> bool | None: ...

    @property
    def weight(self) -> int: ...


D = TypeVar("D", bound=Drawn)


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
        Row(pk, forecaster, cluster_of(pk, group), order_of(pk, forecaster), *score)
        for (pk, forecaster, group), score in ((row[:3], row[3:]) for row in found)
    ]


def cluster_of(prediction: int, group: int | None) -> str:
    """The family of a prediction; one without is a family of its own."""
    return f"group:{group}" if group else f"prediction:{prediction}"


def order_of(prediction: int, who: int) -> str:
    """An order that nobody chose, no outcome could touch and no renaming changes."""
    return hashlib.sha256(f"{prediction}\n{who}".encode()).hexdigest()


def thinned(rows: Iterable[D]) -> list[D]:
    """One forecast per cluster, the first in `order`: separate draws, for which a band and a test are valid."""
    first: dict[str, D] = {}
    for row in sorted(rows, key=lambda row: row.order):
        first.setdefault(row.cluster, row)
    return list(first.values())


def table_of(rows: Iterable[Drawn]) -> TickTable:
    """The tick table of separate draws."""
    picked = [(row.tick, 1, int(bool(row.happened))) for row in rows if row.tick is not None]
    return TickTable.from_rows(picked, independent=True)


def estimate(
    rows: Sequence[Drawn], sums: Sequence[float], weights: Sequence[float] | None = None, within: Bounds = ANY
) -> dict[str, Any] | None:
    """Sum over weight with its interval by resampling clusters, as it is stored; without one under five clusters.

    Without weights those of the rows.
    """
    clusters = [row.cluster for row in rows]
    weight = np.array([row.weight for row in rows] if weights is None else weights, float)
    if len(set(clusters)) < FEWEST_CLUSTERS:
        return {"value": float(np.sum(sums) / weight.sum())} if rows else None
    found = cluster_bootstrap(np.array(sums, float), weight, np.array(clusters), bounds=within)
    return told(found)


def told(found: Estimate) -> dict[str, object]:
    """An estimate with its interval and the method, as it is stored."""
    method = f"{found.interval.method}, {found.clusters} clusters, seed {found.seed}"
    return {"value": found.value, **interval(found.interval, method)}


def rate(clusters: Sequence[str], k: int) -> dict[str, object]:
    """Wilson's interval of k of as many as `clusters` names, as if they were as many as their clusters are worth.

    Clusters of unequal size are worth fewer than they are: the outcomes of one large family hang together (Kish 1965).
    """
    worth = n_eff(list(Counter(clusters).values()))
    return interval(wilson(k / len(clusters) * worth, worth), f"wilson, clusters worth {worth:.3g}")


def interval(found: Interval, method: str) -> dict[str, object]:
    return {"low": found.low, "high": found.high, "method": f"{method}, {found.level:.0%}"}
