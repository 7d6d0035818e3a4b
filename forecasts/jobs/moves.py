"""Whose scores a decision may move: usually one prediction's, and sometimes those of everybody it touched."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Min, Q, QuerySet

from forecasts.models import EntryKind, Forecast, LedgerEntry, Prediction, PredictionKind, Resolution, Topic

DECISIONS = (EntryKind.PREDICTION_RESOLVED, EntryKind.PREDICTION_VOIDED, EntryKind.PREDICTION_CORRECTED)
POOL = ("kind", "is_bot")  # what decides whether a forecaster is among the peers


def moved_predictions(entry: LedgerEntry) -> Iterable[int]:
    """The predictions whose scores may follow from an entry, each once. Erased content counts as if all of it had
    changed, so that nothing is missed.
    """
    match entry.subject_kind:
        case "prediction":
            return [entry.subject_id, *_base_rates_moved(entry)]
        case "forecaster":
            return _settled(_by_any_name(entry.subject_id)) if _moves_forecaster(entry) else ()
        case "forecast":
            return _settled(Q(pk=entry.subject_id))
    return _moved_by_import(entry.subject_id)


def _moved_by_import(run: int) -> Iterable[int]:
    """Settled predictions to which it brought forecasts, and those whose outcome it brought."""
    settled = Resolution.objects.filter(import_run=run).values_list("prediction", flat=True)
    return sorted({*_settled(Q(import_run=run)), *settled})


def _settled(forecasts: Q) -> QuerySet[Any, int]:
    rows = Forecast.objects.filter(forecasts, prediction__current_resolution__isnull=False)
    return rows.order_by("prediction").values_list("prediction", flat=True).distinct()


def _by_any_name(forecaster_id: int) -> Q:
    """Forecasts of a forecaster, of those merged into it, and of those merged into the same one as it."""
    return (
        Q(forecaster=forecaster_id)
        | Q(forecaster__merged_into=forecaster_id)
        | Q(forecaster__merged_into__also_known_as=forecaster_id)
    )


def _moves_forecaster(entry: LedgerEntry) -> bool:
    """A merge moves everything by the one merged; another text on a forecaster's page moves nothing. Whoever came with
    an import has no entry before the first change.
    """
    if entry.kind == EntryKind.FORECASTER_MERGED:
        return True
    earlier = LedgerEntry.objects.filter(subject=entry.subject, kind=entry.kind, seq__lt=entry.seq)
    before = earlier.order_by("-seq").first()
    if before is None:
        return Forecast.objects.filter(forecaster=entry.subject_id, recorded_at__lt=entry.at).exists()
    then, now = _content(before), _content(entry)
    return then is None or now is None or any(then[name] != now[name] for name in POOL)


def _base_rates_moved(entry: LedgerEntry) -> Iterable[int]:
    """Base rates count what was known before an opening and decided before a settlement. They move when a prediction
    changes its topics, and when one was decided before others that were scored already: two at once, say.
    """
    last = Resolution.objects.filter(prediction=entry.subject_id).order_by("-pk").first()
    if last is None:
        return ()
    known = Resolution.objects.filter(prediction=entry.subject_id).aggregate(first=Min("known_at"))["first"]
    later = Prediction.objects.filter(
        kind=PredictionKind.BINARY, current_resolution__isnull=False, clock_opens_at__gt=known
    ).exclude(pk=entry.subject_id)
    if entry.kind in DECISIONS:
        theirs = Topic.objects.filter(predictions=entry.subject_id)
        later = later.filter(current_resolution__gt=last.pk, topics__in=theirs)
    elif entry.kind != EntryKind.PREDICTION_AMENDED:
        return ()
    elif (content := _content(entry)) is not None:
        now = set(content["topics"])
        changed = now ^ set(content.get("topics_before", now))
        later = later.filter(topics__in=Topic.objects.filter(slug__in=changed))
    return later.order_by("pk").values_list("pk", flat=True).distinct()


def _content(entry: LedgerEntry) -> dict[str, Any] | None:
    return None if entry.content is None else dict(json.loads(entry.content))
