"""Evidence is reviewed by API as at the desk."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from forecasts.ledger.verify import verify
from forecasts.models import Finding, LedgerEntry
from tests.api.conftest import Send
from tests.api.world import checked, watched
from tests.refusals import everything
from tests.story import DAY, START, Story

Ask = Callable[..., HttpResponse]


def told(answer: Any) -> dict[str, Any]:
    """The first problem of a refusal."""
    return dict(answer.json()["problems"][0])


def test_evidence_is_reviewed_and_a_mind_may_change(send: Send, ask: Ask, story: Story, editing: str) -> None:
    prediction = story.opened()
    checked(watched(story, prediction), START + DAY, prediction)
    [finding] = ask("findings").json()["results"]
    path, entries = f"findings/{finding['id']}/review", LedgerEntry.objects.filter(kind="finding.reviewed")
    for review, public, told_so_far in (
        ("accepted", ["accepted"], 1),
        ("accepted", ["accepted"], 1),
        ("dismissed", [], 2),
        ("accepted", ["accepted"], 3),
    ):
        answer = send(path, {"review": review}, editing, status=200).json()
        assert (answer["id"], answer["review"]) == (finding["id"], review)
        assert [row["review"] for row in ask("findings").json()["results"]] == public
        assert entries.count() == told_so_far
    row = Finding.objects.get()
    assert (row.reviewed_by, json.loads(entries.latest("seq").content or "")) == (
        story.editor,
        {"finding": str(row.pk), "review": "accepted"},
    )
    verify()


def test_a_review_is_one_of_two_and_of_a_finding_that_exists(send: Send, story: Story, editing: str) -> None:
    prediction = story.opened()
    checked(watched(story, prediction), START + DAY, prediction)
    pk = Finding.objects.get().pk
    send("drafts", {}, editing, status=405)
    before = everything()
    for given in ({}, {"review": "new"}, {"review": None}, {"review": "relevant"}):
        problem = told(send(f"findings/{pk}/review", given, editing, status=400))
        assert (problem["field"], problem["accepted"]) == ("review", "give one of accepted, dismissed")
    assert (
        told(send(f"findings/{pk}/review", {"review": "accepted", "note": "x"}, editing, status=400))["field"] == "note"
    )
    for missing in (pk + 1, 10**30):
        send(f"findings/{missing}/review", {"review": "accepted"}, editing, status=404)
    assert everything() == before


def test_a_review_sent_again_under_its_name_is_answered_the_same(send: Send, story: Story, editing: str) -> None:
    """Even when somebody changed her mind between the two."""
    prediction = story.opened()
    checked(watched(story, prediction), START + DAY, prediction)
    path, name = f"findings/{Finding.objects.get().pk}/review", {"Idempotency-Key": "review-1"}
    first = send(path, {"review": "accepted"}, editing, status=200, headers=name.copy())
    send(path, {"review": "dismissed"}, editing, status=200)
    again = send(path, {"review": "accepted"}, editing, status=200, headers=name.copy())
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert Finding.objects.get().review == "dismissed"
