"""What webhooks say of a decision: the essentials of the public documents, and where to read the rest.

Nothing of it names a person who works here; forecasters stand under the slug that readers see.
"""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import override

from forecasts.ledger.canonical import instant
from forecasts.models import (
    EntryKind,
    Forecast,
    ImportRun,
    LedgerEntry,
    Prediction,
    PredictionStatus,
    Resolution,
    outcome_words,
)
from forecasts.queries.ledger_entries import PUBLIC, published
from forecasts.scoring.rules import TICKS

TEST = "webhook.test"
Data = dict[str, Any]


def event_body(entry: LedgerEntry) -> bytes | None:
    """The JSON document of an event, None when it is not public, or no longer."""
    [found] = published([entry])
    if found.content_status != PUBLIC:
        return None
    with override("en"):  # programs read it, whatever language the site speaks
        return _document(entry.kind, entry.at, _DATA[entry.subject_kind](entry), seq=entry.seq)


def trial_body(at: dt.datetime) -> bytes:
    """The JSON document of an event that says nothing."""
    return _document(TEST, at, {"message": "This is a test; nothing was decided."})


def _document(kind: str, at: dt.datetime, data: Data, **more: int) -> bytes:
    content = {"type": kind, "timestamp": instant(at), **more, "data": data}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _prediction(entry: LedgerEntry) -> Data:
    row = Prediction.objects.select_related("current_resolution").get(pk=entry.subject_id)
    content = json.loads(entry.content or "{}")
    told: Data = {**_about(row), "kind": row.kind}
    match entry.kind:
        case EntryKind.PREDICTION_AMENDED:
            return told
        case EntryKind.PREDICTION_OPENED | EntryKind.PREDICTION_CLOSED:
            told["status"] = "open" if entry.kind == EntryKind.PREDICTION_OPENED else "closed"
            return {**told, "closes_at": _moment(row.closes_at), "resolves_by": _moment(row.resolves_by)}
    resolution = Resolution.objects.get(pk=int(content["resolution_row"]["resolution"]))
    return {**told, **_settlement(row, resolution)}


def _about(row: Prediction) -> Data:
    return {
        "slug": row.slug,
        "url": settings.SITE_URL + row.get_absolute_url(),
        "api_url": f"{settings.SITE_URL}/api/v1/predictions/{row.slug}",
        "statement": row.statement,
    }


def _settlement(row: Prediction, resolution: Resolution) -> Data:
    return {
        "status": PredictionStatus.VOID.value if resolution.is_void else PredictionStatus.RESOLVED.value,
        "outcome": resolution.outcome,
        "outcome_words": outcome_words(row, resolution.outcome),
        "void_reason": resolution.void_reason,
        "known_at": _moment(resolution.known_at),
        "resolved_at": _moment(resolution.resolved_at),
        "is_correction": resolution.supersedes_id is not None,
    }


def _forecast(entry: LedgerEntry) -> Data:
    row = Forecast.objects.select_related("prediction", "forecaster").get(pk=entry.subject_id)
    return {
        "id": row.pk,
        "prediction": _about(row.prediction),
        "forecaster": row.forecaster.slug,
        "forecaster_url": settings.SITE_URL + row.forecaster.get_absolute_url(),
        "issued_at": _moment(row.issued_at),
        "withdrawn": row.is_withdrawal,
        "probability": None if row.tick is None else row.tick / TICKS,
        "values": row.values,
        "said": row.said,
        "basis": row.basis,
        "provenance": row.provenance,
    }


def _import(entry: LedgerEntry) -> Data:
    row = ImportRun.objects.get(pk=entry.subject_id)
    return {"source": row.source, "credit": row.credit, "forecasts": row.rows, "root": row.root}


def _moment(at: dt.datetime | None) -> str | None:
    return None if at is None else instant(at)


_DATA: dict[str, Callable[[LedgerEntry], Data]] = {
    "prediction": _prediction,
    "forecast": _forecast,
    "import": _import,
}
