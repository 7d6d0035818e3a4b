"""Accepting and rejecting: another person than the proposer, on evidence, once."""

import pytest
from django.test import override_settings

from forecasts.actions import Result, accept_proposal, propose_resolution, reject_proposal, review_finding
from forecasts.errors import Conflict, NotAllowed
from forecasts.models import EntryKind, Finding, LedgerEntry, Prediction, Proposal
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story, make_user

KNOWN = START + 30 * DAY


def proposed(story: Story, prediction: Prediction, *findings: Finding, by: object = None, **result: str) -> Proposal:
    return propose_resolution(
        prediction=prediction,
        result=Result(known_at=KNOWN, **{"outcome": "yes", **result}),
        clauses=[(finding, "") for finding in findings],
        rationale="it was in the gazette",
        at=KNOWN,
        by=by or story.editor,  # type: ignore[arg-type]
    )


def test_it_works(story: Story) -> None:
    prediction = story.opened()
    proposal = proposed(story, prediction, story.sees(prediction, at=KNOWN))
    resolution = accept_proposal(proposal=proposal, at=KNOWN + DAY, by=story.approver)
    assert (resolution.outcome, resolution.known_at, resolution.resolved_at) == ("yes", KNOWN, KNOWN + DAY)
    assert (resolution.proposer, resolution.approver, resolution.note) == (
        story.editor,
        story.approver,
        "it was in the gazette",
    )
    prediction.refresh_from_db()
    assert (prediction.status, prediction.current_resolution) == ("resolved", resolution)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by, proposal.decided_at) == ("accepted", story.approver, KNOWN + DAY)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.PREDICTION_RESOLVED, f"prediction:{prediction.pk}")


def test_the_proposer_may_not_accept(story: Story) -> None:
    prediction = story.opened()
    proposal = proposed(story, prediction, story.sees(prediction, at=KNOWN), by=story.approver)
    with refused("by", "approver", "another approver than the proposer", NotAllowed):
        accept_proposal(proposal=proposal, at=KNOWN, by=story.approver)
    with override_settings(RESOLUTION_REQUIRES_SECOND_EDITOR=False):
        assert accept_proposal(proposal=proposal, at=KNOWN, by=story.approver).approver == story.approver


def test_a_rules_proposal_needs_one_approver(story: Story) -> None:
    prediction = story.opened()
    proposal = proposed(story, prediction, story.sees(prediction, at=KNOWN), by="rule:confirming_report")
    resolution = accept_proposal(proposal=proposal, at=KNOWN, by=story.approver)
    assert (resolution.proposer, resolution.proposed_by_rule) == (None, "rule:confirming_report")


def test_accepting_twice_is_refused(story: Story) -> None:
    prediction = story.opened()
    proposal = proposed(story, prediction, story.sees(prediction, at=KNOWN))
    other = make_user("other", "Approvers")
    accept_proposal(proposal=proposal, at=KNOWN, by=story.approver)
    with refused("proposal", proposal.pk, "no longer waiting", Conflict):
        accept_proposal(proposal=proposal, at=KNOWN, by=other)


def test_new_evidence_becomes_accepted_with_the_proposal(story: Story) -> None:
    prediction = story.opened()
    finding = story.unreviews(story.sees(prediction, at=KNOWN))
    accept_proposal(proposal=proposed(story, prediction, finding), at=KNOWN, by=story.approver)
    finding.refresh_from_db()
    assert (finding.review, finding.reviewed_by) == ("accepted", story.approver)


def test_dismissed_evidence_alone_is_none(story: Story) -> None:
    prediction = story.opened()
    finding = story.sees(prediction, at=KNOWN)
    proposal = proposed(story, prediction, finding)
    review_finding(finding=finding, review="dismissed", at=KNOWN, by=story.editor)
    with refused("findings", [finding.pk], "accept at least one finding as evidence"):
        accept_proposal(proposal=proposal, at=KNOWN, by=story.approver)


def test_a_settled_prediction_refuses_a_proposal_made_before(story: Story) -> None:
    prediction = story.opened()
    proposal = proposed(story, prediction, evidence_exception="we saw it")
    story.resolves_directly(prediction, "no", known_at=KNOWN)
    proposal.refresh_from_db()
    assert proposal.status == "superseded"
    with refused("proposal", proposal.pk, "no longer waiting", Conflict):
        accept_proposal(proposal=proposal, at=KNOWN, by=story.approver)


def test_accepting_a_correction_supersedes(story: Story) -> None:
    prediction = story.settled(0.7, "no")
    prediction.refresh_from_db()
    first = prediction.current_resolution
    proposal = proposed(story, prediction, evidence_exception="we misread it")
    second = accept_proposal(proposal=proposal, note="misread", at=DEADLINE + 9 * DAY, by=story.approver)
    assert (second.supersedes, second.outcome, second.note) == (first, "yes", "misread")
    assert LedgerEntry.objects.latest("seq").kind == EntryKind.PREDICTION_CORRECTED


def test_a_void_is_accepted_as_one(story: Story) -> None:
    prediction = story.opened()
    proposal = proposed(story, prediction, outcome="", void_reason="ambiguous_criteria", evidence_exception="unclear")
    accept_proposal(proposal=proposal, at=KNOWN, by=story.approver)
    prediction.refresh_from_db()
    assert prediction.status == "void"
    assert LedgerEntry.objects.latest("seq").kind == EntryKind.PREDICTION_VOIDED


def test_rejecting_names_a_listed_reason(story: Story) -> None:
    prediction = story.opened()
    proposal = proposed(story, prediction, evidence_exception="we saw it")
    rejected = reject_proposal(proposal=proposal, reason="too_early", note="wait", at=KNOWN, by=story.approver)
    assert (rejected.status, rejected.reject_reason, rejected.decided_by) == ("rejected", "too_early", story.approver)
    prediction.refresh_from_db()
    assert prediction.status == "open"
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.PROPOSAL_REJECTED, f"proposal:{proposal.pk}")


@pytest.mark.parametrize("reason", ["", "because", "accepted"])
def test_any_other_reason_is_refused(story: Story, reason: str) -> None:
    proposal = proposed(story, story.opened(), evidence_exception="we saw it")
    with refused("reason", repr(reason), "give one of too_early, wrong_outcome, weak_evidence, off_topic"):
        reject_proposal(proposal=proposal, reason=reason, at=KNOWN, by=story.approver)


def test_a_decided_proposal_cannot_be_rejected(story: Story) -> None:
    proposal = proposed(story, story.opened(), evidence_exception="we saw it")
    accept_proposal(proposal=proposal, at=KNOWN, by=story.approver)
    with refused("proposal", proposal.pk, "no longer waiting", Conflict):
        reject_proposal(proposal=proposal, reason="too_early", at=KNOWN, by=story.approver)
