"""Scores by the month of the deadline, and the monitor: evidence against calibration that may be read every day."""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from forecasts.scoring.monitor import e_process
from forecasts.scoring.rules import TICKS
from forecasts.scoring.uncertainty import LIST_BELOW

from .score_rows import Row, estimate

ROLLING = 12  # months
BRIER = (0.0, 1.0)
GAP = (-1.0, 1.0)


def history(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """For each month with a deadline: the mean Brier score of the month, of the twelve months up to it, and of all up
    to it, each with n predictions and interval; and the gap of the twelve months, how much more was said than
    happened. A month without deadlines has no row.
    """
    months = {month: list(each) for month, each in itertools.groupby(sorted(rows, key=_deadline), key=month_of)}
    lately = {
        month: [row for each in months if _since(each, month) < ROLLING for row in months[each]] for month in months
    }
    return [
        {
            "month": month,
            "month_only": _mean(months[month]),
            "rolling": _mean(lately[month]),
            "cumulative": _mean([row for each in months if each <= month for row in months[each]]),
            "gap": _gap(lately[month]),
        }
        for month in months
    ]


def _deadline(row: Row) -> dt.datetime:
    return row.deadline


def month_of(row: Row) -> str:
    return f"{row.deadline.astimezone(dt.UTC):%Y-%m}"


def _since(month: str, until: str) -> int:
    """Months from `month` to `until`; as good as infinite for a later one."""
    year, number = (int(part) for part in month.split("-"))
    last_year, last = (int(part) for part in until.split("-"))
    passed = (last_year - year) * 12 + last - number
    return passed if passed >= 0 else ROLLING


def _mean(rows: Sequence[Row]) -> dict[str, Any]:
    sums = [(row.brier_sum or 0) / 1e8 for row in rows]
    value = sum(sums) / sum(row.weight for row in rows)
    predictions = len({row.prediction for row in rows})
    return {
        "predictions": predictions,
        "forecasts": len(rows),
        "value": value,
        **((estimate(rows, sums, within=BRIER) or {}) if predictions >= LIST_BELOW else {}),
    }


def _gap(rows: Sequence[Row]) -> dict[str, Any] | None:
    """The mean forecast less how often it happened; None of too few."""
    if len({row.prediction for row in rows}) < LIST_BELOW:
        return None
    return estimate(rows, [row.weight * ((row.tick or 0) / TICKS - bool(row.happened)) for row in rows], within=GAP)


def _as_they_fell_due(rows: Sequence[Row]) -> list[Row]:
    """One forecast per family, the first that fell due: what came later never takes its place, or the record that was
    read yesterday would be another today.
    """
    first: dict[str, Row] = {}
    for row in sorted((row for row in rows if row.tick is not None), key=lambda row: (row.deadline, row.order)):
        first.setdefault(row.cluster, row)
    return list(first.values())


def monitor(rows: Sequence[Row]) -> dict[str, Any] | None:
    """The evidence against "the probabilities are right" after each month, in order of deadlines, one forecast per
    family; and the month in which it first reached 20. Assumes outcomes independent given the forecasts.
    """
    draws = _as_they_fell_due(rows)
    if not draws:
        return None
    found = e_process(
        np.array([row.tick or 0 for row in draws]) / TICKS, np.array([int(bool(row.happened)) for row in draws])
    )
    last = {month_of(row): place for place, row in enumerate(draws)}
    return {
        "alarm": month_of(draws[found.alarm]) if found.alarm is not None else None,
        "months": [
            {"month": month, "n": place + 1, "log10": float(found.log10[place])} for month, place in last.items()
        ],
    }
