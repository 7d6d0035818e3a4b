"""What void and overdue predictions of yes or no would add to a table, had they been settled one way or the other."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from forecasts.models import NO, Forecast, Prediction, PredictionStatus, UnsettledSum, UnsettledTotal
from forecasts.scoring.rules import TICKS
from forecasts.scoring.settlement import TRACKS, Lines
from forecasts.scoring.timeline import LEAD_BANDS

from .cases import BASES, SAID, lines_of, rows_of, settled_by
from .denominators import asked_about
from .derived import BASE_RATE
from .made import person_of, unsettled_made
from .outcomes import Case
from .scope import CalibrationQuery

CASE = (
    "pk", "status", "clock_opens_at", "clock_closes_at", "cannot_resolve_early", "current_resolution__known_at",
    "latest_deadline",
)  # fmt: skip
IS_VOID = Q(status=PredictionStatus.VOID)
SUMS = ("weight", "ticks", "squares_high", "squares_low")
HIGH = 2**32
TRIES = 3
UNKNOWN = 2**62  # of how many, where nothing is kept that could be asked for it


@dataclass(frozen=True)
class Added:
    """The sums of weight, weight x tick and weight x squared tick."""

    weight: int = 0
    ticks: int = 0
    squares: int = 0

    def __add__(self, other: "Added") -> "Added":
        return Added(self.weight + other.weight, self.ticks + other.ticks, self.squares + other.squares)

    @classmethod
    def of(cls, weight: int, ticks: int, high: int, low: int) -> "Added":
        """From `SUMS` as they are kept."""
        return cls(int(weight), int(ticks), int(high) * HIGH + int(low))

    @property
    def kept(self) -> tuple[int, int, int, int]:
        """As `SUMS`."""
        return self.weight, self.ticks, *divmod(self.squares, HIGH)

    def brier(self, outcome: int) -> int:
        """In 1e-8, had all come out so."""
        reached = TICKS * outcome
        return self.squares - 2 * reached * self.ticks + reached**2 * self.weight


@dataclass(frozen=True)
class _Totals:
    """What is kept of the late and of the void; of how many predictions out of how many; the key of the last sum."""

    late: Added
    void: Added
    summed: int
    made: int
    last: int


def unsettled(rows: QuerySet[Prediction], now: dt.datetime) -> QuerySet[Prediction]:
    """Of these the void and the overdue about which somebody has said something."""
    late = (PredictionStatus.OPEN, PredictionStatus.CLOSED)
    return rows.filter(IS_VOID | Q(status__in=late, resolves_by__lt=now), clock_opens_at__isnull=False)


def unsummed(rows: QuerySet[Prediction]) -> QuerySet[Prediction]:
    """Of these what no sums are kept of."""
    return rows.exclude(Exists(UnsettledSum.objects.filter(prediction=OuterRef("pk"))))


def added(query: CalibrationQuery, now: dt.datetime) -> tuple[Added, Added]:
    """What the overdue would add, and the void: from kept sums, and from forecasts where none are kept."""
    if not query.is_rolled_up:
        return from_forecasts(query, unsettled(asked_about(query), now))
    found = _from_sums(query, now)
    for _ in range(TRIES):
        if found.summed == found.made:
            return found.late, found.void
        rows = unsettled(asked_about(query), now)
        if found.summed > found.made:  # by a worker whose clock is ahead: some are not overdue yet
            return from_forecasts(query, rows)
        late, void = from_forecasts(query, unsummed(rows))
        before, found = found, _from_sums(query, now)
        if found == before:  # nothing was summed or forgotten between the two: each prediction is there once
            break
    return before.late + late, before.void + void


def _from_sums(query: CalibrationQuery, now: dt.datetime) -> _Totals:
    scope, scope_id = query.scope
    how = {"counting": (query.counting,), "track": (query.track,), "basis": query.bases}
    how |= {"lead_band": (query.lead,)} if query.lead else {}
    asked = {f"{name}__in": ("", *values) for name, values in how.items()}
    rows = UnsettledTotal.objects.filter(scope=scope, scope_id=scope_id, **asked).order_by()
    rows = rows.filter(month__gte=query.since) if query.since else rows
    rows = rows.filter(month__lte=query.until) if query.until else rows
    grouped: Any = rows.values_list(
        "is_void", unsettled_made(query, now), Subquery(UnsettledSum.objects.order_by("-pk").values("pk")[:1])
    ).annotate(n=Sum("predictions", filter=Q(counting=""), default=0), **{f"of_{name}": Sum(name) for name in SUMS})
    groups = list(grouped)
    sums = {is_void: Added.of(*each) for is_void, _made, _last, _n, *each in groups}
    made, last = groups[0][1:3] if groups else (UNKNOWN, 0)
    return _Totals(sums.get(False, Added()), sums.get(True, Added()), sum(group[3] for group in groups), made, last)


def from_forecasts(query: CalibrationQuery, rows: QuerySet[Prediction]) -> tuple[Added, Added]:
    """The same as `added` of some of the predictions, from everything that was said about them."""
    who = query.forecaster
    if who and who.is_derived:
        cases, several = with_crowds(rows, rates=who.slug == BASE_RATE)
    else:
        cases, several = said_lines(rows, query)
    found = [Added(), Added()]
    for lines in several:
        if lines.counting == query.counting:
            there = _asked(query, lines)
            void = np.array([case.prediction.status == PredictionStatus.VOID for case in cases], dtype=bool)
            is_void = void[lines.prediction[lines.facts.line]]
            found = [
                _summed(lines.facts.tick[each], lines.facts.weight[each])
                for each in (there & ~is_void, there & is_void)
            ]
    return found[0], found[1]


def _summed(tick: NDArray[np.int64], weight: NDArray[np.int64]) -> Added:
    """Exact: the numbers of Python never overflow."""
    pairs = list(zip(tick.tolist(), weight.tolist(), strict=True))
    return Added(sum(w for _, w in pairs), sum(w * t for t, w in pairs), sum(w * t * t for t, w in pairs))


def with_crowds(rows: QuerySet[Prediction], *, rates: bool = True) -> tuple[list[Case], tuple[Lines, ...]]:
    """A crowd follows from what everybody said. Base rates, which follow from other predictions, only with `rates`."""
    cases = [_case(row) for row in rows.values_list(*CASE)]
    return cases, lines_of(cases, rates=rates) if cases else ()


def said_lines(predictions: QuerySet[Prediction], query: CalibrationQuery) -> tuple[list[Case], tuple[Lines, ...]]:
    """Forecasts with their predictions, in one query."""
    about = (f"prediction__{column}" for column in CASE)
    counts_as = Coalesce("forecaster__merged_into", "forecaster")
    said: Any = Forecast.objects.filter(prediction__in=predictions).order_by().values_list(*SAID, counts_as, *about)
    if person := person_of(query):
        # Apart, so that the database knows of the one forecaster whether all of theirs are more than these predictions.
        said = said.filter(forecaster=person.pk).union(said.filter(forecaster__merged_into=person.pk), all=True)
    rows: list[Any] = list(said.order_by("id"))
    cases = list({row[0]: _case(row[-len(CASE) :]) for row in rows}.values())
    people = {
        row[len(SAID) - 1]: (row[len(SAID)], False) for row in rows
    }  # nobody is pooled where no crowd is asked for
    found = rows_of(cases, [row[: len(SAID)] for row in rows], people)
    return cases, settled_by(cases, found, derive=False) if cases else ()


def _case(row: Sequence[Any]) -> Case:
    """Known when it was found void; of an overdue one, at the close."""
    pk, status, opens_at, closes_at, marked, known_at, latest = row
    prediction = Prediction(
        pk=pk,
        status=status,
        clock_opens_at=opens_at,
        clock_closes_at=closes_at,
        cannot_resolve_early=marked,
        latest_deadline=latest,
    )
    return Case(prediction, known_at or closes_at, NO)


def _asked(query: CalibrationQuery, lines: Lines) -> NDArray[np.bool_]:
    """Which fact rows are those of the query's track, basis, forecaster and lead band."""
    bases = [BASES.index(basis) for basis in query.bases]
    asked = (lines.track == TRACKS.index(query.track)) & np.isin(lines.basis, bases)
    if query.forecaster:
        asked &= lines.forecaster == query.forecaster.pk
    there = asked[lines.facts.line]
    if query.lead:
        there = there & (lines.facts.lead_band == LEAD_BANDS.index(query.lead))
    return np.asarray(there)
