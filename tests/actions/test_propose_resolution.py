"""Proposing: people and rules put an outcome before the approvers, one at a time."""

import datetime as dt
from typing import Any

import pytest

from forecasts.actions import Result, propose_resolution
from forecasts.errors import Conflict, NotReady
from forecasts.models import EntryKind, LedgerEntry, Prediction, Proposal
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story

KNOWN = START + 30 * DAY
WHY = {"rationale": "it was in the gazette"}


def proposes(story: Story, prediction: Prediction, result: Result | None = None, **given: Any) -> Proposal:
    result = result or Result(known_at=KNOWN, outcome="yes", evidence_exception="everybody saw it")
    given = {"at": KNOWN + DAY, "by": story.editor, **WHY, **given}
    return propose_resolution(prediction=prediction, result=result, **given)


def test_it_works(story: Story) -> None:
    prediction = story.opened()
    finding = story.sees(prediction, at=KNOWN)
    proposal = proposes(
        story, prediction, Result(known_at=KNOWN, outcome="yes"), clauses=[(finding, "the binding rule")]
    )
    assert (proposal.status, proposal.outcome, proposal.by_user, proposal.by_rule) == (
        "waiting",
        "yes",
        story.editor,
        "",
    )
    assert [(each.finding, each.clause) for each in proposal.clauses.all()] == [(finding, "the binding rule")]
    prediction.refresh_from_db()
    assert prediction.status == "open"
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.PROPOSAL_MADE, f"proposal:{proposal.pk}")


def test_a_rule_proposes_under_its_own_name(story: Story) -> None:
    proposal = proposes(story, story.opened(), by="rule:silence_after_deadline")
    assert (proposal.by_user, proposal.by_rule) == (None, "rule:silence_after_deadline")


def test_an_assessor_says_how_sure_it_is(story: Story) -> None:
    proposal = proposes(story, story.opened(), by="assessor:llm", confidence=85)
    assert (proposal.by_rule, proposal.confidence) == ("assessor:llm", 85)
    assert '"confidence":"85"' in (LedgerEntry.objects.latest("seq").content or "")


def test_two_proposals_never_wait_at_once(story: Story) -> None:
    prediction = story.opened()
    proposes(story, prediction)
    with refused("prediction", prediction.slug[:70], "another proposal is waiting", Conflict):
        proposes(story, prediction, by="rule:confirming_report")


def test_a_reason_is_needed(story: Story) -> None:
    prediction = story.opened()
    with refused("rationale", "' '", "say why"):
        proposes(story, prediction, rationale=" ")


def test_evidence_or_a_written_exception_is_needed(story: Story) -> None:
    prediction = story.opened()
    with refused("findings", [], "at least one finding, or write why none is needed"):
        proposes(story, prediction, Result(known_at=KNOWN, outcome="yes", evidence_exception=" "))


def test_evidence_of_another_prediction_is_refused(story: Story) -> None:
    prediction, other = story.opened(), story.opened()
    finding = story.sees(other, at=KNOWN)
    with refused("findings", finding.pk, "found for another prediction"):
        proposes(story, prediction, clauses=[(finding, "")])


WRONG = [
    ({"outcome": "maybe"}, "outcome", "maybe", "give one of yes, no"),
    ({"outcome": "YES"}, "outcome", "YES", "give one of yes, no"),
    ({}, "outcome", "''", "give an outcome or a reason to void"),
    ({"outcome": "yes", "void_reason": "duplicate"}, "outcome", "yes", "and not both"),
    ({"void_reason": "too_early"}, "void_reason", "too_early", "give one of premise_failed, unresolvable"),
    ({"outcome": "yes", "known_at": KNOWN + 2 * DAY}, "known_at", (KNOWN + 2 * DAY).isoformat(), "not after now"),
    ({"outcome": "yes", "known_at": START}, "known_at", START.isoformat(), "void it as not_a_prediction"),
    ({"outcome": "yes", "known_at": START - DAY}, "known_at", (START - DAY).isoformat(), "void it as not_a_prediction"),
    ({"outcome": "no", "known_at": dt.datetime(2026, 2, 1)}, "known_at", "datetime", "with its zone"),  # noqa: DTZ001
]


@pytest.mark.parametrize(("given", "field", "value", "accepted"), WRONG)
def test_a_result_that_cannot_be_is_refused(
    story: Story, given: dict[str, Any], field: str, value: str, accepted: str
) -> None:
    prediction = story.opened()
    result = Result(**{"known_at": KNOWN, "evidence_exception": "we know", **given})
    with refused(field, value, accepted):
        proposes(story, prediction, result)


def test_a_draft_has_no_outcome_but_may_be_void(story: Story) -> None:
    draft = story.draft()
    with refused("prediction", draft.slug[:70], "open it first", NotReady):
        proposes(story, draft)
    duplicate = Result(known_at=START, void_reason="duplicate", evidence_exception="logged twice")
    assert proposes(story, draft, duplicate).void_reason == "duplicate"


def test_on_a_settled_prediction_it_is_a_proposed_correction(story: Story) -> None:
    prediction = story.settled(0.7, "no")
    prediction.refresh_from_db()
    proposal = proposes(story, prediction, at=DEADLINE + 9 * DAY)
    assert (proposal.status, prediction.status) == ("waiting", "resolved")


def test_a_rule_that_comes_after_the_settlement_is_too_late(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    late = Result(known_at=DEADLINE + DAY, outcome="no", evidence_exception="nothing was found")
    with refused("prediction", prediction.slug[:60], "only an editor proposes a correction", error=Conflict):
        propose_resolution(
            prediction=prediction,
            result=late,
            rationale="silence",
            at=DEADLINE + 2 * DAY,
            by="rule:silence_after_deadline",
        )
