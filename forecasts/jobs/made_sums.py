"""What the counts of predictions must be, in plain loops over every forecast: what is stored is held against them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from forecasts.models import Forecast, Forecaster, MadeCount, Prediction, Scope, Track

FIELDS = ("scope", "scope_id", "said", "kind", "state", "void_reason", "moment", "latest_deadline")
AT_ONCE = 1000


def made_sums() -> Counter[Any]:
    """By the columns that are a count's key."""
    merged = Forecaster.objects.filter(merged_into__isnull=False)
    kept: dict[int, Any] = dict(merged.values_list("pk", "merged_into"))
    sums: Counter[Any] = Counter()
    ids = list(Prediction.objects.public().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        for row, scopes in _scopes(ids[start : start + AT_ONCE], kept):
            became = _became(row)
            sums.update((*scope, *became) for scope in scopes)
    return sums


def stored_made() -> dict[Any, int]:
    return {row[:-1]: row[-1] for row in MadeCount.objects.values_list(*FIELDS, "predictions")}


def _scopes(ids: Sequence[int], kept: dict[int, Any]) -> Iterator[tuple[Prediction, list[tuple[str, int, str]]]]:
    """Each prediction with whom it counts for, and where what they said came from."""
    found: dict[int, dict[tuple[str, int], str]] = {}
    rows = Prediction.objects.select_related("current_resolution").prefetch_related("topics").in_bulk(ids)
    topics = {pk: [topic.pk for topic in row.topics.all()] for pk, row in rows.items()}
    said = Forecast.objects.filter(prediction__in=ids).order_by()
    for pk, who, provenance in said.values_list("prediction", "forecaster", "provenance").distinct():
        name = "imported" if provenance == Track.IMPORTED else "own"
        scopes = found.setdefault(pk, {})
        whose = [(str(Scope.FORECASTER), kept.get(who, who)), (str(Scope.ALL), 0)]
        for scope in (*whose, *((str(Scope.TOPIC), topic) for topic in topics[pk])):
            scopes[scope] = name if scopes.get(scope, name) == name else "both"
    return ((rows[pk], [(*scope, name) for scope, name in scopes.items()]) for pk, scopes in found.items())


def _became(row: Prediction) -> tuple[Any, ...]:
    resolution = row.current_resolution
    if resolution is None:
        return row.kind, "waiting", "", row.resolves_by, row.latest_deadline
    state = "void" if resolution.is_void else "due" if row.due_at else "early"
    return row.kind, state, resolution.void_reason, _month(resolution.known_at), _month(row.latest_deadline)


def _month(at: dt.datetime | None) -> dt.datetime | None:
    return at and dt.datetime.combine(at.astimezone(dt.UTC).date().replace(day=1), dt.time.min, dt.UTC)
