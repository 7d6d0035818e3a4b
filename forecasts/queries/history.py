"""A calibration over time: by month of the deadline, and the monitor that may be read every day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forecasts.errors import Refused
from forecasts.models import PredictionKind
from forecasts.scoring.uncertainty import LIST_BELOW

from .calibration import Scored, missing_of, scored_for
from .denominators import Denominators, denominators
from .figures import TOO_FEW, Figure, figure
from .over_time import ROLLING
from .scope import CalibrationQuery

ALARM = 20
ASSUMES = "outcomes are independent of each other given the forecasts; one forecast per family of predictions counts"


@dataclass(frozen=True)
class Mean:
    """A mean Brier score over some months; none where they hold too few predictions to say."""

    predictions: int
    forecasts: int
    brier: Figure | None


@dataclass(frozen=True)
class Month:
    """The deadlines of one month: by themselves, with those of the eleven months before, and with all before.

    `gap` is how much more was said on average than happened over the twelve months; None of too few.
    """

    month: str
    month_only: Mean
    rolling: Mean
    cumulative: Mean
    gap: Figure | None


@dataclass(frozen=True)
class Evidence:
    """log10 of the evidence against calibration after the deadlines of a month, from n separate predictions."""

    month: str
    n: int
    log10: float


@dataclass(frozen=True)
class Monitor:
    """Whether the evidence ever reached 20; if the forecasts are right, it does so at most once in 20 such records."""

    months: tuple[Evidence, ...]
    alarm: str | None
    level: int
    stops_before: str | None
    assumes: str


@dataclass(frozen=True)
class History:
    query: CalibrationQuery
    rolling_months: int
    months: tuple[Month, ...]
    monitor: Monitor | None
    missing: str
    as_of: dt.datetime | None


def has_history(query: CalibrationQuery) -> bool:
    """Whether a history of `query` is kept."""
    return query.kind == PredictionKind.BINARY and query.counting == "first" and query.is_kept


def history(query: CalibrationQuery, now: dt.datetime) -> History:
    """The stored history of `query`; `missing` says why there is none. Raises Refused for what is never kept."""
    if not has_history(query):
        raise Refused(
            "query", query.parameters, "a history is kept of yes-or-no predictions of everybody, one forecaster or one "
            "topic, with counting first, cohort due and basis explicit or implied"
        )  # fmt: skip
    scored = scored_for(query)
    return history_in(query, scored, denominators(query, scored.sums.due, now))


def history_in(query: CalibrationQuery, scored: Scored, counted: Denominators) -> History:
    """The history of a query of which one is kept, in what scoring left for it. From the month of the first deadline
    that waits for us the monitor stops: the order of outcomes is ours from there on, not theirs.
    """
    first, stored = counted.first_overdue, scored.stored
    return History(
        query=query,
        rolling_months=ROLLING,
        months=tuple(_month(row) for row in stored.get("history", ())),
        monitor=_monitor(stored.get("monitor"), f"{first.astimezone(dt.UTC):%Y-%m}" if first else None),
        missing="" if stored else missing_of(query, stored),
        as_of=scored.as_of,
    )


def _month(row: Mapping[str, Any]) -> Month:
    means = {name: _mean(row[name]) for name in ("month_only", "rolling", "cumulative")}
    gap = row.get("gap")
    return Month(month=row["month"], **means, gap=figure(gap["value"], gap, TOO_FEW) if gap else None)


def _mean(row: Mapping[str, Any]) -> Mean:
    shown = figure(row["value"], row, TOO_FEW) if row["predictions"] >= LIST_BELOW else None
    return Mean(row["predictions"], row["forecasts"], shown)


def _monitor(kept: Mapping[str, Any] | None, overdue: str | None) -> Monitor | None:
    if not kept:
        return None
    months = (Evidence(**row) for row in kept["months"])
    shown = tuple(each for each in months if overdue is None or each.month < overdue)
    alarm = kept["alarm"] if kept["alarm"] and (overdue is None or kept["alarm"] < overdue) else None
    return Monitor(shown, alarm, ALARM, overdue, ASSUMES)
