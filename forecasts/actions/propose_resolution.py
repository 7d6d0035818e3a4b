"""Propose how a prediction resolves; people and rules propose, an approver decides."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from forecasts.errors import Conflict, NotReady, Refused
from forecasts.ledger.append import By, append
from forecasts.models import EntryKind, Finding, Prediction, PredictionStatus, Proposal, ProposalFinding

from .base import action, person, require
from .settling import Result, checked_result
from .values import require_text

Clause = tuple[Finding, str]
"""A finding, and the clause of the criteria that it satisfies."""


@action
def propose_resolution(
    *,
    prediction: Prediction,
    result: Result,
    clauses: Sequence[Clause] = (),
    rationale: str,
    confidence: int | None = None,
    at: dt.datetime,
    by: By,
) -> Proposal:
    """Put a proposal before the approvers. On a settled prediction it is a proposed correction.

    `confidence` in per cent is an assessor's own word.

    Only people propose corrections: a rule that comes after the settlement is too late.

    Raises Refused (result, findings, rationale), NotReady (draft), Conflict (one is waiting, a rule is late).
    """
    require(by, "propose_resolutions", "propose a resolution")
    require_text("rationale", rationale, "say why, so that the approver can check it")
    prediction = Prediction.objects.select_for_update(no_key=True).get(pk=prediction.pk)
    if isinstance(by, str) and prediction.state.is_final:
        raise Conflict("prediction", prediction.slug, "it is settled; only an editor proposes a correction")
    if prediction.status == PredictionStatus.DRAFT and not result.void_reason:
        raise NotReady("prediction", prediction.slug, "it is a draft; open it first")
    result = checked_result(prediction, result, at)
    _check_findings(prediction, clauses, result)
    proposal = Proposal(
        prediction=prediction,
        outcome=result.outcome,
        void_reason=result.void_reason,
        known_at=result.known_at,
        rationale=rationale,
        evidence_exception=result.evidence_exception,
        proposed_at=at,
        by_user=person(by),
        by_rule=by if isinstance(by, str) else "",
        confidence=confidence,
    )
    _insert(proposal)
    ProposalFinding.objects.bulk_create(
        ProposalFinding(proposal=proposal, finding=finding, clause=clause) for finding, clause in clauses
    )
    content = {
        "prediction": prediction.pk,
        "outcome": proposal.outcome,
        "void_reason": proposal.void_reason,
        "known_at": proposal.known_at,
        "rationale": proposal.rationale,
        "evidence_exception": proposal.evidence_exception,
        "confidence": confidence,
        "findings": [[finding.pk, clause] for finding, clause in clauses],
    }
    append(EntryKind.PROPOSAL_MADE, subject=f"proposal:{proposal.pk}", content=content, at=at, by=by)
    return proposal


def _check_findings(prediction: Prediction, clauses: Sequence[Clause], result: Result) -> None:
    if not clauses and not result.evidence_exception.strip():
        raise Refused("findings", [], "name at least one finding, or write why none is needed")
    for finding, _ in clauses:
        if finding.prediction_id != prediction.pk:
            raise Refused("findings", finding.pk, "it was found for another prediction")
    named = [finding.pk for finding, _ in clauses]
    if len(set(named)) < len(named):
        raise Refused("findings", named, "name each finding once")


def _insert(proposal: Proposal) -> None:
    """The database allows one waiting proposal; two people at once meet that rule here."""
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        waiting = "another proposal is waiting; accept or reject that one first"
        raise Conflict("prediction", proposal.prediction.slug, waiting) from None
