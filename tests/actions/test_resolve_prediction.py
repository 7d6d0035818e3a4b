"""Resolving, voiding and correcting directly: two people, evidence, and numbers that move there and back."""

from typing import Any

import pytest

from forecasts.actions import Result, correct_resolution, resolve_prediction, void_prediction
from forecasts.errors import Conflict, NotAllowed, NotReady
from forecasts.jobs.recompute import compare
from forecasts.models import (
    CalibrationCell,
    EntryKind,
    FactRow,
    Forecaster,
    LedgerEntry,
    Prediction,
    Proposal,
    Resolution,
    ScopeCount,
    Score,
)
from forecasts.queries.denominators import denominators
from forecasts.queries.scope import CalibrationQuery
from tests.actions.test_propose_resolution import WRONG
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story, make_user

KNOWN = START + 30 * DAY
SEEN = "everybody saw it"


def resolves(story: Story, prediction: Prediction, result: Result | None = None, **given: Any) -> Resolution:
    result = result or Result(known_at=KNOWN, outcome="yes", evidence_exception=SEEN)
    given = {"at": KNOWN + DAY, "by": story.approver, "proposer": story.editor, **given}
    return resolve_prediction(prediction=prediction, result=result, **given)


def voids(story: Story, prediction: Prediction, **given: Any) -> Resolution:
    given = {"note": "nobody can tell", "at": KNOWN + DAY, "by": story.approver, "proposer": story.editor, **given}
    result = Result(known_at=KNOWN, void_reason="unresolvable", evidence_exception=SEEN)
    return void_prediction(prediction=prediction, result=given.pop("result", result), **given)


def test_it_works(story: Story) -> None:
    prediction = story.opened()
    finding = story.sees(prediction, at=KNOWN)
    resolution = resolves(story, prediction, Result(known_at=KNOWN, outcome="no"), findings=[finding], note="seen")
    prediction.refresh_from_db()
    assert (prediction.status, prediction.current_resolution) == ("resolved", resolution)
    assert (resolution.proposer, resolution.approver, resolution.note) == (story.editor, story.approver, "seen")
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.PREDICTION_RESOLVED, f"prediction:{prediction.pk}")


def test_the_proposer_is_somebody_else(story: Story) -> None:
    prediction = story.opened()
    with refused("by", "approver", "another approver than the proposer", NotAllowed):
        resolves(story, prediction, proposer=story.approver)


def test_the_proposer_is_somebody_who_may_propose(story: Story) -> None:
    prediction, stranger = story.opened(), make_user("passer-by")
    with refused("proposer", "passer-by", "the right propose_resolutions is needed", NotAllowed):
        resolves(story, prediction, proposer=stranger)


def test_evidence_or_a_written_exception_is_needed(story: Story) -> None:
    prediction = story.opened()
    with refused("findings", [], "accept at least one finding"):
        resolves(story, prediction, Result(known_at=KNOWN, outcome="yes"))


def test_evidence_nobody_accepted_is_none(story: Story) -> None:
    prediction = story.opened()
    finding = story.unreviews(story.sees(prediction, at=KNOWN))
    with refused("findings", [finding.pk], "accept at least one finding"):
        resolves(story, prediction, Result(known_at=KNOWN, outcome="yes"), findings=[finding])


def test_evidence_of_another_prediction_is_refused(story: Story) -> None:
    prediction = story.opened()
    finding = story.sees(story.opened(), at=KNOWN)
    with refused("findings", finding.pk, "found for another prediction"):
        resolves(story, prediction, findings=[finding])


@pytest.mark.parametrize(("given", "field", "value", "accepted"), [case for case in WRONG if case[0].get("outcome")])
def test_a_result_that_cannot_be_is_refused(
    story: Story, given: dict[str, Any], field: str, value: str, accepted: str
) -> None:
    prediction = story.opened()
    result = Result(**{"known_at": KNOWN, "evidence_exception": SEEN, **given})
    with refused(field, value, accepted):
        resolves(story, prediction, result)


def test_a_void_given_as_an_outcome_is_refused(story: Story) -> None:
    prediction = story.opened()
    with refused("outcome", "''", "to void it, use void"):
        resolves(story, prediction, Result(known_at=KNOWN, void_reason="duplicate", evidence_exception=SEEN))


def test_resolving_twice_is_refused(story: Story) -> None:
    prediction = story.opened()
    resolves(story, prediction)
    with refused("status", "resolved", "correct it instead", Conflict):
        resolves(story, prediction)


def test_a_draft_has_no_outcome(story: Story) -> None:
    draft = story.draft()
    with refused("prediction", draft.slug[:70], "open it first", NotReady):
        resolves(story, draft)


def test_a_void_draft_was_never_open_and_gets_no_outcome(story: Story) -> None:
    draft = story.draft()
    voids(story, draft)
    result = Result(known_at=KNOWN, outcome="yes", evidence_exception=SEEN)
    people = {"proposer": story.editor, "by": story.approver}
    with refused("prediction", draft.slug[:70], "a draft has no outcome", NotReady):
        correct_resolution(prediction=draft, result=result, note="after all", at=KNOWN + DAY, **people)


