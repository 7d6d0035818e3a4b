"""Calibration of a set of forecasts: one answer, read from sums, for the page and the API."""

import datetime as dt
import hashlib
import json
from dataclasses import astuple, dataclass
from typing import Any

from django.db.models import Q, Sum

from forecasts.ledger.canonical import canonical
from forecasts.models import (
    EXPLICIT,
    Basis,
    CalibrationCell,
    Cohort,
    Cursor,
    CursorName,
    LedgerEntry,
    ScopeCount,
    StoredStatistic,
)
from forecasts.scoring import ENGINE
from forecasts.scoring.reliability import binned, brier_total, corp, mean_log
from forecasts.scoring.rules import TICKS
from forecasts.scoring.uncertainty import OVERDUE_ALLOWED, SCORES_BELOW, Verdict, display
from forecasts.scoring.values import Bin, Corp, TickTable

from .bounds import Bounds, bounds
from .denominators import Denominators, denominators
from .scope import CalibrationQuery, statistic_key
from .statistics import table_digest

PENDING = "not computed yet; it follows after scoring"
NOT_KEPT = "no interval is kept for this filter; ask for cohort due and basis explicit or implied"
TOO_FEW = "an interval needs two separate predictions"
NO_TEST = "no test is stored for this question, or it waits to be computed again after scoring"
WARN_ALL = "cohort=all mixes in predictions that resolved early: yes can arrive early and no cannot, so it is biased"


@dataclass(frozen=True)
class Figure:
    """A published number with its interval, or the reason there is none."""

    value: float
    low: float | None
    high: float | None
    method: str


@dataclass(frozen=True)
class Group:
    """Forecasts from `low` up to `high` ticks: how many, how many came true, and an interval of the rate."""

    low: int
    high: int
    n: int
    yes: int
    mean: float
    rate: Figure


@dataclass(frozen=True)
class Thinned:
    """The draws that band, test and verdict rest on: one forecast per family of predictions."""

    n: int
    band: tuple[tuple[int, float, float], ...]
    level: float
    p_value: float
    null_mean: float
    excess: float
    replicates: int
    seed: str


@dataclass(frozen=True)
class Summed:
    """What the cells and counts of a query add up to."""

    table: TickTable
    forecasts: int
    predictions: int
    pairs: int
    due: int


@dataclass(frozen=True)
class Calibration:
    query: CalibrationQuery
    display: str
    predictions: int
    forecasts: int
    pairs: int
    weight: int
    clusters: int | None
    table: TickTable
    base_rate: Figure | None
    brier: Figure | None
    log: Figure | None
    brier_of_even: float
    skill_of_even: float | None
    corp: Corp | None
    bins: tuple[Bin, ...]
    groups: tuple[Group, ...]
    thinned: Thinned | None
    verdict: str
    verdict_reason: str
    denominators: Denominators
    bounds: Bounds
    warning: str
    as_of: dt.datetime | None
    engine: str
    digest: str

    @property
    def shows_scores(self) -> bool:
        return self.display != "list"

    @property
    def shows_curve(self) -> bool:
        return self.display in ("curve", "all")


def tick_table_of(query: CalibrationQuery) -> Summed:
    """The tick table of `query` from its cells, and the distinct counts beside it."""
    whose = {
        "scope": query.scope,
        "scope_id": query.scope_id,
        "counting": query.counting,
        "track": query.track,
        "cohort__in": query.cohorts,
    }
    rows = (
        CalibrationCell.objects.filter(basis__in=query.bases, **whose)
        .values_list("tick")
        .annotate(Sum("weight"), Sum("weight_yes"), Sum("n"))
        .order_by("tick")
    )
    found = list(rows)
    counts = ScopeCount.objects.filter(basis=query.basis, **whose).aggregate(
        due=Sum("predictions", filter=Q(cohort=Cohort.DUE), default=0),  # first: the next one hides the column
        predictions=Sum("predictions", default=0),
        pairs=Sum("pairs", default=0),
    )
    return Summed(
        table=TickTable.from_rows((tick, weight, yes) for tick, weight, yes, _ in found),
        forecasts=sum(n for *_, n in found),
        **counts,
    )


