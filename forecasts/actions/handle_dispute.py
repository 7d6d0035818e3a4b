"""A reader objects; we owe an answer by a date."""

import datetime as dt

from forecasts.errors import Conflict, Refused
from forecasts.ledger.append import By, append
from forecasts.models import Dispute, DisputeReason, DisputeStatus, EntryKind, Prediction

from .base import action, claimed, person, require
from .values import require_text

ANSWER_WITHIN = dt.timedelta(days=14)
OPEN_AT_MOST = 20


@action
def open_dispute(
    *, prediction: Prediction, reason: str, text: str, contact: str = "", at: dt.datetime, by: By
) -> Dispute:
    """Keep an objection. The contact never enters the ledger. A prediction takes 20 open ones at most."""
    if reason not in DisputeReason.values:
        raise Refused("reason", reason, f"give one of {', '.join(DisputeReason.values)}")
    require_text("text", text, "say what is wrong")
    if prediction.disputes.filter(status=DisputeStatus.OPEN).count() >= OPEN_AT_MOST:
        raise Conflict("prediction", prediction.slug, "too many objections are open; wait until they are answered")
    dispute = Dispute.objects.create(
        prediction=prediction, reason=reason, text=text, contact=contact, opened_at=at, due_at=at + ANSWER_WITHIN
    )
    content = {"prediction": prediction.pk, "reason": reason, "text": text, "due_at": dispute.due_at}
    append(EntryKind.DISPUTE_OPENED, subject=f"dispute:{dispute.pk}", content=content, at=at, by=by)
    return dispute


@action
def close_dispute(*, dispute: Dispute, status: str, answer: str, at: dt.datetime, by: By) -> Dispute:
    """Answer or dismiss an objection, in public and with a text."""
    require(by, "resolve_predictions", "answer a dispute")
    if status not in (DisputeStatus.ANSWERED, DisputeStatus.DISMISSED):
        raise Refused("status", status, "answer it or dismiss it")
    require_text("answer", answer, "write the public answer")
    claimed(
        Dispute.objects.filter(pk=dispute.pk, status=DisputeStatus.OPEN).update(
            status=status, answer=answer, answered_at=at, answered_by=person(by)
        ),
        "dispute",
        dispute.pk,
        "it was already answered",
    )
    dispute.refresh_from_db()
    content = {"status": status, "answer": answer}
    append(EntryKind.DISPUTE_CLOSED, subject=f"dispute:{dispute.pk}", content=content, at=at, by=by)
    return dispute
