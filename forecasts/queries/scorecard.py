"""A scorecard: everything that the page of a forecaster, a topic or an article and its API document show."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Case, Count, F, Sum, Value, When

from forecasts.models import (
    EXPLICIT,
    Article,
    Basis,
    Cohort,
    FactRow,
    Forecaster,
    PredictionKind,
    PredictionStatus,
    ScopeCount,
    Topic,
    Track,
)

from .calibration import Calibration, calibration
from .denominators import logged, said_about
from .history import History, has_history, history_in
from .rows import PredictionRow, prediction_rows
from .scope import CalibrationQuery, about
from .surprises import Surprise, surprises

LISTED = 30

Subject = Forecaster | Topic | Article


@dataclass(frozen=True)
class OtherTable:
    """A track or basis that is shown apart, with how many predictions it counts."""

    query: CalibrationQuery
    label: str
    predictions: int


@dataclass(frozen=True)
class Scorecard:
    """`history` is None of what none is kept of: other kinds, countings and cohorts, and articles.

    The lists hold predictions of every kind, whatever the headline counts: what waits for us waits in any of them.
    """

    subject: Subject
    headline: Calibration
    heading: str
    others: tuple[OtherTable, ...]
    history: History | None
    surprises: tuple[Surprise, ...]
    early: tuple[PredictionRow, ...]
    due: tuple[PredictionRow, ...]
    overdue: tuple[PredictionRow, ...]
    predictions: tuple[PredictionRow, ...]
    corrections: tuple[PredictionRow, ...]


def scorecard(subject: Subject, now: dt.datetime, chosen: CalibrationQuery | None = None) -> Scorecard:
    """The scorecard of `subject`. `chosen` picks track, cohort, counting or basis; by default the headline is live
    and given as numbers, or else the largest other table, under a heading that names it.
    """
    base = about(subject)
    tables = tables_of(base)
    query = chosen or headline_query(base, tables)
    headline = calibration(query, now)
    whose = base.forecaster.pk if base.forecaster else None
    everything = said_about(replace(query, track=Track.ALL))
    unsettled = everything.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    early = everything.filter(status=PredictionStatus.RESOLVED, due_at__isnull=True)
    corrected = everything.filter(current_resolution__supersedes__isnull=False)
    newest = (F("current_resolution__known_at").desc(nulls_last=True), "-published_at", "-pk")
    listed = everything if base.forecaster else logged(base)
    return Scorecard(
        subject=subject,
        headline=headline,
        heading=heading_of(query),
        others=tuple(table for table in tables if table.query != query),
        history=history_in(query, headline.stored, now) if has_history(query) else None,
        surprises=surprises(query, headline.stored),
        early=prediction_rows(early.order_by("latest_deadline")[:LISTED], now, whose),
        due=prediction_rows(unsettled.filter(resolves_by__gte=now).order_by("resolves_by")[:LISTED], now, whose),
        overdue=prediction_rows(unsettled.filter(resolves_by__lt=now).order_by("resolves_by")[:LISTED], now, whose),
        predictions=prediction_rows(listed.order_by(*newest)[:LISTED], now, whose),
        corrections=prediction_rows(corrected.order_by("-current_resolution__resolved_at")[:LISTED], now, whose),
    )


def tables_of(base: CalibrationQuery) -> tuple[OtherTable, ...]:
    """Every table of one subject, or of everybody, that has predictions past their deadline, the largest first."""
    counts = _counts_by_facts(base) if base.article else _counts(base)
    found = ((replace(base, track=track, basis=basis, kind=kind), total) for track, basis, kind, total in counts)
    return tuple(OtherTable(query, heading_of(query) or "Live forecasts", total) for query, total in found)


def _counts(base: CalibrationQuery) -> Iterable[tuple[str, str, str, int]]:
    """Track, basis, kind and predictions of each table of a forecaster, a topic or everybody."""
    scope, scope_id = base.scope
    counts: Iterable[tuple[str, str, str, int]] = (
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
    return counts


def _counts_by_facts(base: CalibrationQuery) -> Iterable[tuple[str, str, str, int]]:
    """The same of an article, for which nothing is summed beforehand."""
    group = Case(When(basis=Basis.IMPLIED, then=Value(str(Basis.IMPLIED))), default=Value(EXPLICIT))
    article = base.article.pk if base.article else 0
    rows = FactRow.objects.filter(prediction__article=article, counting="first", cohort=Cohort.DUE)
    counts: Iterable[tuple[str, str, str, int]] = (
        rows.exclude(track=Track.ALL)
        .exclude(forecaster__in=Forecaster.objects.derived())
        .annotate(given=group)
        .values_list("track", "given", "kind")
        .annotate(total=Count("prediction", distinct=True))
        .order_by("-total", "track", "given", "kind")
    )
    return counts


def headline_query(base: CalibrationQuery, tables: tuple[OtherTable, ...] | None = None) -> CalibrationQuery:
    """Live and given as numbers, where there is one; else live from wording; else the largest other table."""
    queries = [table.query for table in (tables_of(base) if tables is None else tables)]
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
