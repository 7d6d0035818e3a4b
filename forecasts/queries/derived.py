"""Forecasters whom nobody speaks for: crowds and baselines, derived from what was known, whenever something is scored.

They have no forecasts and no ledger entries of their own; everything about them follows from others'. Crowds pool the
forecasts that were given as numbers by those in the peer pool, from the moment at which three stand.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from forecasts.models import Basis, Forecaster, Prediction, PredictionKind, Resolution
from forecasts.scoring.crowds import LEAST, Pool, binary_pools, choice_pools, crowds, spread_pools
from forecasts.scoring.losses import even_points
from forecasts.scoring.rules import options_to_ticks, to_ticks
from forecasts.scoring.settlement import TRACKS, Entries, Stood, Windows, stood

from .outcomes import NO, YES, Case
from .spreads import points_of, range_of

EVEN, BASE_RATE = "always-50", "topic-base-rate"
CROWD = "crowd-"
EVEN_TICK = 5000
BASES = tuple(Basis.values)

Row = tuple[int, str, int, int, str, Any]
"""Number of the case, slug, track, moment, basis, value (None for a withdrawal)."""


def derived_rows(
    cases: Sequence[Case], entries: Entries, windows: Windows, values: Sequence[Any]
) -> tuple[Entries, list[Any]]:
    """What crowds and baselines said on each track, as further entries, and `values` with theirs at the end."""
    spans = stood(entries, windows)
    rows = [*_baselines(cases, spans, windows), *_crowds(cases, spans, values)]
    ids = dict(Forecaster.objects.derived().values_list("slug", "pk"))
    columns = np.array(
        [
            (case, len(values) + number, ids[slug], track, moment, BASES.index(basis), value is None)
            for number, (case, slug, track, moment, basis, value) in enumerate(rows)
        ],
        dtype=np.int64,
    ).reshape(-1, 7)
    case, forecast, forecaster, track, moment, basis, withdrawn = columns.T
    nobody = np.zeros(len(rows), dtype=bool)
    derived = Entries(case, forecast, forecaster, track, moment, moment, forecast, basis, withdrawn > 0, nobody)
    return derived, [*values, *(value for *_, value in rows)]


def _baselines(cases: Sequence[Case], spans: Stood, windows: Windows) -> Iterator[Row]:
    """From the opening on, wherever anybody stands."""
    rates = [base_rate(case) for case in cases]
    for timeline in np.unique(spans.entry.timeline).tolist():
        number, track = divmod(timeline, len(TRACKS))
        opens = int(windows.opens_at[number])
        yield number, EVEN, track, opens, Basis.MODEL, even_value(cases[number].prediction)
        if rates[number] is not None:
            yield number, BASE_RATE, track, opens, Basis.MODEL, rates[number]


def even_value(prediction: Prediction) -> Any:
    """An even guess: 50 %, the same for every option, or evenly over the range."""
    kind = PredictionKind(prediction.kind)
    if kind == PredictionKind.BINARY:
        return EVEN_TICK
    if kind == PredictionKind.MULTIPLE_CHOICE:
        options = len(prediction.options)
        return options_to_ticks(np.full(options, 1 / options)).tolist()
    return even_points(range_of(prediction))


def base_rate(case: Case) -> int | None:
    """How often earlier predictions of the same topics came true, as a tick: (yes + 1/2) / (all + 1).

    Earlier: known before this one opened. What counts is what we had on record when this one was settled, so that later
    resolutions and corrections of others change nothing. None without a topic, and for other kinds.
    """
    prediction = case.prediction
    if prediction.kind != PredictionKind.BINARY or prediction.clock_opens_at is None:
        return None
    topics = list(prediction.topics.values_list("pk", flat=True))
    if not topics:
        return None
    known = Resolution.objects.filter(
        prediction__topics__in=topics,
        prediction__kind=PredictionKind.BINARY,
        known_at__lt=prediction.clock_opens_at,
        resolved_at__lte=case.decided_at,
    ).exclude(superseded_by__resolved_at__lte=case.decided_at)
    counts = dict(known.order_by().values_list("outcome").annotate(Count("prediction", distinct=True)))
    yes, no = counts.get(YES, 0), counts.get(NO, 0)
    return int(to_ticks((yes + 0.5) / (yes + no + 1)))


def _crowds(cases: Sequence[Case], spans: Stood, values: Sequence[Any]) -> Iterator[Row]:
    members = np.flatnonzero(spans.entry.in_pool & (spans.entry.basis != BASES.index(Basis.IMPLIED)))
    entry = spans.entry.taken(members)
    by_age = members[np.lexsort((entry.id, entry.recorded_at, entry.issued_at))]
    timeline = spans.entry.timeline[by_age]
    for each in np.unique(timeline).tolist():
        yield from _crowd(cases, spans, by_age[timeline == each], values, divmod(each, len(TRACKS)))


def _crowd(
    cases: Sequence[Case], spans: Stood, members: NDArray[np.intp], values: Sequence[Any], whose: tuple[int, int]
) -> Iterator[Row]:
    """The crowds of one prediction and track, from its members' spans, the oldest forecast first."""
    if np.unique(spans.entry.forecaster[members]).size < LEAST:
        return
    number, track = whose
    given = [values[row] for row in spans.entry.forecast[members]]
    found = crowds(spans.start[members], spans.end[members], _pools(cases[number].prediction, given))
    for name, series in found.items():
        for moment, value in series:
            yield number, f"{CROWD}{name}", track, moment, Basis.AGGREGATE, value


def _pools(prediction: Prediction, given: Sequence[Any]) -> Mapping[str, Pool]:
    kind = PredictionKind(prediction.kind)
    if kind == PredictionKind.BINARY:
        return binary_pools(np.array(given, dtype=np.int64))
    if kind == PredictionKind.MULTIPLE_CHOICE:
        return choice_pools(np.array(given, dtype=np.int64))
    within = range_of(prediction)
    return spread_pools([points_of(value, within) for value in given], within)
