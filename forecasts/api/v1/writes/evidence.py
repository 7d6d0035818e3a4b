"""Add evidence, propose an outcome, decide a proposal, object."""

from typing import Any

from django.core.validators import EmailValidator
from django.shortcuts import get_object_or_404

from forecasts.actions import (
    Result,
    Seen,
    accept_proposal,
    add_finding,
    open_dispute,
    propose_resolution,
    review_finding,
)
from forecasts.actions import reject_proposal as reject
from forecasts.api.v1.documents.records import (
    FindingDocument,
    NewDisputeDocument,
    ProposalDocument,
    ResolutionRowDocument,
)
from forecasts.errors import NotAllowed, Refused
from forecasts.http.throttling import DISPUTES
from forecasts.models import DisputeReason, Finding, Prediction, Proposal, RejectReason, Review, Stance, VoidReason

from .base import Acting, Done, Write
from .fields import BEGINNING, Input, Listed, MomentOrDay, OneOf, Slug, Text, Whole
from .predictions import found

READER = "reader"
LONGEST_OBJECTION = 10_000
SMALL = 64 * 1024
REVIEWED = (Review.ACCEPTED.value, Review.DISMISSED.value)
KNOWN = "A day means its 00:00 UTC."


class FindingInput(Input):
    prediction = Slug(help_text="Slug.")
    title = Text(max_length=500)
    url = Text(required=False, max_length=2048)
    text = Text(help_text="What was seen, as it was copied.")
    quote = Text(help_text="The sentence in it that matters, word for word.")
    stance = OneOf(Stance.values)
    published_at = MomentOrDay(BEGINNING, required=False, help_text=KNOWN)


class ReviewInput(Input):
    review = OneOf(
        REVIEWED, help_text="As evidence, or not: what is dismissed stays in the record, and no reader sees it."
    )


class ClauseInput(Input):
    finding = Whole(min_value=1, max_value=2**63 - 1, help_text="Its id.")
    clause = Text(required=False, help_text="The clause of the criteria that it satisfies.")


class ProposalInput(Input):
    """An outcome, or a reason to void; with findings, or a written reason why none is needed."""

    prediction = Slug(help_text="Slug.")
    outcome = Text(required=False, max_length=100, help_text="Spelled as in resolutions.")
    void_reason = OneOf(VoidReason.values, required=False)
    known_at = MomentOrDay(BEGINNING, help_text=f"When the world knew. {KNOWN}")
    rationale = Text()
    evidence_exception = Text(required=False)
    findings = Listed(child=ClauseInput(), max_length=100, required=False)


class AcceptInput(Input):
    note = Text(required=False, help_text="For readers.")


class RejectInput(Input):
    reason = OneOf(RejectReason.values)
    note = Text(required=False, help_text="For readers.")


class DisputeInput(Input):
    reason = OneOf(DisputeReason.values)
    text = Text(max_length=LONGEST_OBJECTION, help_text="What is wrong. Readers see it.")
    contact = Text(
        required=False,
        max_length=254,
        validators=[EmailValidator("give an e-mail address, or leave it out")],
        help_text="An e-mail address; never published.",
    )


def _find(acting: Acting, given: dict[str, Any]) -> Done:
    prediction = found(Prediction, "prediction", given.pop("prediction"))
    seen = Seen(**{"url": "", **given})
    return Done(add_finding(prediction=prediction, seen=seen, at=acting.at, by=acting.by))


def _review(acting: Acting, given: dict[str, Any], pk: int) -> Done:
    row = get_object_or_404(Finding, pk=pk)
    return Done(review_finding(finding=row, review=given["review"], at=acting.at, by=acting.by))


def _propose(acting: Acting, given: dict[str, Any]) -> Done:
    proposal = propose_resolution(
        prediction=found(Prediction, "prediction", given["prediction"]),
        result=Result(
            known_at=given["known_at"],
            outcome=given.get("outcome", ""),
            void_reason=given.get("void_reason", ""),
            evidence_exception=given.get("evidence_exception", ""),
        ),
        clauses=[(_finding(row["finding"]), row.get("clause", "")) for row in given.get("findings", [])],
        rationale=given["rationale"],
        at=acting.at,
        by=acting.by,
    )
    return Done(proposal)


