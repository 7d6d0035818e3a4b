"""A scorecard: everything that one forecaster's page and its API document show."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import F, Sum

from forecasts.models import (
    EXPLICIT,
    Basis,
    Cohort,
    Forecaster,
    PredictionKind,
    PredictionStatus,
    ScopeCount,
    Score,
    Track,
)

from .calibration import Calibration, calibration
from .denominators import predictions_of
from .rows import PredictionRow, prediction_rows
from .scope import CalibrationQuery, of_forecaster
from .sums import counted

SURPRISES, LISTED = 5, 30


@dataclass(frozen=True)
class Surprise:
    """A forecast that the outcome contradicted most: what was said, what happened."""

    slug: str
    statement: str
    tick: int
    happened: bool
    brier: float

    @property
    def url(self) -> str:
        return f"/predictions/{self.slug}/"


@dataclass(frozen=True)
class OtherTable:
    """A track or basis that is shown apart, with how many predictions it counts."""

    query: CalibrationQuery
    label: str
    predictions: int


@dataclass(frozen=True)
class Scorecard:
    forecaster: Forecaster
    headline: Calibration
    heading: str
    others: tuple[OtherTable, ...]
    surprises: tuple[Surprise, ...]
    early: tuple[PredictionRow, ...]
    due: tuple[PredictionRow, ...]
    overdue: tuple[PredictionRow, ...]
    predictions: tuple[PredictionRow, ...]
    corrections: tuple[PredictionRow, ...]


def scorecard(forecaster: Forecaster, now: dt.datetime, chosen: CalibrationQuery | None = None) -> Scorecard:
    """The scorecard of `forecaster`. `chosen` picks track, cohort, counting or basis; by default the headline is live
    and given as numbers, or else the largest other table, under a heading that names it.
    """
    base = of_forecaster(forecaster)
    tables = _tables(base)
    query = chosen or headline_query(base, tables)
    everything = predictions_of(replace(query, track=Track.ALL))
    unsettled = everything.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    early = everything.filter(status=PredictionStatus.RESOLVED, due_at__isnull=True)
    corrected = everything.filter(current_resolution__supersedes__isnull=False)
    latest = everything.order_by(F("current_resolution__known_at").desc(nulls_last=True), "-published_at", "-pk")
    return Scorecard(
        forecaster=forecaster,
        headline=calibration(query, now),
        heading=heading_of(query),
        others=tuple(table for table in tables if table.query != query),
        surprises=_surprises(query),
        early=prediction_rows(early.order_by("latest_deadline")[:LISTED], now, forecaster.pk),
        due=prediction_rows(
            unsettled.filter(resolves_by__gte=now).order_by("resolves_by")[:LISTED], now, forecaster.pk
        ),
        overdue=prediction_rows(
            unsettled.filter(resolves_by__lt=now).order_by("resolves_by")[:LISTED], now, forecaster.pk
        ),
        predictions=prediction_rows(latest[:LISTED], now, forecaster.pk),
        corrections=prediction_rows(
            corrected.order_by("-current_resolution__resolved_at")[:LISTED], now, forecaster.pk
        ),
    )


def _tables(base: CalibrationQuery) -> tuple[OtherTable, ...]:
    """Every table that has predictions past their deadline, the largest first."""
    scope, scope_id = base.scope
    counts = (
        ScopeCount.objects.filter(
            scope=scope,
            scope_id=scope_id,
            lead_band="",
            counting="first",
            cohort=Cohort.DUE,
            basis__in=(EXPLICIT, Basis.IMPLIED),
        )
        .exclude(track=Track.ALL)
        .values_list("track", "basis", "kind")
        .annotate(total=Sum("predictions"))
        .order_by("-total", "track", "basis", "kind")
    )
    found = ((replace(base, track=track, basis=basis, kind=kind), total) for track, basis, kind, total in counts)
    return tuple(OtherTable(query, heading_of(query) or "Live forecasts", total) for query, total in found)


def headline_query(base: CalibrationQuery, tables: tuple[OtherTable, ...] | None = None) -> CalibrationQuery:
    """Live and given as numbers, where there is one; else live from wording; else the largest other table."""
    queries = [table.query for table in (_tables(base) if tables is None else tables)]
    live = [replace(base, track=Track.LIVE, basis=basis) for basis in (EXPLICIT, Basis.IMPLIED)]
    return next((query for query in (*live, *queries) if query in queries), base)


def heading_of(query: CalibrationQuery) -> str:
    """The words that name a table which is not the live one of stated numbers; empty for that one."""
    track = {
        Track.LIVE: "",
        Track.IMPORTED: "Imported track record",
        Track.BACKFILLED: "Recorded afterwards",
        Track.ALL: "All tracks together",
    }[Track(query.track)]
    basis = "" if query.basis == EXPLICIT else f"probabilities {Basis(query.basis).label}"
    kind = "" if query.kind == PredictionKind.BINARY else f"predictions of {PredictionKind(query.kind).label}"
    return ", ".join(part for part in (track, basis, kind) if part)


def _surprises(query: CalibrationQuery) -> tuple[Surprise, ...]:
    """The five largest Brier scores among what the headline counts."""
    if query.counting == "time" or query.kind != PredictionKind.BINARY:
        return ()
    scores = counted(Score.objects.all(), query).filter(
        prediction__kind=query.kind,
        brier_sum__gt=25_000_000,  # said less than even odds of what happened
    )
    return tuple(
        Surprise(
            slug=score.prediction.slug,
            statement=score.prediction.statement,
            tick=score.tick or 0,
            happened=bool(score.happened),
            brier=score.brier or 0.0,
        )
        for score in scores.select_related("prediction").order_by("-brier_sum", "prediction_id")[:SURPRISES]
    )
