"""An approver accepts a proposal or rejects it."""

import datetime as dt

from django.contrib.auth.models import User

from forecasts.errors import Refused
from forecasts.ledger import contents
from forecasts.ledger.append import append
from forecasts.models import EntryKind, Prediction, Proposal, ProposalStatus, RejectReason, Resolution, Review

from .base import action, claimed, require
from .settling import Result, check_evidence, check_two_people, settle


def _claim(proposal: Proposal, status: ProposalStatus, by: User, at: dt.datetime, **fields: str) -> None:
    claimed(
        Proposal.objects.filter(pk=proposal.pk, status=ProposalStatus.WAITING).update(
            status=status, decided_by=by, decided_at=at, **fields
        ),
        "proposal",
        proposal.pk,
        "it is no longer waiting; somebody else decided it",
    )
    proposal.refresh_from_db()


@action
def accept_proposal(*, proposal: Proposal, note: str = "", at: dt.datetime, by: User) -> Resolution:
    """Accept: its new findings become accepted evidence, and the prediction is resolved, voided or corrected.

    Raises NotAllowed (rights, proposer), Refused (no evidence), Conflict (decided or settled meanwhile).
    """
    require(by, "resolve_predictions", "accept a proposal")
    check_two_people(proposal.by_user, by)
    prediction = Prediction.objects.select_for_update(no_key=True).get(pk=proposal.prediction_id)
    _claim(proposal, ProposalStatus.ACCEPTED, by, at, decision_note=note)
    proposal.findings.filter(review=Review.NEW).update(review=Review.ACCEPTED, reviewed_by=by, reviewed_at=at)
    check_evidence(prediction, list(proposal.findings.all()), proposal.evidence_exception)
    resolution = settle(
        prediction,
        Result(
            known_at=proposal.known_at,
            outcome=proposal.outcome,
            void_reason=proposal.void_reason,
            evidence_exception=proposal.evidence_exception,
        ),
        approver=by,
        proposer=proposal.by_user,
        rule=proposal.by_rule,
        proposal=proposal,
        note=note or proposal.rationale,
        at=at,
    )
    append(
        settled_kind(resolution),
        subject=f"prediction:{prediction.pk}",
        content={"proposal": proposal.pk, "resolution_row": contents.resolution(resolution)},
        at=at,
        by=by,
    )
    return resolution


def settled_kind(resolution: Resolution) -> EntryKind:
    if resolution.supersedes_id:
        return EntryKind.PREDICTION_CORRECTED
    return EntryKind.PREDICTION_VOIDED if resolution.is_void else EntryKind.PREDICTION_RESOLVED


@action
def reject_proposal(*, proposal: Proposal, reason: str, note: str = "", at: dt.datetime, by: User) -> Proposal:
    """Reject with one of the listed reasons; `too_early` means: not yet."""
    require(by, "resolve_predictions", "reject a proposal")
    if reason not in RejectReason.values:
        raise Refused("reason", reason, f"give one of {', '.join(RejectReason.values)}")
    _claim(proposal, ProposalStatus.REJECTED, by, at, reject_reason=reason, decision_note=note)
    content = {"prediction": proposal.prediction_id, "reason": reason, "note": note}
    append(EntryKind.PROPOSAL_REJECTED, subject=f"proposal:{proposal.pk}", content=content, at=at, by=by)
    return proposal
