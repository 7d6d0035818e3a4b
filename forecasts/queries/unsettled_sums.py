"""What is kept of void and overdue predictions, so that no answer reads what was said about them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from forecasts.models import (
    Forecast,
    Forecaster,
    Prediction,
    PredictionKind,
    PredictionStatus,
    Scope,
    UnsettledSum,
    UnsettledTotal,
)
from forecasts.models.unsettled_sum import HOW
from forecasts.scoring.settlement import TRACKS, Lines
from forecasts.scoring.timeline import LEAD_BANDS

from .cases import BASES
from .standing import deadline_month
from .unsettled import SUMS, Added, unsettled, unsummed, with_crowds

KEY = ("scope", "scope_id", *HOW, "is_void", "month")
NO_WAY = ("", "", "", "")
"""In place of how it counts, in the row that says of whom a prediction is summed."""
ALL_LEADS = ""
Key = tuple[Any, ...]


def kept_sums(ids: Sequence[int]) -> dict[int, dict[Key, Added]]:
    """What is kept of these predictions, by prediction."""
    found: defaultdict[int, dict[Key, Added]] = defaultdict(dict)
    for pk, *row in UnsettledSum.objects.filter(prediction__in=ids).values_list("prediction", *KEY, *SUMS):
        found[pk][tuple(row[: len(KEY)])] = Added.of(*row[len(KEY) :])
    return dict(found)


def kept_totals() -> dict[Key, tuple[Added, int]]:
    """All totals, with how many predictions each is of."""
    rows: Iterable[Any] = UnsettledTotal.objects.values_list(*KEY, *SUMS, "predictions")
    return {tuple(row[: len(KEY)]): (Added.of(*row[len(KEY) : -1]), row[-1]) for row in rows}


def sums_by_prediction(rows: QuerySet[Prediction]) -> dict[int, dict[Key, Added]]:
    """What is to be kept of these predictions, for everybody and everything that they count for."""
    cases, several = with_crowds(rows)
    ids = [case.prediction.pk for case in cases]
    when = {case.prediction.pk: _when(case.prediction) for case in cases}
    derived = set(Forecaster.objects.derived().values_list("pk", flat=True))
    found: dict[int, defaultdict[Key, Added]] = {pk: defaultdict(Added) for pk in ids}
    for pk, who in (*_spoke(ids), *((pk, who) for pk in ids for who in derived)):
        found[pk][Scope.FORECASTER.value, who, *NO_WAY, *when[pk]] = Added()
    everybody: dict[int, defaultdict[Key, Added]] = {pk: defaultdict(Added, {NO_WAY: Added()}) for pk in ids}
    for lines in several:
        for place, who, how, sums in _by_fact(lines):
            pk = ids[place]
            found[pk][Scope.FORECASTER.value, who, *how[:-1], ALL_LEADS, *when[pk]] += sums
            if who not in derived:
                everybody[pk][how] += sums
    for pk, *scope in (*((pk, Scope.ALL.value, 0) for pk in ids), *_topics(ids)):
        found[pk].update({(*scope, *how, *when[pk]): sums for how, sums in everybody[pk].items()})
    return {pk: dict(sums) for pk, sums in found.items()}


def _when(prediction: Prediction) -> tuple[bool, dt.date]:
    return prediction.status == PredictionStatus.VOID, deadline_month(prediction)


def _by_fact(lines: Lines) -> Iterator[tuple[int, int, Key, Added]]:
    """The number of the prediction, the forecaster, how it counts, and what it adds."""
    facts = lines.facts
    whose = (column[facts.line].tolist() for column in (lines.prediction, lines.forecaster, lines.track, lines.basis))
    what = (column.tolist() for column in (facts.lead_band, facts.tick, facts.weight))
    for place, who, track, basis, band, tick, weight in zip(*whose, *what, strict=True):
        how = (lines.counting, TRACKS[track], BASES[basis], LEAD_BANDS[band])
        yield place, who, how, Added(weight, weight * tick, weight * tick * tick)


def _spoke(ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    who = Coalesce("forecaster__merged_into", "forecaster")
    return Forecast.objects.filter(prediction__in=ids).order_by().values_list("prediction", who).distinct()


def _topics(ids: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    rows = Prediction.topics.through.objects.filter(prediction__in=ids).values_list("prediction", "topic")
    return ((pk, Scope.TOPIC.value, topic) for pk, topic in rows)


def waiting_for_sums(now: dt.datetime) -> Iterable[int]:
    """The keys of what could be summed and is not."""
    rows = unsummed(unsettled(Prediction.objects.public().filter(kind=PredictionKind.BINARY), now))
    return rows.order_by("pk").values_list("pk", flat=True)
