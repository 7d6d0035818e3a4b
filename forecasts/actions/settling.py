"""What proposing, accepting, resolving, voiding and correcting share: a checked result, and one way to record it."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from forecasts.errors import Conflict, NotAllowed, NotReady, Refused
from forecasts.models import (
    Finding,
    Prediction,
    PredictionStatus,
    Proposal,
    ProposalStatus,
    Resolution,
    Review,
    VoidReason,
)

from .base import action, claimed, require_aware
from .made import recounted
from .outcomes import read_outcome
from .unsettled import batched, hold_predictions

COPIES = ("status", "known_at", "corrected_at")
COPIED = ("known_at", "resolved_at", "supersedes", "void_reason")


@dataclass(frozen=True)
class Result:
    """An outcome or a reason to void, when the world knew it, and on what it rests."""

    known_at: dt.datetime
    outcome: str = ""
    void_reason: str = ""
    evidence_exception: str = ""


def checked_result(prediction: Prediction, result: Result, at: dt.datetime) -> Result:
    """`result` in its one spelling; refused when it cannot be true of this prediction, whatever the evidence."""
    if bool(result.outcome) == bool(result.void_reason):
        raise Refused("outcome", result.outcome, "give an outcome or a reason to void, and not both")
    if result.void_reason and result.void_reason not in VoidReason.values:
        raise Refused("void_reason", result.void_reason, f"give one of {', '.join(VoidReason.values)}")
    require_aware("known_at", result.known_at)
    if result.known_at > at:
        raise Refused("known_at", result.known_at.isoformat(), f"give a time not after now, {at.isoformat()}")
    return _checked_outcome(prediction, result) if result.outcome else result


def _checked_outcome(prediction: Prediction, result: Result) -> Result:
    if prediction.opens_at is None or prediction.published_at is None:
        raise NotReady("prediction", prediction.slug, "a draft has no outcome; open it first, or void it")
    if result.known_at <= prediction.opens_at:
        raise Refused(
            "known_at",
            result.known_at.isoformat(),
            f"it lies before the opening {prediction.opens_at.isoformat()}; void it as not_a_prediction",
        )
    return replace(result, outcome=read_outcome(prediction, result.outcome, result.known_at))


def check_two_people(proposer: User | None, approver: User) -> None:
    """Whoever proposed may not approve, unless the newsroom has said that one editor is enough."""
    if settings.RESOLUTION_REQUIRES_SECOND_EDITOR and proposer is not None and proposer.pk == approver.pk:
        raise NotAllowed("by", approver.get_username(), "another approver than the proposer must accept")


def check_evidence(prediction: Prediction, findings: list[Finding], exception: str) -> None:
    """No resolution without an accepted finding or a written exception."""
    strangers = [finding for finding in findings if finding.prediction_id != prediction.pk]
    if strangers:
        raise Refused("findings", strangers[0].pk, "it was found for another prediction")
    if any(finding.review == Review.ACCEPTED for finding in findings) or exception.strip():
        return
    raise Refused(
        "findings",
        [finding.pk for finding in findings],
        "accept at least one finding as evidence, or write why none is needed",
    )


def settle(
    prediction: Prediction,
    result: Result,
    *,
    approver: User,
    proposer: User | None,
    rule: str = "",
    proposal: Proposal | None = None,
    note: str = "",
    at: dt.datetime,
) -> Resolution:
    """Record the resolution and move the prediction on. The caller has checked rights and evidence.

    The row is claimed by what it looked like before, so of two editors one wins and the other gets a Conflict.
    """
    result = checked_result(prediction, result, at)
    status = PredictionStatus.VOID if result.void_reason else PredictionStatus.RESOLVED
    if not prediction.state.may_become(status):
        raise Conflict("status", prediction.status, f"it cannot become {status}")
    before = prediction.current_resolution
    resolution = Resolution.objects.create(
        prediction=prediction,
        outcome=result.outcome,
        void_reason=result.void_reason,
        known_at=result.known_at,
        resolved_at=at,
        proposer=proposer,
        proposed_by_rule=rule,
        approver=approver,
        note=note,
        evidence_exception=result.evidence_exception,
        proposal=proposal,
        supersedes=before,
    )
    # Before the ledger is held: whoever decides the proposal holds it, and waits for the ledger.
    waiting = Proposal.objects.filter(prediction=prediction, status=ProposalStatus.WAITING)
    waiting.update(status=ProposalStatus.SUPERSEDED)
    with recounted([prediction.pk]):
        claimed(
            Prediction.objects.filter(pk=prediction.pk, status=prediction.status, current_resolution=before).update(
                **settled_by(resolution)
            ),
            "prediction",
            prediction.slug,
            "somebody else settled it meanwhile; look at what they decided",
        )
    prediction.refresh_from_db()
    return resolution


def settled_by(resolution: Resolution) -> dict[str, Any]:
    """The columns of its prediction from then on."""
    return {
        "status": PredictionStatus.VOID if resolution.is_void else PredictionStatus.RESOLVED,
        "current_resolution": resolution,
        "known_at": resolution.known_at,
        "corrected_at": resolution.resolved_at if resolution.supersedes_id else None,
    }


@action
def copy_resolutions() -> None:
    """Columns of predictions that are copies, once more where they differ: a process of an older release may have left
    them out. Predictions are held in their order, and no ledger, so that decisions go on.
    """
    settled = Prediction.objects.filter(current_resolution__isnull=False).select_related("current_resolution")
    rows = settled.only("current_resolution", *COPIES, *(f"current_resolution__{name}" for name in COPIED))
    differing = [row.pk for row in rows.order_by("pk").iterator() if differs_from_resolution(row)]
    hold_predictions(differing)
    for some in batched(differing):
        for resolution in Resolution.objects.filter(current_for__in=some):
            Prediction.objects.filter(current_resolution=resolution).update(**settled_by(resolution))


def differs_from_resolution(row: Prediction) -> list[str]:
    """The columns that are not what they are copies of."""
    told = settled_by(row.current_resolution) if row.current_resolution else {}
    return [name for name, value in told.items() if getattr(row, name) != value]