def test_a_void_needs_a_listed_reason_and_a_note_for_readers(story: Story) -> None:
    prediction = story.opened()
    with refused("note", "' '", "tell readers why it is void"):
        voids(story, prediction, note=" ")
    with refused("void_reason", "''", "give a reason to void"):
        voids(story, prediction, result=Result(known_at=KNOWN, outcome="yes", evidence_exception=SEEN))
    with refused("void_reason", "boring", "give one of premise_failed"):
        voids(story, prediction, result=Result(known_at=KNOWN, void_reason="boring", evidence_exception=SEEN))


def test_what_waited_is_superseded(story: Story) -> None:
    prediction = story.opened()
    proposal = story.proposes(prediction, "no", known_at=KNOWN)
    resolves(story, prediction)
    assert Proposal.objects.get(pk=proposal.pk).status == "superseded"


def test_a_correction_without_a_note_or_without_anything_to_correct_is_refused(story: Story) -> None:
    prediction = story.opened()
    result = Result(known_at=KNOWN, outcome="yes", evidence_exception=SEEN)
    people: dict[str, Any] = {"proposer": story.editor, "by": story.approver, "at": KNOWN + DAY}
    with refused("note", "''", "tell readers what changed"):
        correct_resolution(prediction=prediction, result=result, note="", **people)
    with refused("status", "open", "nothing to correct", Conflict):
        correct_resolution(prediction=prediction, result=result, note="misread", **people)


def derived() -> list[list[tuple[object, ...]]]:
    """Scores, facts, cells and counts, without their keys and without the resolution they follow from."""
    told = []
    for model in (Score, FactRow, CalibrationCell, ScopeCount):
        names = [field.attname for field in model._meta.concrete_fields if field.name not in ("id", "resolution")]
        told.append(sorted(model._default_manager.values_list(*names), key=repr))
    return told


def test_a_correction_moves_everything_and_back_again_gives_the_same_cells(story: Story) -> None:
    for number in range(3):
        story.settled(0.2 + 0.3 * number, "no")
    prediction = story.settled(0.7, "yes")
    story.scores()
    before = derived()
    story.corrects(prediction, "no", known_at=DEADLINE + DAY, at=DEADLINE + 5 * DAY)
    story.scores()
    assert derived() != before
    assert compare().differences == []
    story.corrects(prediction, "yes", known_at=DEADLINE + DAY, at=DEADLINE + 6 * DAY)
    story.scores()
    assert derived() == before
    assert compare().differences == []


def test_voiding_removes_scores_and_stays_counted(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    story.scores()
    assert Score.objects.exists()
    story.corrects(prediction, "ambiguous_criteria", known_at=DEADLINE + DAY, at=DEADLINE + 5 * DAY)
    story.scores()
    assert derived() == [[], [], [], []]
    counted = denominators(CalibrationQuery(), 0, DEADLINE + 6 * DAY)
    assert (counted.made, counted.void, counted.due) == (1, 1, 0)
    assert counted.void_reasons == (("the criteria are ambiguous", 1),)


def test_a_void_before_any_score_is_never_scored(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    voids(story, prediction)
    story.passes(prediction)
    story.scores()
    assert derived() == [[], [], [], []]


def test_a_corrected_date_turns_a_later_forecast_into_a_backfilled_one(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.4)
    story.says(prediction, 0.9, at=START + 20 * DAY, forecaster=story.forecaster("late"))
    story.passes(prediction)
    story.resolves(prediction, "yes", known_at=START + 30 * DAY, at=DEADLINE + DAY)
    story.scores()
    assert tracks() == {("late", "live"), ("policy-desk", "live")}
    # The world knew ten days before the second forecast: it was recorded after that, so it is no forecast of ours.
    story.corrects(prediction, "yes", known_at=START + 10 * DAY, at=DEADLINE + 5 * DAY)
    story.scores()
    assert tracks() == {("policy-desk", "live")}
    story.corrects(prediction, "yes", known_at=START + 30 * DAY, at=DEADLINE + 6 * DAY)
    story.scores()
    assert tracks() == {("late", "live"), ("policy-desk", "live")}
    assert compare().differences == []


def test_recorded_at_the_corrected_time_but_issued_before_it_moves_to_the_backfilled_track(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.9, at=START + 14 * DAY, issued_at=START + 8 * DAY)
    story.passes(prediction)
    story.resolves(prediction, "yes", known_at=START + 30 * DAY, at=DEADLINE + DAY)
    story.scores()
    assert tracks() == {("policy-desk", "live")}
    story.corrects(prediction, "yes", known_at=START + 10 * DAY, at=DEADLINE + 5 * DAY)
    story.scores()
    assert tracks() == {("policy-desk", "backfilled")}
    assert compare().differences == []


def tracks() -> set[tuple[str, str]]:
    people = Forecaster.objects.speaking()
    rows = Score.objects.filter(counting="first", forecaster__in=people).exclude(track="all")
    return set(rows.values_list("forecaster__slug", "track"))


def test_last_is_refused_by_silence_where_it_could_have_resolved_early(story: Story) -> None:
    early = story.settled(0.7, "yes")
    marked = story.settled(0.7, "yes", cannot_resolve_early=True)
    story.scores()
    assert not Score.objects.filter(prediction=early, counting="last").exists()
    assert Score.objects.filter(prediction=marked, counting="last").exists()
