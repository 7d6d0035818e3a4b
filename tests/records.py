"""Rules that propose, editors who decide, and assessors that claim: the past that track records are made of."""

import datetime as dt

from forecasts.actions import Result, accept_proposal, action, propose_resolution, reject_proposal
from forecasts.models import Assessment, Finding, Prediction, Proposal
from tests.story import DAY, DEADLINE, Story, result_of

RULE = "rule:confirming_report"
LATER = DEADLINE + DAY


def proposes(prediction: Prediction, outcome: str, *, by: str = RULE, at: dt.datetime = LATER) -> Proposal:
    known = result_of(prediction, outcome, at)
    result = Result(known_at=at, outcome=known.outcome, void_reason=known.void_reason, evidence_exception="a test")
    return propose_resolution(prediction=prediction, result=result, rationale="it matches", at=at, by=by)


def accepts(story: Story, proposal: Proposal) -> None:
    accept_proposal(proposal=proposal, at=LATER, by=story.approver)


def rejects(story: Story, proposal: Proposal, reason: str) -> None:
    reject_proposal(proposal=proposal, reason=reason, at=LATER, by=story.approver)


def a_record(story: Story) -> None:
    """13 proposals of one rule on as many predictions: 6 stand, 2 were corrected, 3 rejected, 1 overtaken; 1 waits."""
    for _ in range(6):
        accepts(story, proposes(story.opened(), "yes"))
    for instead in ("no", "ambiguous_criteria"):
        corrected = story.opened()
        accepts(story, proposes(corrected, "yes"))
        story.corrects(corrected, instead, known_at=LATER, at=LATER + DAY)
    for reason in ("too_early", "weak_evidence", "weak_evidence"):
        rejects(story, proposes(story.opened(), "yes"), reason)
    overtaken = story.opened()
    proposes(overtaken, "yes")
    story.resolves_directly(overtaken, "yes", known_at=LATER)
    proposes(story.opened(), "yes")


@action
def _assess(*, row: Assessment) -> Assessment:
    row.save(force_insert=True)
    return row


def assesses(
    finding: Finding,
    relation: str,
    confidence: float = 0.8,
    *,
    overruled: str = "",
    assessor: str = "llm some-model llm-3",
    model: str = "some-model",
    at: dt.datetime = DEADLINE,
) -> Assessment:
    """What an assessor claimed; overruled, our rules made of it that nothing can be told."""
    row = Assessment(
        finding=finding,
        assessor=assessor,
        cache_key=f"{at.isoformat()}{assessor}"[:64],
        at=at,
        relation="cannot_tell" if overruled else relation,
        claimed=relation,
        overruled=overruled,
        confidence=confidence,
        model=model,
    )
    return _assess(row=row)


def claims(story: Story, relation: str, confidence: float, outcome: str, *, overruled: str = "") -> Prediction:
    """One claim on a prediction of its own that resolved so."""
    prediction = story.opened()
    assesses(story.sees(prediction, at=DEADLINE, stance="related"), relation, confidence, overruled=overruled)
    story.resolves_directly(prediction, outcome, known_at=LATER)
    return prediction


def forty_claims(story: Story) -> None:
    """Of ten each at 30, 60, 80 and 95 %: 4, 5, 7 and 9 right; those at 95 % refute, the others confirm."""
    for confidence, right in ((0.3, 4), (0.6, 5), (0.8, 7), (0.95, 9)):
        relation, if_right, if_wrong = ("refutes", "no", "yes") if confidence > 0.9 else ("confirms", "yes", "no")
        for n in range(10):
            claims(story, relation, confidence, if_right if n < right else if_wrong)
