"""What feeds tell: resolutions, new predictions and recaps of weeks."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncWeek
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from forecasts.models import CriteriaVersion, Forecast, Forecaster, Prediction, Resolution, Topic

from .desk import WEEK
from .digest import week_of
from .last_words import HIT, MISS, Said, said_before
from .recap import FIRST, IMPORTED, new_in
from .recap_page import Period, week_from

LATEST, WEEKS = 50, 53
LONGEST = 300  # letters of a title
Predictions = QuerySet[Prediction]


@dataclass(frozen=True)
class Item:
    """One thing that a feed tells; `key` tells it apart for ever."""

    key: tuple[str, object]
    path: str
    title: str
    summary: str
    published: dt.datetime
    updated: dt.datetime


def everything() -> Predictions:
    return Prediction.objects.public()


def of_forecaster(forecaster: Forecaster) -> Predictions:
    """What the forecaster, under any of the names that were merged, has said something about."""
    theirs = Forecast.objects.filter(forecaster__in=Forecaster.objects.counted_as(forecaster.pk))
    return everything().filter(Exists(theirs.filter(prediction=OuterRef("pk"))))


def of_topic(topic: Topic) -> Predictions:
    return everything().filter(topics=topic)


def resolutions(predictions: Predictions) -> list[Item]:
    """The newest first, corrections among them. What came settled with an imported record is no news."""
    found = Resolution.objects.filter(~IMPORTED, prediction__in=predictions).select_related("prediction")
    rows = list(found.order_by("-resolved_at", "-pk")[:LATEST])
    said = said_before(rows)
    return [_resolution(row, said[row.prediction_id]) for row in rows]


def new_predictions(predictions: Predictions) -> list[Item]:
    """The newest first; one whose criteria changed since is updated then."""
    came = Resolution.objects.filter(IMPORTED, prediction=OuterRef("pk"))
    rows = with_revision(predictions.filter(~Exists(came))).order_by("-published_at", "-pk")
    return list(map(_prediction, rows[:LATEST]))


def newest(items: Iterable[Item]) -> list[Item]:
    """Several kinds together."""
    return sorted(items, key=lambda item: item.updated, reverse=True)[:LATEST]


def recaps(now: dt.datetime) -> list[Item]:
    """The weeks that are over and brought something, a year of them, the newest first."""
    until = week_of(now)
    since = until - WEEKS * WEEK
    brought = {monday: (resolved, corrected, 0) for monday, resolved, corrected in _resolved_by_week(since, until)}
    week = TruncWeek("published_at", tzinfo=dt.UTC)
    for monday, new in new_in(since, until).values_list(week).annotate(n=Count("pk")).order_by():
        resolved, corrected, _ = brought.get(monday, (0, 0, 0))
        brought[monday] = (resolved, corrected, new)
    return [
        _recap(week_from(monday), counts) for monday, counts in sorted(brought.items(), reverse=True) if any(counts)
    ]


def with_revision(rows: Predictions) -> QuerySet[Any]:
    """Each with `revised_at`, its last change that readers could notice, and `revision`, which counts all changes."""
    public = CriteriaVersion.objects.filter(prediction=OuterRef("pk"), at__gt=OuterRef("published_at"))
    last = public.order_by("-number").values("at")[:1]
    return rows.annotate(revised_at=Coalesce(Subquery(last), F("published_at")), revision=Max("versions__number") - 1)


def _resolution(row: Resolution, said: Sequence[Said]) -> Item:
    told = _("Corrected: %(result)s") if row.supersedes_id else "%(result)s"
    happened = capfirst(told % {"result": row.result_words})
    before = _("Said before: %(words)s.") % {"words": "; ".join(map(_said, said)) or _("nothing")}
    return Item(
        key=("resolution", row.pk),
        path=row.prediction.get_absolute_url(),
        title=f"{happened}: {Truncator(row.prediction.statement).chars(LONGEST)}",
        summary=f"{before} {row.note}".rstrip(),
        published=row.resolved_at,
        updated=row.resolved_at,
    )


def _said(one: Said) -> str:
    told = {HIT: _("%(name)s: %(words)s (hit)"), MISS: _("%(name)s: %(words)s (miss)"), "": "%(name)s: %(words)s"}
    return told[one.leant] % {"name": one.name, "words": one.words}


def _prediction(row: Any) -> Item:
    deadline = _("Deadline %(day)s.") % {"day": f"{row.resolves_by:%Y-%m-%d}"} if row.resolves_by else ""
    return Item(
        key=("prediction", row.pk),
        path=row.get_absolute_url(),
        title=Truncator(row.statement).chars(LONGEST),
        summary=f"{deadline} {Truncator(row.criteria).chars(2 * LONGEST)}".strip(),
        published=row.published_at,
        updated=row.revised_at,
    )


def _resolved_by_week(since: dt.datetime, until: dt.datetime) -> Iterable[tuple[dt.datetime, int, int]]:
    """How many predictions a week resolved and corrected, as its recap counts them."""
    week = TruncWeek("resolved_at", tzinfo=dt.UTC)
    rows = Resolution.objects.filter(~IMPORTED, resolved_at__gte=since, resolved_at__lt=until)
    stood = rows.filter(prediction__published_at__isnull=False).annotate(
        week=week, replaced=TruncWeek("superseded_by__resolved_at", tzinfo=dt.UTC)
    )
    kept = stood.filter(Q(replaced__isnull=True) | Q(replaced__gt=F("week")))
    return kept.values_list("week").annotate(resolved=Count("pk", FIRST), corrected=Count("pk", ~FIRST)).order_by()


def _recap(period: Period, brought: tuple[int, int, int]) -> Item:
    resolved, corrected, new = brought
    return Item(
        key=("recap", period.name),
        path=period.url,
        title=_("Recap of week %(name)s") % {"name": period.name},
        summary=_("Resolved: %(resolved)s. Corrected: %(corrected)s. New: %(new)s.")
        % {"resolved": resolved, "corrected": corrected, "new": new},
        published=period.until,
        updated=period.until,
    )
