"""One prediction with everything that was said, seen and decided about it."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.models import (
    CriteriaVersion,
    Dispute,
    EvidenceSource,
    Finding,
    Forecast,
    Forecaster,
    ForecasterKind,
    LedgerEntry,
    Prediction,
    Resolution,
    Score,
    Track,
    Watch,
)

from .clock import microseconds
from .rows import state_of

STALE_AFTER = 5


UNSHOWN = ("snapshot__text", "snapshot__record")  # of the archived copy only the digest is shown


@dataclass(frozen=True)
class Series:
    """The forecasts of one forecaster in order of issue."""

    slug: str
    name: str
    forecasts: tuple[Forecast, ...]

    @property
    def steps(self) -> tuple[tuple[int, int | None], ...]:
        """(microseconds, tick or None), as the chart takes them."""
        return tuple((microseconds(row.issued_at), row.tick) for row in self.forecasts)

    @property
    def latest(self) -> Forecast:
        return self.forecasts[-1]


@dataclass(frozen=True)
class WatchedSource:
    """A source, when it was last checked well, and whether it can be called checked at all."""

    title: str
    url: str
    last_good_check_at: dt.datetime | None
    state: str
    is_checked: bool


@dataclass(frozen=True)
class PredictionPage:
    prediction: Prediction
    state: str
    state_words: str
    counts_from: dt.datetime | None
    series: tuple[Series, ...]
    versions: tuple[CriteriaVersion, ...]
    findings: tuple[Finding, ...]
    sources: tuple[WatchedSource, ...]
    resolutions: tuple[Resolution, ...]
    scores: tuple[Score, ...]
    replies: tuple[Forecaster, ...]
    disputes: tuple[Dispute, ...]
    entries: tuple[LedgerEntry, ...]

    @property
    def resolution(self) -> Resolution | None:
        return self.resolutions[0] if self.resolutions else None

    @property
    def corrections(self) -> tuple[Resolution, ...]:
        """Resolutions that replaced an earlier one, newest first."""
        return tuple(row for row in self.resolutions if row.supersedes_id)


def prediction_page(prediction: Prediction, now: dt.datetime) -> PredictionPage:
    """All of a public prediction's page; of its evidence what readers may see."""
    state, words = state_of(prediction, now)
    resolution = prediction.current_resolution
    early = resolution is not None and not resolution.is_void and prediction.due_at is None
    ordered = prediction.forecasts.order_by("issued_at", "recorded_at", "id")
    forecasts = tuple(ordered.select_related("forecaster", "article"))
    scores = (
        prediction.scores.filter(counting__in=("first", "time"))
        .exclude(track=Track.ALL)
        .exclude(counting="time", forecaster__kind=ForecasterKind.BASELINE)  # it never changes
        .select_related("forecaster")
        .alias(is_derived=Q(forecaster__in=Forecaster.objects.derived()))
    )
    findings = prediction.findings.public().select_related("source", "snapshot").defer(*UNSHOWN)
    return PredictionPage(
        prediction=prediction,
        state=state,
        state_words=words,
        counts_from=prediction.latest_deadline if early else None,
        series=_series(forecasts),
        versions=tuple(prediction.versions.order_by("-number")),
        findings=tuple(findings.order_by("-published_at", "-pk")),
        sources=watched_sources(prediction.watches.all(), now),
        resolutions=tuple(
            prediction.resolutions.select_related("proposal")
            .prefetch_related("proposal__clauses__finding")
            .order_by("-pk")
        ),
        scores=tuple(scores.order_by("is_derived", "forecaster__name", "track", "counting", "basis")),
        replies=tuple({row.forecaster: None for row in forecasts if row.forecaster.reply}),
        disputes=tuple(prediction.disputes.order_by("-opened_at")),
        entries=tuple(LedgerEntry.objects.filter(subject=f"prediction:{prediction.pk}").order_by("seq")),
    )


def _series(forecasts: tuple[Forecast, ...]) -> tuple[Series, ...]:
    by_forecaster: dict[int, list[Forecast]] = defaultdict(list)
    for row in forecasts:
        by_forecaster[row.forecaster_id].append(row)
    return tuple(
        Series(slug=rows[0].forecaster.slug, name=rows[0].forecaster.name, forecasts=tuple(rows))
        for rows in by_forecaster.values()
    )


def watched_sources(watches: QuerySet[Watch], now: dt.datetime) -> tuple[WatchedSource, ...]:
    """The sources of watches as they stand at `now`; checks that find nothing new leave no other trace."""
    return tuple(_source(watch, now) for watch in watches.select_related("source").order_by("pk"))


def _source(watch: Watch, now: dt.datetime) -> WatchedSource:
    source = watch.source
    fault = unchecked_words(source, now)
    return WatchedSource(source.title, source.url, source.last_good_check_at, fault or _("checked"), not fault)


def checked_words(source: EvidenceSource, now: dt.datetime) -> str:
    """`checked`, or why a source cannot be called checked."""
    return unchecked_words(source, now) or _("checked")


def unchecked_words(source: EvidenceSource, now: dt.datetime) -> str:
    """Why a source cannot be called checked; empty when it can."""
    stale = dt.timedelta(seconds=STALE_AFTER * source.interval)
    if source.paused:
        return _("not checked: %(reason)s") % {"reason": source.paused_reason}
    if source.last_good_check_at is None:
        return _("not checked yet")
    if source.failure_count or now - source.last_good_check_at > stale:
        return _("not checked lately: the source does not answer")
    if silence := source.silent_for(now):
        return ngettext(
            "checked, but unusually silent: nothing new for %(n)s day",
            "checked, but unusually silent: nothing new for %(n)s days",
            silence.days,
        ) % {"n": silence.days}
    return ""
