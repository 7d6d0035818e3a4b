"""Forecasters whom nobody speaks for: crowds and baselines, derived from what was known, whenever something is scored.

They have no forecasts and no ledger entries of their own; everything about them follows from others'. Crowds pool the
forecasts that were given as numbers by those in the peer pool, from the moment at which three stand.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import models

from forecasts.models import NO, YES, Basis, Forecaster, Prediction, PredictionKind, Resolution
from forecasts.scoring.crowds import Pool, binary_pools, choice_pools, crowds, spread_pools
from forecasts.scoring.losses import even_points
from forecasts.scoring.rules import options_to_ticks, to_ticks
from forecasts.scoring.settlement import TRACKS, Entries, Stood, Windows, stood

from .outcomes import Case
from .spreads import points_of, range_of

EVEN, BASE_RATE = "always-50", "topic-base-rate"
CROWD = "crowd-"
EVEN_TICK = 5000
RATES_AT_ONCE = 50
BASES = tuple(Basis.values)

Row = tuple[int, str, int, int, str, Any]
"""Number of the case, slug, track, moment, basis, value (None for a withdrawal)."""


def derived_rows(
    cases: Sequence[Case], entries: Entries, windows: Windows, values: Sequence[Any], *, rates: bool
) -> tuple[Entries, list[Any]]:
    """What crowds and baselines said on each track, as further entries, and `values` with theirs at the end; base
    rates only with `rates`.
    """
    spans = stood(entries, windows)
    known = base_rates(cases) if rates else [None] * len(cases)
    rows = [*_baselines(cases, spans, windows, known), *_crowds(cases, spans, values)]
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


def _baselines(cases: Sequence[Case], spans: Stood, windows: Windows, rates: Sequence[int | None]) -> Iterator[Row]:
    """From the opening on, wherever anybody stands."""
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


def base_rates(cases: Sequence[Case]) -> list[int | None]:
    """How often earlier predictions of the same topics came true, as ticks: (yes + 1/2) / (all + 1).

    Earlier: known before this one opened. What counts is what we had on record when this one was settled, so that later
    resolutions and corrections of others change nothing. None without a topic, and for other kinds.
    """
    asked = {case.prediction.pk: case for case in cases if case.prediction.kind == PredictionKind.BINARY}
    topics: defaultdict[int, set[int]] = defaultdict(set)
    under = Prediction.topics.through.objects.filter(prediction__in=asked)
    for pk, topic in under.values_list("prediction", "topic"):
        topics[pk].add(topic)
    alike: defaultdict[frozenset[int], list[Case]] = defaultdict(list)
    for pk, theirs in topics.items():
        alike[frozenset(theirs)].append(asked[pk])
    found: dict[int, int] = {}
    for shared, those in alike.items():
        for start in range(0, len(those), RATES_AT_ONCE):
            found |= _rates(shared, those[start : start + RATES_AT_ONCE])
    return [found.get(case.prediction.pk) for case in cases]


def _rates(topics: Iterable[int], cases: Sequence[Case]) -> dict[int, int]:
    """Of predictions that have exactly these topics: one pass over what was resolved under any of them.

    Only what is asked with yes or no comes to one of them, so that no prediction has to be looked up for its kind.
    """
    theirs = Prediction.topics.through.objects.filter(topic__in=topics).values("prediction")
    known = Resolution.objects.filter(prediction__in=theirs, outcome__in=(YES, NO))
    asked = [(f"{outcome}_{case.prediction.pk}", outcome, case) for case in cases for outcome in (YES, NO)]
    counts = known.aggregate(
        **{name: models.Count("pk", models.Q(outcome=outcome) & _earlier(case)) for name, outcome, case in asked}
    )
    keys = [case.prediction.pk for case in cases]
    of_each = ((pk, counts[f"{YES}_{pk}"], counts[f"{NO}_{pk}"]) for pk in keys)
    return {pk: to_ticks((yes + 0.5) / (yes + no + 1)) for pk, yes, no in of_each}


def _earlier(case: Case) -> models.Q:
    """Known before the opening, and on record when the case was decided."""
    standing = models.Q(superseded_by=None) | models.Q(superseded_by__gt=case.decided)
    return standing & models.Q(known_at__lt=case.prediction.clock_opens_at, pk__lte=case.decided)


def _crowds(cases: Sequence[Case], spans: Stood, values: Sequence[Any]) -> Iterator[Row]:
    """Of each prediction and track. The cases are alike, so what holds for the first one's values holds for all."""
    members = np.flatnonzero(spans.entry.in_pool & (spans.entry.basis != BASES.index(Basis.IMPLIED)))
    entry = spans.entry.taken(members)
    members = members[np.lexsort((entry.id, entry.recorded_at, entry.issued_at))]
    if not members.size:
        return
    given = [values[row] for row in spans.entry.forecast[members].tolist()]
    pools = _pools(cases[0].prediction, given)
    found = crowds(spans.entry.timeline[members], spans.start[members], spans.end[members], pools)
    for name, series in found.items():
        for timeline, moment, value in series:
            number, track = divmod(timeline, len(TRACKS))
            yield number, f"{CROWD}{name}", track, moment, Basis.AGGREGATE, value


def _pools(prediction: Prediction, given: Sequence[Any]) -> Mapping[str, Pool]:
    kind = PredictionKind(prediction.kind)
    if kind == PredictionKind.BINARY:
        return binary_pools(np.array(given, dtype=np.int64))
    if kind == PredictionKind.MULTIPLE_CHOICE:
        return choice_pools(np.array(given, dtype=np.int64))
    within = range_of(prediction)
    return spread_pools([points_of(value, within) for value in given], within)
