"""Every prediction of a scope, counted: nothing that was said disappears from view."""

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery

from forecasts.models import Forecast, Forecaster, Prediction, PredictionStatus, Track, VoidReason

from .among import Among
from .made import Whereabouts, is_counted, kept_groups, person_of, within_months
from .scope import CalibrationQuery

BECAME = ("open", "overdue", "early", "due", "void")


@dataclass(frozen=True)
class Denominators:
    """Counts of predictions. made = open + overdue + early + due + void; due = counted + not_counted.

    `first_overdue` is the earliest deadline that waits for us, the latest ever in force of each prediction.
    """

    made: int
    open: int
    overdue: int
    early: int
    due: int
    void: int
    void_reasons: tuple[tuple[str, int], ...]
    counted: int
    first_overdue: dt.datetime | None
    place: Whereabouts | None = field(default=None, repr=False, compare=False)
    """Where all that the scope has made lies, if that is kept."""

    @property
    def not_counted(self) -> int:
        """Past their deadline and resolved, but with no forecast that could count this way.

        While scoring lags behind a decision to void, more may be counted than are due; never fewer than none are not.
        """
        return max(self.due - self.counted, 0)

    @property
    def past_deadline(self) -> int:
        return self.due + self.overdue

    @property
    def overdue_share(self) -> float:
        return self.overdue / self.past_deadline if self.past_deadline else 0.0

    def as_counts(self) -> dict[str, object]:
        """The numbers alone."""
        return {name: value for name, value in asdict(self).items() if name not in ("first_overdue", "place")}


def logged(query: CalibrationQuery) -> QuerySet[Prediction]:
    """The public predictions of the topic and article, of any kind, whether or not anybody has forecast them."""
    rows = Prediction.objects.public()
    if query.topic:
        rows = rows.filter(topics=query.topic.pk)
    return rows.filter(article=query.article.pk) if query.article else rows


def predictions_of(query: CalibrationQuery) -> QuerySet[Prediction]:
    """Those that are `asked_about` and that the scope has said anything about, as `said_about`."""
    return asked_about(query).filter(pk__in=_forecasts(query).values("prediction_id"))


def asked_about(query: CalibrationQuery) -> QuerySet[Prediction]:
    """The public predictions of the topic, article, kind and months, whether or not anybody has forecast them."""
    return within_months(logged(query).filter(kind=query.kind), query)


def said_about(query: CalibrationQuery) -> QuerySet[Prediction]:
    """The public predictions of any kind that the scope has said anything about, on the track that is asked for.

    Crowds and baselines are about whatever others have said something about.
    """
    return logged(query).filter(is_said(query, is_little=True))


def is_said(query: CalibrationQuery, *, is_little: bool) -> Among | Q:
    """The condition that the scope has said something about a prediction; whether that is little, the caller knows."""
    said = _forecasts(query).values("prediction_id")
    return Among(F("pk"), said) if person_of(query) and is_little else Q(pk__in=said)


def whether_said(query: CalibrationQuery) -> Subquery:
    """The key of something that the scope has said about a prediction, as a column of it; empty where it said nothing.

    What stands in a column is asked of each row by itself: of what must exist, PostgreSQL may read all there is.
    """
    return Subquery(_forecasts(query).filter(prediction=OuterRef("pk")).order_by().values("pk")[:1])


def asked_whether_logged(query: CalibrationQuery) -> QuerySet[Prediction]:
    """The same as `logged` of a topic, or of everything, to be walked in an order of theirs until there are enough."""
    rows = Prediction.objects.public()
    if not query.topic:
        return rows
    topics = Prediction.topics.through.objects.filter(prediction=OuterRef("pk"), topic=query.topic.pk).values("pk")[:1]
    return rows.alias(on_topic=Subquery(topics)).filter(on_topic__isnull=False)


def _forecasts(query: CalibrationQuery) -> QuerySet[Forecast]:
    """What the scope has said on the track, on whatever prediction."""
    forecasts = Forecast.objects.all()
    if person := person_of(query):
        forecasts = forecasts.filter(Among(F("forecaster"), Forecaster.objects.counted_as(person.pk).values("pk")))
    if query.track == Track.IMPORTED:
        forecasts = forecasts.filter(provenance=Track.IMPORTED)
    if query.track in (Track.LIVE, Track.BACKFILLED):
        forecasts = forecasts.exclude(provenance=Track.IMPORTED)
    return forecasts


def denominators(query: CalibrationQuery, counted: int, now: dt.datetime) -> Denominators:
    """The scope's predictions; `counted` are those in the sums of the `due` cohort (or of `all`)."""
    if not is_counted(query):
        return count(predictions_of(query), counted, now)
    groups, place = kept_groups(query, now)
    counts = {name: sum(group.n for group in groups if group.became == name) for name in BECAME}
    reasons = {name: sum(group.n for group in groups if group.void_reason == name) for name in VoidReason.values}
    first = min((group.first_deadline for group in groups if group.became == "overdue"), default=None)
    return replace(
        _named({**counts, **reasons, "made": sum(counts.values()), "first_overdue": first}, counted), place=place
    )


def _named(counts: dict[str, Any], counted: int) -> Denominators:
    """With the reasons in words, those that there are."""
    reasons = tuple((str(reason.label), counts.pop(reason.value)) for reason in VoidReason)
    return Denominators(**counts, void_reasons=tuple(item for item in reasons if item[1]), counted=counted)


def count(predictions: QuerySet[Prediction], counted: int, now: dt.datetime) -> Denominators:
    """The same of any predictions."""
    unsettled = Q(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    resolved = Q(status=PredictionStatus.RESOLVED)
    void = Q(status=PredictionStatus.VOID)
    reasons = {reason.value: Count("pk", void & Q(current_resolution__void_reason=reason)) for reason in VoidReason}
    counts = predictions.aggregate(
        made=Count("pk"),
        open=Count("pk", unsettled & Q(resolves_by__gte=now)),
        overdue=Count("pk", unsettled & Q(resolves_by__lt=now)),
        early=Count("pk", resolved & Q(due_at__isnull=True)),
        due=Count("pk", resolved & Q(due_at__isnull=False)),
        void=Count("pk", void),
        first_overdue=Min("latest_deadline", filter=unsettled & Q(resolves_by__lt=now)),
        **reasons,
    )
    return _named(counts, counted)
