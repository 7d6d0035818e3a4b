"""The kept counts of predictions that a scope has said anything about: what scorecards would else count anew."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, Max, Min, Model, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from forecasts.models import MadeCount, MadeState, Prediction, Said, Scope, Track

from .scope import CalibrationQuery, Named

M = TypeVar("M", bound=Model)
A_PAGE = 30
A_MONTH = dt.timedelta(days=31)  # from the first of a month into the next one
SAID = {
    Track.ALL.value: tuple(Said),
    Track.IMPORTED.value: (Said.IMPORTED, Said.BOTH),
    Track.LIVE.value: (Said.OWN, Said.BOTH),
    Track.BACKFILLED.value: (Said.OWN, Said.BOTH),
}


class Group(NamedTuple):
    """So many predictions of one kind and state; their first and last moment and latest deadline, and how many
    predictions there are at all, more or less.
    """

    said: str
    kind: str
    state: str
    void_reason: str
    is_past: bool
    of: int
    n: int
    first: dt.datetime
    last: dt.datetime
    first_deadline: dt.datetime
    last_deadline: dt.datetime

    @property
    def became(self) -> str:
        """`waiting` by the hour."""
        if self.state != MadeState.WAITING:
            return self.state
        return "overdue" if self.is_past else "open"


@dataclass(frozen=True)
class Span:
    """From the first to the last of some moments, both included."""

    first: dt.datetime
    last: dt.datetime

    def on(self, column: str) -> Q:
        return Q(**{f"{column}__range": (self.first, self.last)})


@dataclass(frozen=True)
class Whereabouts:
    """How many predictions of every kind a scope has made on all tracks, of about how many there are; and where they
    lie in time, None where there are none. `early` are the latest deadlines of what was resolved before, `known` when
    the world knew what is settled.
    """

    made: int
    of: int
    settled: int
    due: Span | None
    overdue: Span | None
    early: Span | None
    known: Span | None

    @property
    def is_little(self) -> bool:
        """Whether reading through all that it made costs less than walking past others' until a page is full."""
        return self.made**2 <= A_PAGE * self.of


def person_of(query: CalibrationQuery) -> Named | None:
    """Whose forecasts are meant; crowds and baselines are about whatever others have said something about."""
    return query.forecaster if query.forecaster and not query.forecaster.is_derived else None


def is_counted(query: CalibrationQuery) -> bool:
    """Whether the predictions of `query` are kept counted; of an article, and of a forecaster on a topic, not."""
    return not (query.article or (person_of(query) and query.topic))


def kept_groups(query: CalibrationQuery, now: dt.datetime) -> tuple[list[Group], Whereabouts]:
    """The groups of a query that `is_counted`, and where everything in its scope and months lies: in one query, because
    no page can spare two. The counts know the month of a deadline, and no less is asked for.
    """
    rows = _rows(query)
    is_past = ExpressionWrapper(Q(moment__lt=now), output_field=BooleanField())
    of = Subquery(Prediction.objects.order_by("-pk").values("pk")[:1])
    spans = (each(column) for column in ("moment", "latest_deadline") for each in (Min, Max))
    grouped: Any = rows.values_list("said", "kind", "state", "void_reason", is_past, of)
    groups = [Group(*row) for row in grouped.annotate(Sum("predictions"), *spans)]
    asked = [group for group in groups if group.said in SAID[query.track] and group.kind == query.kind]
    return asked, _whereabouts(groups)


def unsettled_made(query: CalibrationQuery, now: dt.datetime) -> Coalesce:
    """How many of them are void or overdue by now, of the kind but on any track; a column."""
    late = Q(state=MadeState.WAITING, void_reason="", moment__lt=now)
    rows = _rows(query).filter(Q(state=MadeState.VOID) | late, said__in=tuple(Said), kind=query.kind)
    return Coalesce(Subquery(rows.values("kind").annotate(n=Sum("predictions")).values("n")), 0)


def within_months(rows: QuerySet[M], query: CalibrationQuery) -> QuerySet[M]:
    """Those of `rows` whose latest deadline lies in the months that are asked for."""
    if query.since:
        rows = rows.filter(latest_deadline__gte=month_of(query.since))
    return rows.filter(latest_deadline__lt=month_of(query.until + A_MONTH)) if query.until else rows


def _rows(query: CalibrationQuery) -> QuerySet[MadeCount]:
    scope, scope_id = _scope(query)
    return within_months(MadeCount.objects.filter(scope=scope, scope_id=scope_id).order_by(), query)


def _scope(query: CalibrationQuery) -> tuple[Scope, int]:
    if person := person_of(query):
        return Scope.FORECASTER, person.pk
    return (Scope.TOPIC, query.topic.pk) if query.topic else (Scope.ALL, 0)


def _whereabouts(groups: Sequence[Group]) -> Whereabouts:
    by_state = {name: [group for group in groups if group.became == name] for name in ("open", "overdue", "early")}
    settled = [group for group in groups if group.state != MadeState.WAITING]
    early = [(group.first_deadline, group.last_deadline + A_MONTH) for group in by_state["early"]]
    return Whereabouts(
        made=sum(group.n for group in groups),
        of=max((group.of for group in groups), default=0),
        settled=sum(group.n for group in settled),
        due=_span((group.first, group.last) for group in by_state["open"]),
        overdue=_span((group.first, group.last) for group in by_state["overdue"]),
        early=_span(early),
        known=_span((group.first, group.last + A_MONTH) for group in settled),
    )


def _span(parts: Iterable[tuple[dt.datetime, dt.datetime]]) -> Span | None:
    several = list(parts)
    return Span(min(first for first, _ in several), max(last for _, last in several)) if several else None


def month_of(day: dt.date) -> dt.datetime:
    """The start of the month in which `day` lies."""
    return dt.datetime(day.year, day.month, 1, tzinfo=dt.UTC)
