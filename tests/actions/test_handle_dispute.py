"""Disputes: kept with a date by which we answer, and answered in public."""

from typing import Any

import pytest

from forecasts.actions import close_dispute, open_dispute
from forecasts.actions.handle_dispute import ANSWER_WITHIN, OPEN_AT_MOST
from forecasts.errors import Conflict
from forecasts.models import Dispute, EntryKind, LedgerEntry, Prediction
from tests.refusals import refused
from tests.story import DAY, START, Story


def objects(prediction: Prediction, **given: Any) -> Dispute:
    given = {"reason": "misquoted", "text": "I never said so.", "at": START, "by": "reader", **given}
    return open_dispute(prediction=prediction, **given)


def test_it_works(story: Story) -> None:
    dispute = objects(story.opened(), contact="reader@example.test")
    assert (dispute.status, dispute.due_at) == ("open", START + ANSWER_WITHIN)
    closed = close_dispute(dispute=dispute, status="answered", answer="You did.", at=START + DAY, by=story.approver)
    assert (closed.status, closed.answered_by, closed.answered_at) == ("answered", story.approver, START + DAY)
    kinds = list(LedgerEntry.objects.order_by("-seq").values_list("kind", "subject")[:2])
    assert kinds == [
        (EntryKind.DISPUTE_CLOSED, f"dispute:{dispute.pk}"),
        (EntryKind.DISPUTE_OPENED, f"dispute:{dispute.pk}"),
    ]


def test_the_contact_never_enters_the_ledger(story: Story) -> None:
    objects(story.opened(), contact="reader@example.test")
    assert not LedgerEntry.objects.filter(content__contains="example.test").exists()


@pytest.mark.parametrize(
    ("field", "value", "accepted"),
    [("reason", "rude", "give one of wrong_outcome, wrong_date"), ("text", " ", "say what is wrong")],
)
def test_what_cannot_be_is_refused(story: Story, field: str, value: str, accepted: str) -> None:
    prediction = story.opened()
    with refused(field, repr(value), accepted):
        objects(prediction, **{field: value})


def test_a_prediction_takes_so_many_open_ones(story: Story) -> None:
    prediction = story.opened()
    for _ in range(OPEN_AT_MOST):
        dispute = objects(prediction)
    with refused("prediction", prediction.slug[:70], "too many objections are open", Conflict):
        objects(prediction)
    close_dispute(dispute=dispute, status="dismissed", answer="No.", at=START, by=story.approver)
    objects(prediction)


@pytest.mark.parametrize(
    ("field", "value", "accepted"), [("status", "open", "answer it or dismiss it"), ("answer", " ", "public answer")]
)
def test_an_answer_needs_a_status_and_a_text(story: Story, field: str, value: str, accepted: str) -> None:
    dispute = objects(story.opened())
    given = {"status": "answered", "answer": "You did.", field: value}
    with refused(field, repr(value), accepted):
        close_dispute(dispute=dispute, at=START, by=story.approver, **given)


def test_answering_twice_is_refused(story: Story) -> None:
    dispute = objects(story.opened())
    close_dispute(dispute=dispute, status="answered", answer="You did.", at=START, by=story.approver)
    with refused("dispute", dispute.pk, "already answered", Conflict):
        close_dispute(dispute=dispute, status="dismissed", answer="No.", at=START, by=story.approver)
