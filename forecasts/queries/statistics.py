"""Everything about one sum of scores that is computed after scoring and stored: intervals, band, test, monitor."""

import hashlib
import itertools
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from forecasts.models import PredictionKind
from forecasts.scoring.distributions import pit_histogram
from forecasts.scoring.reliability import consistency_band, miscalibration_test
from forecasts.scoring.rules import TICKS
from forecasts.scoring.uncertainty import LIST_BELOW, verdict
from forecasts.scoring.values import TickTable

from .diagnostics import diagnose
from .over_time import history, monitor
from .references import references
from .scope import CalibrationQuery
from .score_rows import ANY, Row, estimate, rate, score_rows, table_of, thinned
from .sums import summed
from .surprises import worst_of

GROUP_EDGES = (0, 2000, 4000, 6000, 8000, TICKS)
ROW = '["%d","%d","%d"]'
CENTRAL = (0.5, 0.8, 0.9)
MOST_LOG_LOSS = math.log(TICKS)  # of a tick clipped at 1


def table_digest(table: TickTable) -> str:
    """SHA-256 of the canonical bytes of a tick table's rows, which are few enough shapes to be written at once."""
    numbers = np.stack([table.ticks, table.weight, table.weight_yes], axis=1).ravel().tolist()
    rows = ",".join([ROW] * table.ticks.size) % tuple(numbers)
    return hashlib.sha256(f"[{rows}]".encode()).hexdigest()


def compute(query: CalibrationQuery) -> dict[str, Any]:
    """All that is stored for `query`, as JSON; what cannot be computed is None or left out.

    Of so few predictions that only a list is shown, nothing is computed that nobody would see.
    """
    rows = score_rows(query)
    kind = PredictionKind(query.kind)
    value: dict[str, Any] = {"clusters": len({row.cluster for row in rows})}
    if kind == PredictionKind.BINARY and query.counting == "first":
        value["history"], value["monitor"] = history(rows), monitor(rows)
    if kind == PredictionKind.BINARY and query.counting != "time":
        value["surprises"] = worst_of(rows)
    if len({row.prediction for row in rows}) < LIST_BELOW:
        return value
    value |= _means(rows, kind)
    if not kind.has_range:
        value["references"] = references(query, rows)
    if kind == PredictionKind.BINARY and query.counting != "time":
        value["groups"] = [_group(rows, low, high) for low, high in itertools.pairwise(GROUP_EDGES)]
        separate = table_of(thinned(rows))
        value["thinned"] = tested(separate)
        value["diagnostics"] = diagnose(summed(query).table, separate)
    if kind.has_range and query.counting != "time":
        value["spread"] = _spread(rows)
    return value


def _means(rows: Sequence[Row], kind: PredictionKind) -> dict[str, Any]:
    """Of absolute losses over their weight; of rewards over the forecasters' predictions, since absent time earned
    nothing: one that spoke on two bases is one.
    """
    compared = [row for row in rows if row.peer is not None]
    means = {
        "log": estimate(rows, [row.log_sum / 1e9 for row in rows], within=(0.0, MOST_LOG_LOSS)),
        "baseline": estimate(rows, [row.baseline for row in rows], _shares(rows)),
        "peer": estimate(compared, [row.peer or 0.0 for row in compared], _shares(compared), ANY),
    }
    if (worst := kind.worst_brier) is not None:
        sums = [(row.brier_sum or 0) / 1e8 for row in rows]
        means["brier"] = estimate(rows, sums, within=(0.0, worst))
    if kind == PredictionKind.BINARY:
        means["base_rate"] = estimate(rows, [row.weight * bool(row.happened) for row in rows], within=(0.0, 1.0))
    return means


def _shares(rows: Sequence[Row]) -> list[float]:
    """Of each row: its share of the forecaster's prediction, which over time has a row for each basis."""
    count = Counter(row.pair for row in rows)
    return [1 / count[row.pair] for row in rows]


def _group(rows: Sequence[Row], low: int, high: int) -> dict[str, Any]:
    """Forecasts from `low` up to, not including, `high` (the last group includes 100 %).

    The interval is Wilson's on the number of clusters: resampling says nothing where all of a few outcomes agree, and
    counting every prediction of a family as a draw of its own would claim too much.
    """
    top = high + (high == TICKS)
    inside = [row for row in rows if row.tick is not None and low <= row.tick < top]
    yes = sum(bool(row.happened) for row in inside)
    return {
        "low": low,
        "high": high,
        "n": len(inside),
        "yes": yes,
        "mean_tick": sum(row.tick or 0 for row in inside) / len(inside) if inside else None,
        "rate": _rate(inside, yes) if inside else None,
    }


def _rate(rows: Sequence[Row], k: int) -> dict[str, object]:
    return rate([row.cluster for row in rows], k)


def tested(table: TickTable) -> dict[str, Any] | None:
    """Band, test and verdict of separate draws, as they are stored; None without any."""
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


def _spread(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Where outcomes fell in their forecasts: the histogram, of one forecast per family, and what intervals held."""
    placed = [row for row in rows if row.pit_low is not None and row.pit_high is not None]
    if not placed:
        return None
    draws = thinned(placed)
    histogram = pit_histogram([row.pit_low or 0.0 for row in draws], [row.pit_high or 0.0 for row in draws])
    return {
        "n": histogram.n,
        "shares": histogram.shares.tolist(),
        "low": histogram.low,
        "high": histogram.high,
        "level": histogram.level,
        "intervals": [_held(placed, nominal) for nominal in CENTRAL],
    }


def _held(rows: Sequence[Row], nominal: float) -> dict[str, Any]:
    """How often the central interval held the outcome: neither more than its share below nor above."""
    tail = (1 - nominal) / 2
    inside = sum((row.pit_high or 0.0) >= tail and (row.pit_low or 0.0) <= 1 - tail for row in rows)
    return {"nominal": nominal, "inside": inside, "n": len(rows), "rate": _rate(rows, inside)}
