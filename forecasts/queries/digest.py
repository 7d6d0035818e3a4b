"""What editors are told once a week: what waits at the desk, and what became known, as a draft for readers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from forecasts.models import Forecast, Prediction, PredictionKind, Resolution
from forecasts.scoring.rules import TICKS

from .desk import WEEK, DeskSection, disputes, due_within, findings, overdue, proposals, sources
from .rows import latest_forecasts

SETTLED_SHOWN = 40
NEW_SHOWN = 20
SAID_SHOWN = 5
HIT, MISS = "hit", "miss"


@dataclass(frozen=True)
class Said:
    """The last that somebody said before the world knew: a miss leant away from what happened, a hit towards it.

    Neither is "": even odds, a number or a date, a void.
    """

    name: str
    words: str
    leant: str


@dataclass(frozen=True)
class Settled:
    """A prediction whose resolution came in the week. `before` is the outcome that it corrects, "" for a first one."""

    path: str
    statement: str
    happened: str
    said: tuple[Said, ...]
    before: str
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
class NewPrediction:
    """`said` is its latest forecast with who made it, "" where nothing was said."""

    path: str
    statement: str
    deadline: dt.datetime | None
    said: str


@dataclass(frozen=True)
class Recap:
    """What readers could be told of [`since`, `until`): the counts are of all, the tuples hold the latest.

    Among the resolved, misses come first, then hits; each is told in the same words.
    """

    since: dt.datetime
    until: dt.datetime
    resolved: tuple[Settled, ...]
    resolved_count: int
    corrected: tuple[Settled, ...]
    corrected_count: int
    new: tuple[NewPrediction, ...]
    new_count: int

    @property
    def last_day(self) -> dt.date:
        return (self.until - dt.timedelta(microseconds=1)).date()

    @property
    def more_resolved(self) -> int:
        return self.resolved_count - len(self.resolved)

    @property
    def more_corrected(self) -> int:
        return self.corrected_count - len(self.corrected)

    @property
    def more_new(self) -> int:
        return self.new_count - len(self.new)

    @property
    def misses(self) -> int:
        return sum(row.misses for row in self.resolved)

    @property
    def hits(self) -> int:
        return sum(row.hits for row in self.resolved)

    @property
    def is_empty(self) -> bool:
        return not (self.resolved_count or self.corrected_count or self.new_count)


@dataclass(frozen=True)
class Digest:
    """The piles that are not empty, as on the desk, and the recap of the week before."""

    sections: tuple[DeskSection, ...]
    recap: Recap

    @property
    def waiting(self) -> int:
        return sum(section.count for section in self.sections)

    @property
    def is_empty(self) -> bool:
        return not self.sections and self.recap.is_empty


def week_of(now: dt.datetime) -> dt.datetime:
    """The Monday, 00:00 UTC, at or before `now`."""
    day = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - dt.timedelta(days=day.weekday())


def digest(now: dt.datetime) -> Digest:
    """What waits at `now`, and the recap of the last whole week, Monday to Sunday."""
    piles = (
        proposals(),
        overdue(now),
        due_within("Due in the next 14 days", 2 * WEEK, now),
        findings(),
        sources(now),
        disputes(before=now + WEEK),
    )
    return Digest(tuple(pile for pile in piles if pile.count), recap(week_of(now)))


def recap(until: dt.datetime, span: dt.timedelta = WEEK) -> Recap:
    """What became known in the `span` before `until`, of public predictions."""
    since = until - span
    public = Prediction.objects.public().select_related("current_resolution__supersedes")
    settled = public.filter(current_resolution__resolved_at__gte=since, current_resolution__resolved_at__lt=until)
    first = settled.filter(current_resolution__supersedes__isnull=True)
    corrected = settled.filter(current_resolution__supersedes__isnull=False)
    new = public.filter(published_at__gte=since, published_at__lt=until)
    told = sorted(_settled(first), key=lambda row: (not row.misses, not row.hits))
    return Recap(
        since=since,
        until=until,
        resolved=tuple(told),
        resolved_count=first.count(),
        corrected=tuple(_settled(corrected)),
        corrected_count=corrected.count(),
        new=tuple(_new(new.order_by("-published_at", "-pk")[:NEW_SHOWN])),
        new_count=new.count(),
    )


def _settled(rows: QuerySet[Prediction]) -> list[Settled]:
    predictions = list(rows.order_by("-current_resolution__resolved_at", "-pk")[:SETTLED_SHOWN])
    said = _said(predictions)
    return [_row(row, row.current_resolution, said[row.pk]) for row in predictions if row.current_resolution]


def _row(prediction: Prediction, resolution: Resolution, forecasts: Sequence[Forecast]) -> Settled:
    resolution.prediction = prediction  # the row at hand, not another query
    before = resolution.supersedes
    if before:
        before.prediction = prediction
    said = [_one(prediction, resolution, row) for row in forecasts]
    return Settled(
        path=prediction.get_absolute_url(),
        statement=prediction.statement,
        happened=resolution.result_words,
        said=tuple(sorted(said, key=lambda one: (one.leant != MISS, one.leant != HIT, one.name))),
        before=before.result_words if before else "",
        note=resolution.note,
    )


def _said(predictions: Sequence[Prediction]) -> dict[int, list[Forecast]]:
    """For each prediction, the last forecast of each forecaster before the world knew, unless withdrawn."""
    newest = (F("issued_at").desc(), F("recorded_at").desc(), F("pk").desc())
    who = Coalesce("forecaster__merged_into", "forecaster")
    turn = Window(RowNumber(), partition_by=[F("prediction"), who], order_by=newest)
    in_time: Any = Forecast.objects.filter(
        prediction__in=predictions, issued_at__lt=F("prediction__current_resolution__known_at")
    )
    rows = in_time.annotate(turn=turn).filter(turn=1).select_related("forecaster__merged_into")
    by_key = {row.pk: row for row in predictions}
    found: dict[int, list[Forecast]] = defaultdict(list)
    for row in rows.order_by("pk"):
        if not row.is_withdrawal:
            row.prediction = by_key[row.prediction_id]
            found[row.prediction_id].append(row)
    return found


def _one(prediction: Prediction, resolution: Resolution, row: Forecast) -> Said:
    name = (row.forecaster.merged_into or row.forecaster).name
    return Said(name, row.said, _leant(prediction, resolution, row))


def _leant(prediction: Prediction, resolution: Resolution, row: Forecast) -> str:
    if resolution.is_void:
        return ""
    if prediction.kind == PredictionKind.BINARY and row.tick is not None:
        given = row.tick if resolution.outcome == "yes" else TICKS - row.tick
        return "" if 2 * given == TICKS else HIT if 2 * given > TICKS else MISS
    if prediction.kind == PredictionKind.MULTIPLE_CHOICE and row.values:
        most = [option for option, tick in enumerate(row.values) if tick == max(row.values)]
        return "" if len(most) > 1 else HIT if most == [int(resolution.outcome)] else MISS
    return ""


def _new(rows: QuerySet[Prediction]) -> list[NewPrediction]:
    predictions = list(rows)
    latest = latest_forecasts([row.pk for row in predictions])
    return [_new_row(row, latest.get(row.pk)) for row in predictions]


def _new_row(prediction: Prediction, forecast: Forecast | None) -> NewPrediction:
    said = ""
    if forecast and not forecast.is_withdrawal:
        forecast.prediction = prediction
        said = f"{forecast.forecaster.name}: {forecast.said}"
    return NewPrediction(prediction.get_absolute_url(), prediction.statement, prediction.resolves_by, said)
