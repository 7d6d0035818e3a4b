"""What the forecasts of predictions come to, given outcomes that are true or assumed: from rows to columns."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasts.models import NOT_BEFORE, YES, Basis, Forecast, Forecaster, PredictionKind
from forecasts.scoring.losses import Losses, binary_losses, choice_losses, spread_losses
from forecasts.scoring.rules import TICKS
from forecasts.scoring.settlement import TRACKS, Entries, Lines, Windows, on_tracks, settle

from .clock import microseconds
from .derived import derived_rows
from .outcomes import Case
from .spreads import number_of, points_of, range_of

BASES = tuple(Basis.values)


SAID = (
    "prediction_id", "issued_at", "stands_from", "recorded_at", "id", "tick", "values", "basis", "provenance",
    "forecaster_id",
)  # fmt: skip
"""What of a forecast is read to settle it."""


@dataclass(frozen=True)
class Rows:
    """Forecasts by columns with their values: ticks, or one list each."""

    entries: Entries
    stands_from: np.ndarray[Any, np.dtype[np.int64]]
    values: list[Any]


def lines_of(cases: Sequence[Case], *, rates: bool = True) -> tuple[Lines, ...]:
    """The scores and facts of predictions of one kind, crowds and baselines included; several at once only of yes or
    no. `rates` says whether base rates are wanted.
    """
    return settled_by(cases, _rows(cases), derive=True, rates=rates)


def settled_by(cases: Sequence[Case], rows: Rows, *, derive: bool, rates: bool = True) -> tuple[Lines, ...]:
    """The same of forecasts that were read before, in `rows_of`; `derive` says whether of crowds and baselines, too."""
    windows = _windows(cases)
    entries = on_tracks(rows.entries, rows.stands_from, windows.known_at)
    values = rows.values
    if derive:
        more, values = derived_rows(cases, entries, windows, values, rates=rates)
        entries = Entries.joined(entries, more)
    return settle(entries, windows, _losses(cases, entries, values))


def _windows(cases: Sequence[Case]) -> Windows:
    def column(times: Iterable[dt.datetime | None]) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array([microseconds(time) for time in times if time is not None], dtype=np.int64)

    closes = column(case.prediction.clock_closes_at for case in cases)
    known = column(case.known_at for case in cases)
    marked = np.array([case.prediction.cannot_resolve_early for case in cases], dtype=bool)
    return Windows(column(case.prediction.clock_opens_at for case in cases), closes, known, marked & (known >= closes))


def _rows(cases: Sequence[Case]) -> Rows:
    """The forecasts of `cases`, those of a merged forecaster under the one it was merged into."""
    ids = [case.prediction.pk for case in cases]
    said = list(Forecast.objects.filter(prediction_id__in=ids).order_by("id").values_list(*SAID))
    return rows_of(cases, said, _people({row[-1] for row in said}))


def rows_of(cases: Sequence[Case], said: Sequence[Any], people: Mapping[int, tuple[int, bool]]) -> Rows:
    """Forecasts on the cases, as `SAID` reads them. `people` says whom a forecaster counts as, and if in the pool."""
    place = {case.prediction.pk: number for number, case in enumerate(cases)}
    columns = np.array(
        [
            (
                place[prediction],
                people[forecaster][0],
                TRACKS.index(provenance),
                microseconds(issued),
                microseconds(stands),
                microseconds(recorded),
                pk,
                BASES.index(basis),
                tick is None and values is None,
                people[forecaster][1],
            )
            for prediction, issued, stands, recorded, pk, tick, values, basis, provenance, forecaster in said
        ],
        dtype=np.int64,
    ).reshape(-1, 10)
    prediction, who, track, issued, stands, recorded, pk, basis, withdrawn, in_pool = columns.T
    entries = Entries(
        prediction, np.arange(len(said)), who, track, issued, recorded, pk, basis, withdrawn > 0, in_pool > 0
    )
    values = (row[5:7] for row in said)
    return Rows(entries, stands, [tick if value is None else value for tick, value in values])


def _people(ids: Iterable[int]) -> dict[int, tuple[int, bool]]:
    """For each forecaster the one that it counts as, and whether that one is in the peer pool."""
    rows = Forecaster.objects.filter(pk__in=set(ids)).select_related("merged_into")
    merged = ((row.pk, row.merged_into or row) for row in rows)
    return {pk: (row.pk, row.is_in_peer_pool) for pk, row in merged}


def _losses(cases: Sequence[Case], entries: Entries, values: Sequence[Any]) -> Losses:
    """A withdrawal has no value; it costs nothing, since it never stands."""
    prediction = cases[0].prediction
    kind = PredictionKind(prediction.kind)
    if kind == PredictionKind.BINARY:
        where = np.zeros(len(values), dtype=np.int64)
        where[entries.forecast] = entries.prediction
        y = np.array([case.outcome == YES for case in cases], dtype=np.int64)
        return binary_losses(np.array([value or 0 for value in values], dtype=np.int64), y[where])
    if kind == PredictionKind.MULTIPLE_CHOICE:
        none = [TICKS, *[0] * (len(prediction.options) - 1)]
        ticks = np.array([value or none for value in values], dtype=np.int64).reshape(len(values), len(none))
        return choice_losses(ticks, int(cases[0].outcome), ordered=prediction.options_ordered)
    within = range_of(prediction)
    points = [points_of(value, within) if value else [(within.low, 0)] for value in values]
    outcome = cases[0].outcome
    return spread_losses(points, within, np.inf if outcome == NOT_BEFORE else number_of(outcome, within))
