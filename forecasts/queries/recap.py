"""What became known in a span of time, for readers: the same for the desk's draft, the digest, the page and the API."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from forecasts.localised import day_span
from forecasts.models import CriteriaVersion, Forecast, Prediction, Resolution

from .desk import WEEK
from .last_words import HIT, MISS, VOID, Said, Word, last_words, name_of, said_before
from .rows import latest_forecasts, settled_state

SETTLED_SHOWN, LISTED, SAID_SHOWN = 40, 20, 5
FIRST = Q(supersedes__isnull=True)
IMPORTED = Q(proposed_by_rule="import")  # it came with a track record


@dataclass(frozen=True)
class Settled:
    """A resolution that came in the span. `before` is the outcome that it corrects, "" for a first one; `later` is
    what a correction after the span made of it, "" while it stands. `state` is yes, no, resolved or void.
    """

    path: str
    statement: str
    state: str
    happened: str
    said: tuple[Said, ...]
    before: str
    later: str
    note: str

    @property
    def misses(self) -> int:
        return sum(one.leant == MISS for one in self.said)

    @property
    def hits(self) -> int:
        return sum(one.leant == HIT for one in self.said)

    @property
    def shown(self) -> tuple[Said, ...]:
        return self.said[:SAID_SHOWN]

    @property
    def more(self) -> int:
        return len(self.said) - len(self.shown)


@dataclass(frozen=True)
class Surprise:
    """The forecast that the outcome contradicted most: `given` is the tick it left to what happened."""

    path: str
    statement: str
    state: str
    happened: str
    name: str
    words: str
    given: int


@dataclass(frozen=True)
class Changed:
    """Criteria that changed after the prediction was public."""

    path: str
    statement: str
    number: int
    at: dt.datetime
    reason: str
    after_first_forecast: bool


@dataclass(frozen=True)
class Pending:
    """A prediction that waits. `said` is its latest forecast with who made it, "" where nothing was said."""

    path: str
    statement: str
    deadline: dt.datetime | None
    said: str


@dataclass(frozen=True)
class Recap:
    """What readers could be told of [`since`, `until`): the counts are of all, the tuples hold the latest.

    Among the resolved, misses come first, then hits; each is told in the same words. `due` are the deadlines of the
    span after it. What came with an imported track record became known before, and is only counted.
    """

    since: dt.datetime
    until: dt.datetime
    resolved: tuple[Settled, ...]
    resolved_count: int
    void_count: int
    imported_count: int
    misses: int
    hits: int
    surprise: Surprise | None
    corrected: tuple[Settled, ...]
    corrected_count: int
    changed: tuple[Changed, ...]
    changed_count: int
    new: tuple[Pending, ...]
    new_count: int
    due: tuple[Pending, ...]
    due_count: int

    @property
    def last_day(self) -> dt.date:
        return (self.until - dt.timedelta(microseconds=1)).date()

    @property
    def days(self) -> str:
        """The first and the last day, such as 16 November to 22 November 2026."""
        return day_span(self.since.date(), self.last_day)

    @property
    def leanings(self) -> str:
        """How many forecasts leant which way; misses first, "" where none did."""
        if not self.misses + self.hits:
            return ""
        return _("Of the forecasts that leant one way, %(misses)s missed and %(hits)s hit.") % {
            "misses": self.misses,
            "hits": self.hits,
        }

    @property
    def more_resolved(self) -> int:
        return self.resolved_count - len(self.resolved)

    @property
    def more_corrected(self) -> int:
        return self.corrected_count - len(self.corrected)

    @property
    def more_changed(self) -> int:
        return self.changed_count - len(self.changed)

    @property
    def more_new(self) -> int:
        return self.new_count - len(self.new)

    @property
    def more_due(self) -> int:
        return self.due_count - len(self.due)

    @property
    def is_empty(self) -> bool:
        """Nothing happened; what is due is no news."""
        return not (self.resolved_count or self.corrected_count or self.changed_count or self.new_count)


def recap(until: dt.datetime, span: dt.timedelta = WEEK) -> Recap:
    """What became known in the `span` before `until`, of public predictions."""
    since = until - span
    came = resolved_in(since, until)
    counts = came.aggregate(
        resolved=Count("pk", ~IMPORTED & FIRST),
        void=Count("pk", ~IMPORTED & FIRST & VOID),
        imported=Count("pk", IMPORTED & FIRST),
        corrected=Count("pk", ~FIRST),
    )
    first = came.filter(~IMPORTED, FIRST)
    words = tuple(last_words(first))
    told = sorted(_settled(first, until), key=lambda row: (not row.misses, not row.hits))
    corrected = _settled(came.filter(~FIRST), until) if counts["corrected"] else ()
    changes, new, due = changed_in(since, until), new_in(since, until), due_in(until, until + span)
    changed = tuple(map(_changed, changes.order_by("-at", "-pk")[:LISTED]))
    newest, soonest = _pending(new.order_by("-published_at", "-pk")), _pending(due.order_by("resolves_by", "pk"))
    return Recap(
        since=since,
        until=until,
        resolved=tuple(told),
        resolved_count=counts["resolved"],
        void_count=counts["void"],
        imported_count=counts["imported"],
        misses=sum(word.leant == MISS for word in words),
        hits=sum(word.leant == HIT for word in words),
        surprise=_surprise(words),
        corrected=tuple(corrected),
        corrected_count=counts["corrected"],
        changed=changed,
        changed_count=_count(changes, changed),
        new=newest,
        new_count=_count(new, newest),
        due=soonest,
        due_count=_count(due, soonest),
    )


def _count(rows: QuerySet[Any], shown: Sequence[object]) -> int:
    """How many there are; asked only where not all are shown."""
    return rows.count() if len(shown) == LISTED else len(shown)


def resolved_in(since: dt.datetime, until: dt.datetime) -> QuerySet[Resolution]:
    """The resolutions of public predictions that came in a span and stood at its end."""
    came = Resolution.objects.filter(
        resolved_at__gte=since, resolved_at__lt=until, prediction__published_at__isnull=False
    )
    return came.exclude(superseded_by__resolved_at__lt=until)


def new_in(since: dt.datetime, until: dt.datetime) -> QuerySet[Prediction]:
    """What became public in a span, unless it came settled with an imported track record."""
    came = Resolution.objects.filter(IMPORTED, prediction=OuterRef("pk"))
    return Prediction.objects.public().filter(~Exists(came), published_at__gte=since, published_at__lt=until)


def changed_in(since: dt.datetime, until: dt.datetime) -> QuerySet[CriteriaVersion]:
    """The changes of criteria in a span that readers could have noticed; opening a prediction may make one, too."""
    versions = CriteriaVersion.objects.filter(number__gt=1, at__gte=since, at__lt=until)
    return versions.filter(at__gt=F("prediction__published_at")).select_related("prediction")


def due_in(since: dt.datetime, until: dt.datetime) -> QuerySet[Prediction]:
    """The deadlines of a span, of what was public and unsettled when it began."""
    settled = Resolution.objects.filter(prediction=OuterRef("pk"), resolved_at__lt=since)
    public = Prediction.objects.filter(~Exists(settled), published_at__lt=since)
    return public.filter(resolves_by__gte=since, resolves_by__lt=until)


def _surprise(words: Sequence[Word]) -> Surprise | None:
    """The miss that gave least to what happened, the newest of several."""
    misses = [word for word in words if word.leant == MISS]
    if not misses:
        return None
    most = min(misses, key=lambda word: (word.given, -word.forecast))
    row = Forecast.objects.select_related("forecaster__merged_into", "prediction").get(pk=most.forecast)
    first = row.prediction.resolutions.get(FIRST)
    first.prediction = row.prediction
    return Surprise(
        path=row.prediction.get_absolute_url(),
        statement=row.prediction.statement,
        state=settled_state(first),
        happened=first.result_words,
        name=name_of(row),
        words=row.said,
        given=most.given,
    )


def _settled(rows: QuerySet[Resolution], until: dt.datetime) -> list[Settled]:
    told = rows.select_related("prediction", "supersedes", "superseded_by").order_by("-resolved_at", "-pk")
    resolutions = list(told[:SETTLED_SHOWN])
    said = said_before(resolutions)
    return [_row(row, said[row.prediction_id]) for row in resolutions]


def _row(resolution: Resolution, said: Sequence[Said]) -> Settled:
    prediction, before = resolution.prediction, resolution.supersedes
    after: Resolution | None = getattr(resolution, "superseded_by", None)
    for other in (before, after):
        if other:
            other.prediction = prediction  # the row at hand, not another query
    return Settled(
        path=prediction.get_absolute_url(),
        statement=prediction.statement,
        state=settled_state(resolution),
        happened=resolution.result_words,
        said=tuple(sorted(said, key=lambda one: (one.leant != MISS, one.leant != HIT, one.name))),
        before=before.result_words if before else "",
        later=after.result_words if after else "",
        note=resolution.note,
    )


def _changed(row: CriteriaVersion) -> Changed:
    prediction = row.prediction
    return Changed(
        path=prediction.get_absolute_url(),
        statement=prediction.statement,
        number=row.number,
        at=row.at,
        reason=row.reason,
        after_first_forecast=row.after_first_forecast,
    )


def _pending(rows: QuerySet[Prediction]) -> tuple[Pending, ...]:
    predictions = list(rows[:LISTED])
    latest = latest_forecasts([row.pk for row in predictions])
    return tuple(_pending_row(row, latest.get(row.pk)) for row in predictions)


def _pending_row(prediction: Prediction, forecast: Forecast | None) -> Pending:
    said = ""
    if forecast and not forecast.is_withdrawal:
        forecast.prediction = prediction
        said = f"{forecast.forecaster.name}: {forecast.said}"
    return Pending(prediction.get_absolute_url(), prediction.statement, prediction.resolves_by, said)
