"""Intervals, band, test and verdict of one sum of scores: what is computed after scoring and stored."""

import hashlib
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasts.ledger.canonical import canonical
from forecasts.models import Cohort, Scope, Score
from forecasts.scoring.reliability import consistency_band, miscalibration_test
from forecasts.scoring.rules import TICKS
from forecasts.scoring.uncertainty import cluster_bootstrap, verdict, wilson
from forecasts.scoring.values import Interval, TickTable

from .scope import CalibrationQuery

GROUP_EDGES = (0, 2000, 4000, 6000, 8000, TICKS)
TWO = 2
MOST_LOG_LOSS = math.log(TICKS)  # of a tick clipped at 1


@dataclass(frozen=True)
class Row:
    """One score, and the cluster within which outcomes hang together."""

    cluster: str
    order: str
    tick: int | None
    weight: int
    brier_sum: int
    log_sum: int
    happened: bool


def table_digest(table: TickTable) -> str:
    """SHA-256 of a tick table."""
    rows = zip(table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist(), strict=True)
    return hashlib.sha256(canonical(list(rows))).hexdigest()


def score_rows(query: CalibrationQuery) -> list[Row]:
    """The due scores that a query sums."""
    rows = Score.objects.filter(
        counting=query.counting, track=query.track, cohort=Cohort.DUE, basis__in=query.bases, weight__gt=0
    )
    if query.scope == Scope.FORECASTER:
        rows = rows.filter(forecaster_id=query.scope_id)
    if query.scope == Scope.TOPIC:
        rows = rows.filter(prediction__topics=query.scope_id)
    found = rows.values_list(
        "prediction_id",
        "prediction__group_id",
        "prediction__slug",
        "forecaster__slug",
        "tick",
        "weight",
        "brier_sum",
        "log_sum",
        "happened",
    )
    return [
        Row(f"group:{group}" if group else f"prediction:{pk}", _order(slug, forecaster), tick, weight, brier, log, yes)
        for pk, group, slug, forecaster, tick, weight, brier, log, yes in found
    ]


def _order(slug: str, forecaster: str) -> str:
    """An order that nobody chose and no outcome could touch."""
    return hashlib.sha256(f"{slug}\n{forecaster}".encode()).hexdigest()


def thinned(rows: Sequence[Row]) -> TickTable:
    """One forecast per cluster, the first in `order`: separate draws, for which a band and a test are valid."""
    first: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.order):
        first.setdefault(row.cluster, row)
    picked = [(row.tick, 1, int(row.happened)) for row in first.values() if row.tick is not None]
    return TickTable.from_rows(picked, independent=True)


def compute(query: CalibrationQuery) -> dict[str, Any]:
    """All that is stored for `query`, as JSON; what cannot be computed is None."""
    rows = score_rows(query)
    clusters = [row.cluster for row in rows]
    weights = [row.weight for row in rows]
    value: dict[str, Any] = {
        "clusters": len(set(clusters)),
        "brier": _estimate([row.brier_sum / 1e8 for row in rows], weights, clusters),
        "log": _estimate([row.log_sum / 1e9 for row in rows], weights, clusters, bounds=(0.0, MOST_LOG_LOSS)),
        "base_rate": _estimate([row.weight * row.happened for row in rows], weights, clusters),
        "groups": [],
        "thinned": None,
    }
    if query.counting != "time":
        value["groups"] = [_group(rows, low, high) for low, high in itertools.pairwise(GROUP_EDGES)]
        value["thinned"] = _thinned(rows)
    return value


def _estimate(
    numerators: Sequence[float],
    weights: Sequence[int],
    clusters: Sequence[str],
    bounds: tuple[float, float] = (0.0, 1.0),
) -> dict[str, Any] | None:
    if len(set(clusters)) < TWO:
        return None
    sums = np.array(numerators, float), np.array(weights, float)
    found = cluster_bootstrap(*sums, np.array(clusters), bounds=bounds)
    method = f"{found.interval.method}, {found.clusters} clusters, seed {found.seed}"
    return _interval(found.interval, method)


def _interval(found: Interval, method: str) -> dict[str, Any]:
    return {"low": found.low, "high": found.high, "method": f"{method}, {found.level:.0%}"}


def _group(rows: Sequence[Row], low: int, high: int) -> dict[str, Any]:
    """Forecasts from `low` up to, not including, `high` (the last group includes 100 %).

    The interval is Wilson's on the number of clusters: resampling says nothing where all of a few outcomes agree, and
    counting every prediction of a family as a draw of its own would claim too much.
    """
    top = high + (high == TICKS)
    inside = [row for row in rows if row.tick is not None and low <= row.tick < top]
    yes = sum(row.happened for row in inside)
    clusters = len({row.cluster for row in inside})
    rate = _interval(wilson(yes / len(inside) * clusters, clusters), f"wilson, {clusters} clusters") if inside else None
    return {
        "low": low,
        "high": high,
        "n": len(inside),
        "yes": yes,
        "mean_tick": sum(row.tick or 0 for row in inside) / len(inside) if inside else None,
        "rate": rate,
    }


def _thinned(rows: Sequence[Row]) -> dict[str, Any] | None:
    table = thinned(rows)
    if not table.total:
        return None
    band = consistency_band(table)
    test = miscalibration_test(table)
    return {
        "n": table.total,
        "table_sha256": table_digest(table),
        "band": {
            "ticks": band.ticks.tolist(),
            "low": band.low.tolist(),
            "high": band.high.tolist(),
            "level": band.level,
            "replicates": band.replicates,
            "seed": str(band.seed),
        },
        "test": {
            "p_value": test.p_value,
            "miscalibration": test.miscalibration,
            "null_mean": test.null_mean,
            "excess": test.excess,
            "replicates": test.replicates,
            "seed": str(test.seed),
        },
        "verdict": str(verdict(table, test)),
    }