def _finding(pk: int) -> Finding:
    row = Finding.objects.filter(pk=pk).first()
    if row is None:
        raise Refused("findings", pk, "give the id of a finding that exists")
    return row


def _accept(acting: Acting, given: dict[str, Any], pk: int) -> Done:
    row = _proposal(acting, pk)
    return Done(accept_proposal(proposal=row, note=given.get("note", ""), at=acting.at, by=acting.by))


def _reject(acting: Acting, given: dict[str, Any], pk: int) -> Done:
    row = _proposal(acting, pk)
    return Done(reject(proposal=row, reason=given["reason"], note=given.get("note", ""), at=acting.at, by=acting.by))


def _proposal(acting: Acting, pk: int) -> Proposal:
    """Two people decide. Whoever made a key has seen its secret, and must not be the second one in another's name."""
    if acting.key and acting.key.made_by_id != acting.key.user_id:
        raise NotAllowed("key", acting.key.prefix, "only a key that its user made decides proposals")
    return get_object_or_404(Proposal, pk=pk)


def _object(acting: Acting, given: dict[str, Any], slug: str) -> Done:
    prediction = get_object_or_404(Prediction.objects.public(), slug=slug)
    return Done(open_dispute(prediction=prediction, at=acting.at, by=READER, **given))


FIND = Write(
    name="addFinding",
    summary="Add evidence: what was seen, and the sentence in it that matters.",
    body=FindingInput,
    document=FindingDocument,
    run=_find,
    example={
        "prediction": "the-central-bank-of-ruritania-will-cut-its-policy-rate-by-30-june-2027",
        "title": "Ruritania cuts rates",
        "url": "https://courier.example/rates",
        "text": "The central bank cut its policy rate by a quarter of a point on Thursday.",
        "quote": "The central bank cut its policy rate",
        "stance": "supports_yes",
        "published_at": "2027-03-04T15:00:00Z",
    },
)
REVIEW = Write(
    name="reviewFinding",
    summary="Accept a finding as evidence, or dismiss it.",
    about="Whatever found it. A changed mind is another entry of the ledger; the same sent again changes nothing.",
    body=ReviewInput,
    document=FindingDocument,
    run=_review,
    status=200,
    example={"review": "accepted"},
)
PROPOSE = Write(
    name="proposeResolution",
    summary="Propose how a prediction resolves; another editor decides.",
    body=ProposalInput,
    document=ProposalDocument,
    run=_propose,
    right="propose_resolutions",
    example={
        "prediction": "the-central-bank-of-ruritania-will-cut-its-policy-rate-by-30-june-2027",
        "outcome": "yes",
        "known_at": "2027-03-04",
        "rationale": "The minutes say so.",
        "findings": [{"finding": 17, "clause": "the rate was cut"}],
    },
)
ACCEPT = Write(
    name="acceptProposal",
    summary="Accept a proposal: its prediction is resolved, voided or corrected.",
    about="Not by whoever proposed it, and only with a key that its user made.",
    body=AcceptInput,
    document=ResolutionRowDocument,
    run=_accept,
    right="resolve_predictions",
    example={"note": "The minutes of 4 March say so."},
)
REJECT = Write(
    name="rejectProposal",
    summary="Reject a proposal; `too_early` means not yet.",
    body=RejectInput,
    document=ProposalDocument,
    run=_reject,
    right="resolve_predictions",
    status=200,
    example={"reason": "too_early", "note": "The minutes come out on Monday."},
)
DISPUTE = Write(
    name="openDispute",
    summary="Object to a prediction or its resolution. We owe a public answer by `due_at`.",
    about="Needs no key. An address may send few in an hour.",
    body=DisputeInput,
    document=NewDisputeDocument,
    run=_object,
    scope=None,
    most=SMALL,
    budget=DISPUTES,
    example={"reason": "misquoted", "text": "The article says “may”, not “will”.", "contact": "me@example.org"},
)
