"""Who may do what: every action that asks for a right, tried by everybody."""

import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser, User

from forecasts.actions import (
    Result,
    Seen,
    accept_proposal,
    add_finding,
    amend_article,
    amend_prediction,
    apply_import,
    begin_trial,
    close_dispute,
    correct_resolution,
    issue_forecast,
    log_prediction,
    open_dispute,
    open_prediction,
    propose_resolution,
    record_article,
    reject_proposal,
    resolve_prediction,
    review_finding,
    save_reference,
    save_source,
    save_watch,
    void_prediction,
    withdraw_forecast,
)
from forecasts.errors import NotAllowed
from forecasts.models import Article, Dispute, EvidenceSource, Forecaster, Prediction, Topic, Watch
from tests.imported import bulk, settled
from tests.refusals import everything
from tests.story import DAY, START, Story, make_user

KNOWN, LATER = START + DAY, START + 999 * DAY
YES = Result(known_at=KNOWN, outcome="yes", evidence_exception="everybody saw it")
VOID = Result(known_at=KNOWN, void_reason="duplicate", evidence_exception="everybody saw it")
Attempt = Callable[[Story], Callable[..., object]]


def forecast_row(story: Story) -> Prediction:
    prediction = story.opened()
    story.says(prediction, 0.7)
    return prediction


def article(story: Story) -> Article:
    return record_article(article=Article(publisher="P", title="T", text="X"), at=START, by=story.editor)


def source(story: Story) -> EvidenceSource:
    row = EvidenceSource(title="T", url="https://feed.test/")
    return save_source(source=row, at=START, by=story.editor)


def dispute(story: Story) -> Dispute:
    return open_dispute(prediction=story.opened(), reason="other", text="x", at=START, by="reader")


KEEP: dict[str, Attempt] = {
    "log": lambda s: partial(log_prediction, prediction=Prediction(statement="It will."), at=START),
    "amend": lambda s: partial(amend_prediction, prediction=s.opened(), changes={}, at=START),
    "open": lambda s: partial(open_prediction, prediction=s.draft(), override_reason="x", at=START),
    "issue": lambda s: partial(issue_forecast, prediction=s.opened(), forecaster=s.desk, value=0.5, at=START),
    "withdraw": lambda s: partial(withdraw_forecast, prediction=forecast_row(s), forecaster=s.desk, at=KNOWN),
    "record article": lambda s: partial(record_article, article=Article(publisher="P", title="T", text="X"), at=START),
    "amend article": lambda s: partial(amend_article, article=article(s), at=START),
    "save topic": lambda s: partial(save_reference, row=Topic(slug="t", name="T"), at=START),
    "save forecaster": lambda s: partial(save_reference, row=Forecaster(slug="t", name="T", kind="person"), at=START),
    "add finding": lambda s: partial(
        add_finding, prediction=s.opened(), seen=Seen("T", "", "text", "text", "related"), at=START
    ),
    "review finding": lambda s: partial(
        review_finding, finding=s.sees(s.opened(), at=START), review="dismissed", at=START
    ),
    "watch": lambda s: partial(
        save_watch, watch=Watch(prediction=s.opened(), source=source(s), groups=[["Ruritania"]]), at=START
    ),
    "import": lambda s: partial(apply_import, bulk=bulk(settled()), at=START + 99 * DAY),
}
PROPOSE: dict[str, Attempt] = {
    "propose": lambda s: partial(propose_resolution, prediction=s.opened(), result=YES, rationale="x", at=KNOWN)
}
RESOLVE: dict[str, Attempt] = {
    "accept": lambda s: partial(accept_proposal, proposal=s.proposes(s.opened(), "yes", known_at=KNOWN), at=KNOWN),
    "reject": lambda s: partial(
        reject_proposal, proposal=s.proposes(s.opened(), "yes", known_at=KNOWN), reason="too_early", at=KNOWN
    ),
    "resolve": lambda s: partial(resolve_prediction, prediction=s.opened(), result=YES, proposer=s.editor, at=KNOWN),
    "void": lambda s: partial(
        void_prediction, prediction=s.opened(), result=VOID, proposer=s.editor, note="x", at=KNOWN
    ),
    "correct": lambda s: partial(
        correct_resolution, prediction=s.settled(0.7, "no"), result=YES, proposer=s.editor, note="x", at=LATER
    ),
    "answer": lambda s: partial(close_dispute, dispute=dispute(s), status="answered", answer="x", at=START),
}
OPERATE: dict[str, Attempt] = {
    "test source": lambda s: partial(
        begin_trial, source=EvidenceSource(title="T", url="https://feed.test/"), lease=uuid.uuid4(), at=START
    ),
    "save source": lambda s: partial(save_source, source=EvidenceSource(title="T", url="https://feed.test/"), at=START),
}
RIGHTS = {
    "keep_predictions": ("Editors", KEEP),
    "propose_resolutions": ("Editors", PROPOSE),
    "resolve_predictions": ("Approvers", RESOLVE),
    "operate_sources": ("Operators", OPERATE),
}
ATTEMPTS = [(right, group, name) for right, (group, attempts) in RIGHTS.items() for name in attempts]


@pytest.mark.parametrize(("right", "group", "name"), ATTEMPTS)
def test_it_works_for_those_with_the_right_and_for_nobody_else(story: Story, right: str, group: str, name: str) -> None:
    attempt = RIGHTS[right][1][name](story)
    allowed, strangers = make_user("allowed", group), outsiders(group)
    before = everything()
    for stranger in strangers:
        with pytest.raises(NotAllowed, match=f"^by: '{stranger.get_username()}' .* the right {right} is needed to"):
            attempt(by=stranger)
        assert everything() == before
    attempt(by=allowed)
    assert everything() != before


def outsiders(group: str) -> list[User | AnonymousUser]:
    """A stranger, a member of every other group at once, somebody who left, and nobody."""
    others = [name for name in ("Editors", "Approvers", "Operators") if name != group]
    left = make_user("left", group)
    left.is_active = False
    left.save()
    return [make_user("stranger"), make_user("other", *others), left, AnonymousUser()]