def calibration(query: CalibrationQuery, now: dt.datetime) -> Calibration:
    """The answer to `query`; `now` decides only what is overdue."""
    summed = tick_table_of(query)
    table, shown = summed.table, display(summed.predictions)
    stored = _stored(query, table) if query.cohort == Cohort.DUE else {}
    counted = denominators(query, summed.due, now)
    thinned = _thinned(stored) if shown in ("curve", "all") else None
    word, reason = _verdict(stored, thinned, counted, shown)
    scored = corp(table) if table.total and shown != "list" else None
    range_of_brier = bounds(query, brier_total(table), table.total, now) if scored else Bounds()
    missing = _missing(query, stored)
    return Calibration(
        query=query,
        display=shown,
        predictions=summed.predictions,
        forecasts=summed.forecasts,
        pairs=summed.pairs,
        weight=table.total,
        clusters=stored.get("clusters"),
        table=table,
        base_rate=_figure(table.total_yes / table.total, stored.get("base_rate"), missing) if table.total else None,
        brier=_figure(scored.score, stored.get("brier"), missing) if scored else None,
        log=_figure(mean_log(table), stored.get("log"), missing) if scored else None,
        brier_of_even=0.25,
        skill_of_even=1 - scored.score / 0.25 if scored else None,
        corp=scored if shown in ("curve", "all") else None,
        bins=binned(table) if table.total else (),
        groups=_groups(stored),
        thinned=thinned,
        verdict=word,
        verdict_reason=reason,
        denominators=counted,
        bounds=range_of_brier,
        warning=WARN_ALL if query.cohort == "all" else "",
        as_of=scored_as_of(),
        engine=str(ENGINE),
        digest=_digest(query, summed, counted, stored, range_of_brier),
    )


def scored_as_of() -> dt.datetime | None:
    """When the last decision was made that the scores already know of."""
    seq = Cursor.objects.filter(name=CursorName.SCORING).values("seq")[:1]
    return LedgerEntry.objects.filter(seq=seq).values_list("at", flat=True).first()


def _stored(query: CalibrationQuery, table: TickTable) -> dict[str, Any]:
    """What was stored for exactly this table; nothing while it waits to be computed again."""
    key = statistic_key(query.scope, query.scope_id, query.counting, query.track, query.basis)
    row = StoredStatistic.objects.filter(query=key, stale=False).first()
    return row.value if row and row.table_sha256 == table_digest(table) else {}


def _missing(query: CalibrationQuery, stored: dict[str, Any]) -> str:
    """Why there may be no interval."""
    if query.cohort != Cohort.DUE or query.basis not in (EXPLICIT, Basis.IMPLIED):
        return NOT_KEPT
    return TOO_FEW if stored else PENDING


def _figure(value: float, stored: dict[str, Any] | None, missing: str = PENDING) -> Figure:
    if stored is None:
        return Figure(value, None, None, missing)
    return Figure(value, stored["low"], stored["high"], stored["method"])


def _groups(stored: dict[str, Any]) -> tuple[Group, ...]:
    return tuple(
        Group(
            low=group["low"],
            high=group["high"],
            n=group["n"],
            yes=group["yes"],
            mean=group["mean_tick"] / TICKS,
            rate=_figure(group["yes"] / group["n"], group["rate"]),
        )
        for group in stored.get("groups", ())
        if group["n"]
    )


def _thinned(stored: dict[str, Any]) -> Thinned | None:
    kept = stored.get("thinned")
    if not kept:
        return None
    band, test = kept["band"], kept["test"]
    return Thinned(
        n=kept["n"],
        band=tuple(zip(band["ticks"], band["low"], band["high"], strict=True)),
        level=band["level"],
        p_value=test["p_value"],
        null_mean=test["null_mean"],
        excess=test["excess"],
        replicates=test["replicates"],
        seed=test["seed"],
    )


def _verdict(stored: dict[str, Any], thinned: Thinned | None, counted: Denominators, shown: str) -> tuple[str, str]:
    """The word that the test allows, and why it allows no other."""
    if thinned is None and shown in ("curve", "all"):
        return Verdict.TOO_EARLY, NO_TEST
    if thinned is None:
        return Verdict.TOO_EARLY, f"a verdict needs {SCORES_BELOW} settled predictions past their deadline"
    if thinned.n < SCORES_BELOW:
        return Verdict.TOO_EARLY, f"a verdict needs {SCORES_BELOW} separate predictions; there are {thinned.n}"
    if counted.overdue_share > OVERDUE_ALLOWED:
        return Verdict.TOO_EARLY, f"{counted.overdue} of {counted.past_deadline} past their deadline wait for us"
    return stored["thinned"]["verdict"], f"test of miscalibration, p = {thinned.p_value:.2g}, n = {thinned.n}"


def _digest(
    query: CalibrationQuery, summed: Summed, counted: Denominators, stored: dict[str, Any], within: Bounds
) -> str:
    """SHA-256 of all inputs: the same digest means the same numbers, intervals and bounds included."""
    inputs = {
        "query": query.parameters,
        "engine": ENGINE,
        "table": table_digest(summed.table),
        "forecasts": summed.forecasts,
        "predictions": summed.predictions,
        "pairs": summed.pairs,
        "denominators": counted.as_counts(),
        "stored": json.dumps(stored, sort_keys=True),
        "bounds": [repr(bound) for bound in astuple(within)],
    }
    return hashlib.sha256(canonical(inputs)).hexdigest()
