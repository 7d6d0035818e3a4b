"""The predictions that a scorecard lists, and its surprises: all of them in one query.

Whoever has said little has it read through. Of whoever has said much, everybody's predictions are walked in the order
of a list, each asked whether it belongs there, until there are enough; kept counts say where to begin and to end.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from forecasts.models import Forecaster, Prediction, PredictionStatus, Track

from .denominators import asked_whether_logged, asked_whether_said, logged, said_about
from .made import Span, Whereabouts
from .rows import PredictionRow, latest_in, row_of, with_latest
from .scope import CalibrationQuery
from .surprises import Surprise, Worst

LISTED = 30
UNSETTLED = Q(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))


@dataclass(frozen=True)
class Lists:
    """Each of at most 30. `quoted` are those with a place in the article, in the order of its text; all of them."""

    early: tuple[PredictionRow, ...]
    due: tuple[PredictionRow, ...]
    overdue: tuple[PredictionRow, ...]
    predictions: tuple[PredictionRow, ...]
    corrections: tuple[PredictionRow, ...]
    surprises: tuple[Surprise, ...]
    quoted: tuple[Prediction, ...]


@dataclass(frozen=True)
class _List:
    """What it holds, and its order: for the database, where it is that of an index, and for rows at hand.

    `lies_in` names a span of `Whereabouts`, and `column` what lies there.
    """

    holds: Q
    order: tuple[Any, ...]
    key: Callable[[Any], Any]
    is_newest_first: bool = False
    lies_in: str = ""
    column: str = ""

    def is_empty(self, place: Whereabouts | None) -> bool:
        """Whether the kept counts know that nothing is in it."""
        return bool(place and self.lies_in and not getattr(place, self.lies_in))

    def gathered(self, rows: QuerySet[Prediction], place: Whereabouts | None) -> QuerySet[Prediction]:
        """Among `rows`, which are read through."""
        if self.is_empty(place):
            return rows.none()
        # Not the bare column: its index would be walked through everybody's predictions in search of thirty of one.
        order = (Coalesce(each, each) if each == "resolves_by" else each for each in self.order)
        return rows.filter(self.holds).order_by(*order)[:LISTED]

    def walked(self, rows: QuerySet[Prediction], place: Whereabouts) -> QuerySet[Prediction]:
        """Among `rows`, of which each is asked for itself."""
        if self.is_empty(place):
            return rows.none()
        span: Span | None = getattr(place, self.lies_in) if self.lies_in else None
        within = span.on(self.column) if span else Q()
        return rows.filter(self.holds, within).order_by(*self.order)[:LISTED]

    def of(self, rows: Iterable[Any]) -> list[Any]:
        return sorted(rows, key=self.key, reverse=self.is_newest_first)[:LISTED]


def _lists(now: dt.datetime) -> dict[str, _List]:
    early = Q(status=PredictionStatus.RESOLVED, due_at__isnull=True)
    corrected = Q(current_resolution__supersedes__isnull=False)
    by_deadline = ("resolves_by", "pk"), lambda row: (row.resolves_by, row.pk)
    return {
        "early": _List(
            early,
            ("latest_deadline", "pk"),
            lambda row: (row.latest_deadline, row.pk),
            lies_in="early",
            column="latest_deadline",
        ),
        "due": _List(UNSETTLED & Q(resolves_by__gte=now), *by_deadline, lies_in="due", column="resolves_by"),
        "overdue": _List(UNSETTLED & Q(resolves_by__lt=now), *by_deadline, lies_in="overdue", column="resolves_by"),
        "corrections": _List(
            corrected,
            ("-current_resolution__resolved_at", "-pk"),
            lambda row: (row.current_resolution.resolved_at, row.pk),
            is_newest_first=True,
        ),
    }


NEWEST = _List(
    Q(),
    (F("current_resolution__known_at").desc(nulls_last=True), "-published_at", "-pk"),
    lambda row: (*_known(row), row.published_at, row.pk),
    is_newest_first=True,
)
PUBLISHED = NEWEST.order[1:]
KNOWN = replace(NEWEST, holds=Q(current_resolution__isnull=False), order=("-current_resolution__known_at", *PUBLISHED))
UNKNOWN = replace(NEWEST, holds=UNSETTLED, order=PUBLISHED)


def _known(row: Prediction) -> tuple[Any, ...]:
    """Sorts what is not known after all that is."""
    return (True, row.current_resolution.known_at) if row.current_resolution else (False, row.published_at)


def lists_of(base: CalibrationQuery, place: Whereabouts | None, now: dt.datetime, worst: Sequence[Worst]) -> Lists:
    """The lists of a subject, of predictions of every kind: what waits for us waits in any of them. `place` says where
    they lie, if that is kept.
    """
    lists = _lists(now)
    wanted = [*_wanted(replace(base, track=Track.ALL), lists.values(), place)]
    wanted += [Prediction.objects.filter(pk__in=[row[0] for row in worst])]
    if base.article:
        wanted += [logged(base).filter(quote_start__isnull=False)]
    flags = {f"is_{name}": each.holds for name, each in lists.items()}
    rows: list[Any] = list(
        with_latest(_all_of(wanted), base.forecaster.pk if base.forecaster else None)
        .select_related("current_resolution")
        .annotate(**flags, blamed=_names(worst))
    )
    latest = {row.pk: latest_in(row) for row in rows}
    said = [row for row in rows if base.forecaster or latest[row.pk]]

    def shown(found: Iterable[Any]) -> tuple[PredictionRow, ...]:
        return tuple(row_of(row, latest[row.pk], now) for row in found)

    return Lists(
        **{name: shown(each.of(row for row in said if getattr(row, f"is_{name}"))) for name, each in lists.items()},
        predictions=shown(NEWEST.of(rows)),
        surprises=_surprises(worst, {row.pk: row for row in rows}),
        quoted=tuple(sorted((row for row in rows if _is_quoted(row, base)), key=lambda row: (row.quote_start, row.pk))),
    )


def _wanted(
    base: CalibrationQuery, lists: Iterable[_List], place: Whereabouts | None
) -> Iterator[QuerySet[Prediction]]:
    """The keys of what the lists hold, and of what is newest: of a topic or an article whether or not anybody spoke."""
    if place is None or place.made**2 < LISTED * place.of:
        everything = said_about(base)
        yield from (each.gathered(everything, place) for each in lists)
        yield NEWEST.gathered(everything if base.forecaster else logged(base), place)
        return
    everything = asked_whether_said(base)
    yield from (each.walked(everything, place) for each in lists)
    known = replace(KNOWN, lies_in="known", column="current_resolution__known_at") if base.forecaster else KNOWN
    newest = everything if base.forecaster else asked_whether_logged(base)
    yield known.walked(newest, place)
    if place.settled < LISTED:
        yield UNKNOWN.walked(newest, place)


def _all_of(wanted: Iterable[QuerySet[Prediction]]) -> QuerySet[Prediction]:
    """Each cut before they are joined, which SQLite takes only as a query within one."""
    first, *rest = (Prediction.objects.filter(pk__in=rows.values("pk")).order_by().values("pk") for rows in wanted)
    return Prediction.objects.filter(pk__in=first.union(*rest, all=True))


def _names(worst: Sequence[Worst]) -> Case | Value:
    """Who said what the outcome contradicted, as a column."""
    if not worst:
        return Value("")
    name = (
        When(pk=row[0], then=Subquery(Forecaster.objects.filter(pk=row[1]).order_by().values("name"))) for row in worst
    )
    return Case(*name, default=Value(""), output_field=CharField())


def _surprises(worst: Sequence[Worst], rows: Mapping[int, Any]) -> tuple[Surprise, ...]:
    return tuple(
        Surprise(rows[pk].slug, rows[pk].statement, rows[pk].blamed, tick, happened, brier / 1e8)
        for pk, _, tick, happened, brier in worst
    )


def _is_quoted(row: Prediction, base: CalibrationQuery) -> bool:
    return base.article is not None and row.quote_start is not None
