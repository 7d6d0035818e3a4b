"""The predictions that a scorecard lists, and its surprises: their keys in one query, and what is shown of them in one.

Whoever has said little has it read through. Of whoever has said much, everybody's predictions are walked in the order
of a list, each asked whether it belongs there, until there are enough; kept counts say where to begin and to end.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import RowNumber

from forecasts.models import Forecaster, Prediction, PredictionStatus, Track

from .denominators import asked_whether_logged, logged, said_about, whether_said
from .made import Whereabouts
from .rows import PredictionRow, latest_in, row_of, with_latest
from .scope import CalibrationQuery
from .surprises import Surprise, Worst

UNSETTLED = Q(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
Keys = Mapping[str, Sequence[int]]
"""Of the predictions in each list, in its order, by its name."""


@dataclass(frozen=True)
class Lists:
    """`quoted` are those with a place in the article, in the order of its text; all of them."""

    early: tuple[PredictionRow, ...]
    due: tuple[PredictionRow, ...]
    overdue: tuple[PredictionRow, ...]
    predictions: tuple[PredictionRow, ...]
    corrections: tuple[PredictionRow, ...]
    surprises: tuple[Surprise, ...]
    quoted: tuple[Prediction, ...]


@dataclass(frozen=True)
class _List:
    """What it holds, and its order, which is that of an index. `lies_in` names a span of `Whereabouts`, and `column`
    what lies there.
    """

    holds: Q
    order: tuple[Any, ...]
    lies_in: str = ""
    column: str = ""

    def walked(self, rows: QuerySet[Prediction], place: Whereabouts) -> QuerySet[Any, Any]:
        """The keys of its first among `rows`; nothing where the kept counts know that there is nothing."""
        if self.lies_in:
            span = getattr(place, self.lies_in)
            rows = rows.filter(span.on(self.column)) if span else rows.none()
        return rows.filter(self.holds).order_by(*self.order).values("pk")


PUBLISHED = ("-published_at", "-pk")
NEWEST = _List(Q(), (F("known_at").desc(nulls_last=True), *PUBLISHED))
KNOWN = _List(Q(known_at__isnull=False), ("-known_at", *PUBLISHED))
UNKNOWN = _List(UNSETTLED, PUBLISHED)


def _lists(now: dt.datetime) -> dict[str, _List]:
    early = Q(status=PredictionStatus.RESOLVED, due_at__isnull=True)
    return {
        "early": _List(early, ("latest_deadline", "pk"), lies_in="early", column="latest_deadline"),
        "due": _waiting("due", UNSETTLED & Q(resolves_by__gte=now)),
        "overdue": _waiting("overdue", UNSETTLED & Q(resolves_by__lt=now)),
        "corrections": _List(Q(corrected_at__isnull=False), ("-corrected_at", "-pk")),
        "predictions": NEWEST,
    }


def _waiting(name: str, holds: Q) -> _List:
    return _List(holds, ("resolves_by", "pk"), lies_in=name, column="resolves_by")


def lists_of(
    base: CalibrationQuery, place: Whereabouts | None, now: dt.datetime, worst: Sequence[Worst], most: int
) -> Lists:
    """The lists of a subject, each of at most `most`, of predictions of every kind: what waits for us waits in any of
    them. `place` says where they lie, if that is kept; of an article it is not, and all that it quotes is shown
    besides.
    """
    everything, lists = replace(base, track=Track.ALL), _lists(now)
    surprising = {row[0] for row in worst}
    if place is None:
        placed, is_listed = _placed(everything, lists, most)
        shown_besides = Q(quote_start__isnull=False) | Q(pk__in=surprising)
        rows = _read(placed.filter(is_listed | shown_besides), base, worst)
        found = _in_order(lists, (tuple(getattr(row, name) for name in ("pk", *lists)) for row in rows.values()), most)
    else:
        found = _gathered(everything, lists, most) if place.is_little else _walked(everything, lists, place, most)
        rows = _read(Prediction.objects.filter(pk__in=surprising.union(*found.values())), base, worst)
    shown = {pk: row_of(row, latest_in(row), now) for pk, row in rows.items()}
    return Lists(
        **{name: tuple(shown[pk] for pk in keys) for name, keys in found.items()},
        surprises=tuple(
            Surprise(rows[pk].slug, rows[pk].statement, rows[pk].blamed, tick, happened, brier / 1e8)
            for pk, _, tick, happened, brier in worst
        ),
        quoted=_quoted(rows.values()) if base.article else (),
    )


def _placed(base: CalibrationQuery, lists: Mapping[str, _List], most: int) -> tuple[QuerySet[Any], Q]:
    """All that there is, with its place in each list as a column, 0 for none; and the condition that it is among the
    first of any. Of a topic or an article what is newest stands there whether or not anybody spoke.
    """
    rows, said = said_about(base), Q()
    if base.forecaster is None:
        rows, said = logged(base).alias(said=whether_said(base)), Q(said__isnull=False)
    holds = {name: each.holds if each is NEWEST else each.holds & said for name, each in lists.items()}
    flags = {f"is_{name}": Case(When(held, then=1), default=0) if held else Value(1) for name, held in holds.items()}
    places = {
        name: F(f"is_{name}") * Window(RowNumber(), partition_by=f"is_{name}", order_by=each.order)
        for name, each in lists.items()
    }
    is_listed = reduce(or_, (Q(**{f"{name}__range": (1, most)}) for name in lists))
    return rows.order_by().alias(**flags).annotate(**places), is_listed


def _gathered(base: CalibrationQuery, lists: Mapping[str, _List], most: int) -> Keys:
    """From one look at each."""
    placed, is_listed = _placed(base, lists, most)
    return _in_order(lists, placed.filter(is_listed).values_list("pk", *lists), most)


def _in_order(lists: Iterable[str], rows: Iterable[Sequence[int]], most: int) -> Keys:
    """From keys with their places."""
    known = list(rows)
    return {
        name: [pk for at, pk in sorted((row[n], row[0]) for row in known) if 1 <= at <= most]
        for n, name in enumerate(lists, start=1)
    }


def _walked(base: CalibrationQuery, lists: Mapping[str, _List], place: Whereabouts, most: int) -> Keys:
    everything = asked_whether_logged(base)
    said = everything.alias(said=whether_said(base)).filter(said__isnull=False)
    walks = [(name, each.walked(said, place)) for name, each in lists.items() if each is not NEWEST]
    newest = said if base.forecaster else everything
    known = replace(KNOWN, lies_in="known", column="known_at") if base.forecaster else KNOWN
    walks.append(("predictions", known.walked(newest, place)))
    if place.settled < most:
        walks.append(("predictions", UNKNOWN.walked(newest, place)))
    found = _each_cut([(name, rows[:most]) for name, rows in walks if not rows.query.is_empty()])
    return {name: found.get(name, [])[:most] for name in lists}


def _each_cut(walks: Sequence[tuple[str, QuerySet[Any, Any]]]) -> dict[str, list[int]]:
    """The keys that each gives, in its order, by their names. In one query, written out: SQLite takes no part of a
    union that is cut, unless it is a query within one.
    """
    if not walks:
        return {}
    parts = [rows.query.sql_with_params() for _, rows in walks]
    sql = " UNION ALL ".join(
        f"SELECT {n} AS walk, row_number() OVER () AS place, part.* FROM ({part}) AS part"  # noqa: S608 -- as Django wrote it
        for n, (part, _) in enumerate(parts)
    )
    found: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, params in parts for value in params])
        for n, _, pk in sorted(cursor.fetchall()):
            found.setdefault(walks[n][0], []).append(pk)
    return found


def _read(rows: QuerySet[Any], base: CalibrationQuery, worst: Sequence[Worst]) -> dict[int, Any]:
    """What is shown of these."""
    rows = with_latest(rows, base.forecaster.pk if base.forecaster else None)
    return {row.pk: row for row in rows.order_by().annotate(blamed=_names(worst))}


def _names(worst: Sequence[Worst]) -> Case | Value:
    """Who said what the outcome contradicted, as a column."""
    said: dict[int, list[int]] = {}
    for row in worst:
        said.setdefault(row[1], []).append(row[0])
    name = (
        When(pk__in=keys, then=Subquery(Forecaster.objects.filter(pk=who).order_by().values("name")))
        for who, keys in said.items()
    )
    return Case(*name, default=Value(""), output_field=CharField()) if said else Value("")


def _quoted(rows: Iterable[Prediction]) -> tuple[Prediction, ...]:
    quoted = (row for row in rows if row.quote_start is not None)
    return tuple(sorted(quoted, key=attrgetter("quote_start", "pk")))
