"""From a draft to a resolution with keys alone, and what each write refuses"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from forecasts.ledger.verify import verify
from forecasts.models import Dispute, Forecast, LedgerEntry, Prediction
from tests.api.conftest import Send, key_of
from tests.api.world import article_of
from tests.refusals import everything
from tests.story import DAY, DEADLINE, START, Story, make_user

Ask = Callable[..., HttpResponse]
LOGGED = {
    "statement": "The communications authority of Ruritania will publish a binding rule by 30 June 2030.",
    "criteria": "Yes if the authority's official gazette carries the binding rule by the deadline.",
    "resolution_source": "The official gazette of the communications authority of Ruritania",
    "resolves_by": "2030-06-30",
}


def told(answer: Any) -> dict[str, Any]:
    """The first problem of a refusal."""
    return dict(answer.json()["problems"][0])


def approving(story: Story) -> str:
    """A key that its user made herself."""
    user = make_user("approving", "Approvers", "Operators")
    return key_of(story, user, "edit", by=user)


def test_it_works(send: Send, ask: Ask, story: Story, editing: str) -> None:
    topic = story.topic("rules")
    draft = send("predictions", {**LOGGED, "topics": ["rules"]}, editing)
    slug = draft.json()["slug"]
    assert draft["Location"] == f"/api/v1/drafts/{slug}"
    assert draft.json()["resolves_by"] == "2030-06-30T23:59:59Z"
    assert draft.json()["topics"] == [{"slug": topic.slug, "name": topic.name}]
    assert ask(f"predictions/{slug}").status_code == 404
    change = {"fine_print": "A draft of the rule does not count."}
    assert send(f"predictions/{slug}", change, editing, status=200, method="PATCH").json()["lint"] == []
    opened = send(f"predictions/{slug}/open", {}, editing, status=200)
    assert (opened.json()["status"], opened["Location"]) == ("open", f"/api/v1/predictions/{slug}")
    said = {"prediction": slug, "forecaster": "policy-desk", "value": 0.7, "external_id": "first"}
    assert send("forecasts", said, editing).json()["probability"] == 0.7
    seen = {"text": "The gazette carries the rule.", "quote": "carries the rule", "stance": "supports_yes"}
    finding = send("findings", {"prediction": slug, "title": "Gazette", **seen}, editing).json()
    known = (timezone.now()).isoformat()
    clauses = [{"finding": finding["id"], "clause": "carries the binding rule"}]
    proposal = {"prediction": slug, "outcome": "yes", "known_at": known, "rationale": "It is there."}
    made = send("proposals", {**proposal, "findings": clauses}, editing).json()
    assert (made["status"], made["clauses"][0]["clause"]) == ("waiting", "carries the binding rule")
    resolution = send(f"proposals/{made['id']}/accept", {"note": "Seen."}, approving(story)).json()
    assert (resolution["outcome"], resolution["note"]) == ("yes", "Seen.")
    assert ask(f"predictions/{slug}").json()["state"] == "yes"
    verify()


def test_an_answer_names_nobody(send: Send, story: Story, editing: str) -> None:
    prediction = story.opened()
    proposal = {"prediction": prediction.slug, "outcome": "yes", "known_at": "2026-02-01", "rationale": "Seen."}
    made = send("proposals", {**proposal, "evidence_exception": "Everybody saw it."}, editing)
    rejected = send(f"proposals/{made.json()['id']}/reject", {"reason": "too_early"}, approving(story), status=200)
    for answer in (made, rejected):
        assert not any(name in answer.content.decode() for name in ('"editor@', "approving", '"by'))
    assert rejected.json()["reject_reason"] == "too_early"


def test_a_forecast_is_withdrawn(send: Send, story: Story, editing: str) -> None:
    prediction = story.opened(resolves_by=timezone.now() + 99 * DAY)
    said = {"prediction": prediction.slug, "forecaster": "policy-desk"}
    send("forecasts", {**said, "value": "70 %"}, editing)
    assert send("forecasts/withdraw", said, editing).json()["withdrawn"] is True
    assert send("forecasts/withdraw", said, editing, status=409).json()["code"] == "not_ready"


def test_a_forecast_cites_its_article(send: Send, story: Story, editing: str) -> None:
    prediction = story.opened(resolves_by=timezone.now() + 99 * DAY)
    article = article_of(story, "Rules ahead", "The rule is likely to come.")
    said = {"prediction": prediction.slug, "forecaster": "policy-desk", "value": 0.7, "article": article.slug}
    assert send("forecasts", {**said, "quote": "is likely"}, editing).json()["quote"] == "is likely"
    assert told(send("forecasts", {**said, "quote": "is certain"}, editing, status=400))["field"] == "quote"
    assert told(send("forecasts", {**said, "article": "none"}, editing, status=400))["field"] == "article"


@pytest.mark.parametrize(
    ("change", "field", "accepted"),
    [
        ({"status": "open"}, "status", "the fields here are statement, kind"),
        ({"slug": "mine"}, "slug", "the fields here are"),
        ({"published_at": "2026-01-01T00:00:00Z"}, "published_at", "the fields here are"),
        ({"logged_by": 1}, "logged_by", "the fields here are"),
        ({"statement": " "}, "statement", "say what will happen"),
        ({"statement": 7}, "statement", "give text"),
        ({"statement": None}, "statement", "give text"),
        ({"kind": "ternary"}, "kind", "give one of binary, multiple_choice, numeric, date"),
        ({"kind": ["binary"]}, "kind", "give one of binary"),
        ({"options_ordered": "yes"}, "options_ordered", "give true or false"),
        ({"options": "a, b"}, "options", "give a list"),
        ({"options": [1, 2]}, "options", "give text"),
        ({"resolves_by": "2030-06-30T12:00:00"}, "resolves_by", "give a time with its zone"),
        ({"resolves_by": "next summer"}, "resolves_by", "give a time with its zone"),
        ({"resolves_by": 1}, "resolves_by", "give a time with its zone"),
        ({"resolves_by": "9999-12-31T23:59:59-23:00"}, "resolves_by", "give a time with its zone"),
        ({"resolves_by_wording": "x" * 201}, "resolves_by_wording", "give at most 200 characters"),
        ({"kind": "numeric", "range_min": "low", "range_max": 5}, "range_min", "give a plain number"),
        ({"kind": "numeric", "range_min": 1e300, "range_max": 5}, "range_min", "give a plain number"),
        ({"range_min": 5}, "range_min", "only numeric and date predictions have a range"),
        ({"topics": ["none"]}, "topic", "give the slug of a topic that exists"),
        ({"group": "none"}, "group", "give the slug of a group that exists"),
        ({"suggested_probability": 1.2}, "suggested_probability", "give a number from 0 to 1"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_written(
    send: Send, story: Story, editing: str, change: dict[str, Any], field: str, accepted: str
) -> None:
    send("drafts", {}, editing, status=405)
    before = everything()
    problem = told(send("predictions", {**LOGGED, **change}, editing, status=400))
    assert problem["field"] == field
    assert accepted in problem["accepted"]
    assert everything() == before


def test_everything_that_is_wrong_is_told_at_once(send: Send, story: Story, editing: str) -> None:
    body = send("findings", {"stance": "maybe", "slug": "x"}, editing, status=400).json()
    assert {row["field"] for row in body["problems"]} == {"slug", "stance", "prediction", "title", "text", "quote"}
    assert body["problem_count"] == 6


DEEP = "[" * 5000 + "]" * 5000


@pytest.mark.parametrize(
    ("body", "told_is"),
    [
        (" ", "give JSON"),
        ("{", "give JSON"),
        ("[]", "give a JSON object"),
        ('"x"', "give a JSON object"),
        ('{"statement": NaN}', "knows no such number"),
        ('{"statement": -Infinity}', "knows no such number"),
        ('{"statement": "a", "statement": "b"}', "give each field once"),
        ('{"statement": "\\ud800"}', "without halves of characters"),
        ('{"statement": "\\u0000"}', "without NUL"),
        ('{"\\u0000": 1}', "without NUL"),
        (DEEP, "nest at most 8 deep"),
        ('{"a":' * 20 + "1" + "}" * 20, "nest at most 8 deep"),
        ('{"statement": ' + "9" * 5000 + "}", "give JSON"),
        ('{"statement": 1e999}', "give text"),
        (b"\xff\xfe", "give UTF-8"),
        (b'\xef\xbb\xbf{"statement": "a"}', "give JSON"),
    ],
)
def test_what_is_no_plain_json_is_refused(send: Send, editing: str, body: str | bytes, told_is: str) -> None:
    assert told_is in told(send("predictions", body, editing, status=400))["accepted"]


def test_a_body_that_is_too_large_is_not_read(send: Send, editing: str) -> None:
    answer = send("predictions", '"' + "x" * (2 * 1024 * 1024) + '"', editing, status=413)
    assert told(answer)["accepted"] == "send at most 2097152 bytes"


@pytest.mark.parametrize(
    ("content_type", "headers"),
    [
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("application/x-ndjson", {}),
        ("application/json; charset=utf-16", {}),
        ("application/json", {"Content-Encoding": "gzip"}),
    ],
)
def test_another_type_is_refused(send: Send, editing: str, content_type: str, headers: dict[str, str]) -> None:
    answer = send("predictions", LOGGED, editing, status=415, content_type=content_type, headers=headers)
    assert answer.json()["code"] == "unsupported_media_type"


def test_another_method_is_named(send: Send, editing: str) -> None:
    answer = send("predictions", LOGGED, editing, status=405, method="PATCH")
    assert answer["Allow"] == "GET, HEAD, POST"
    assert send("forecasts/bulk", [], editing, status=405, method="GET")["Allow"] == "POST"


def test_an_unknown_and_a_forgotten_row_are_named(send: Send, story: Story, editing: str) -> None:
    send("predictions/none", {}, editing, status=404, method="PATCH")
    send("predictions/none/open", {}, editing, status=404)
    send(f"proposals/{10**30}/accept", {}, approving(story), status=404)
    prediction = story.opened()
    wrong = {"prediction": prediction.slug, "forecaster": "nobody", "value": 0.5}
    assert told(send("forecasts", wrong, editing, status=400))["field"] == "forecaster"
    proposal = {"prediction": prediction.slug, "outcome": "yes", "known_at": "2026-02-01", "rationale": "Seen."}
    for number in (999, 2**63 - 1):
        answer = send("proposals", {**proposal, "findings": [{"finding": number}]}, editing, status=400)
        assert told(answer)["value"] == (number if number < 2**53 else str(number))
    for findings in ([{"finding": 2**63}], [{"finding": True}], [{"id": 1}], [1]):
        assert told(send("proposals", {**proposal, "findings": findings}, editing, status=400))["field"] == "findings"


def test_opening_names_every_rule_that_fails(send: Send, story: Story, editing: str) -> None:
    slug = send("predictions", {"statement": "Things will change."}, editing).json()["slug"]
    body = send(f"predictions/{slug}/open", {}, editing, status=409).json()
    assert body["code"] == "not_ready"
    assert {"lint:observable", "lint:source"} <= {row["field"] for row in body["problems"]}


def test_after_the_first_forecast_a_reason_is_needed(send: Send, story: Story, editing: str) -> None:
    prediction = story.opened(resolves_by=DEADLINE + 999 * DAY)
    story.says(prediction, 0.7)
    change = {"criteria": "Yes if the ministry says so."}
    path = f"predictions/{prediction.slug}"
    assert told(send(path, change, editing, status=400, method="PATCH"))["field"] == "reason"
    send(path, {**change, "reason": "The gazette was closed."}, editing, status=200, method="PATCH")
    moved = {"resolves_by": "2031-01-01", "reason": "later"}
    assert told(send(path, moved, editing, status=400, method="PATCH"))["field"] == "resolves_by"


def test_two_people_decide_also_with_keys(send: Send, story: Story) -> None:
    """Neither the proposer, nor an operator with a key that she made for an approver."""
    both = make_user("both", "Editors", "Approvers", "Operators")
    own = key_of(story, both, "edit", by=both)
    proposal = {"prediction": story.opened().slug, "outcome": "yes", "known_at": "2026-02-01", "rationale": "Seen."}
    pk = send("proposals", {**proposal, "evidence_exception": "Everybody saw it."}, own).json()["id"]
    assert "another approver" in told(send(f"proposals/{pk}/accept", {}, own, status=403))["accepted"]
    borrowed = key_of(story, story.approver, "edit", by=both)
    for verb, given in (("accept", {}), ("reject", {"reason": "too_early"})):
        answer = send(f"proposals/{pk}/{verb}", given, borrowed, status=403)
        assert told(answer)["accepted"] == "only a key that its user made decides proposals"


def test_a_decided_proposal_is_a_conflict(send: Send, story: Story) -> None:
    proposal = story.proposes(story.opened(), "yes", known_at=START + DAY)
    key = approving(story)
    send(f"proposals/{proposal.pk}/reject", {"reason": "too_early"}, key, status=200)
    assert send(f"proposals/{proposal.pk}/accept", {}, key, status=409).json()["code"] == "conflict"


@pytest.mark.parametrize("dated", [{}, {"issued_at": (START + DAY).isoformat()}])
def test_a_forecast_sent_again_under_its_external_id_is_the_one_that_is_stored(
    send: Send, story: Story, editing: str, dated: dict[str, str]
) -> None:
    prediction = story.opened(resolves_by=timezone.now() + 99 * DAY)
    said = {"prediction": prediction.slug, "forecaster": "policy-desk", "value": 0.7, "external_id": "1", **dated}
    first = send("forecasts", said, editing)
    before = everything()
    again = send("forecasts", {**said, "value": "70 %"}, editing, status=200)
    assert (again.content, again["Location"]) == (first.content, first["Location"])
    assert everything() == before
    story.resolves_directly(prediction, "yes", known_at=timezone.now())
    assert send("forecasts", said, editing, status=200).content == first.content
    assert send("forecasts/bulk", [said], editing).json()["unchanged"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"value": 0.8},
        {"rationale": "The gazette is late."},
        {"basis": "model"},
        {"issued_at": (START + DAY).isoformat()},
        {"article": "rules-ahead", "quote": "is likely"},
    ],
)
def test_another_forecast_under_the_same_external_id_is_a_conflict_alone_and_among_many(
    send: Send, story: Story, editing: str, change: dict[str, Any]
) -> None:
    prediction = story.opened(resolves_by=timezone.now() + 99 * DAY)
    article_of(story, "Rules ahead", "The rule is likely to come.")
    said = {"prediction": prediction.slug, "forecaster": "policy-desk", "value": 0.7, "external_id": "1"}
    send("forecasts", said, editing)
    answer = send("forecasts", {**said, **change}, editing, status=409)
    assert (answer.json()["code"], told(answer)["field"]) == ("conflict", "external_id")
    if "article" not in change:  # which rows of many cannot cite
        among = send("forecasts/bulk", [said | {"external_id": "2"}, {**said, **change}], editing, status=409)
        assert told(among) == {**told(answer), "row": 1}
    assert Forecast.objects.count() == 1


# --- Objections ---------------------------------------------------------------------------------------------------

OBJECTION = {"reason": "misquoted", "text": "The article says “may”.", "contact": "reader@example.org"}


def test_anybody_may_object(send: Send, story: Story) -> None:
    answer = send(f"predictions/{story.opened().slug}/disputes", OBJECTION)
    assert (answer.json()["status"], answer.json()["text"]) == ("open", "The article says “may”.")
    assert Dispute.objects.get().contact == "reader@example.org"
    assert "reader@example.org" not in answer.content.decode()
    assert "reader@example.org" not in (LedgerEntry.objects.get(kind="dispute.opened").content or "")


def test_a_draft_and_an_unknown_prediction_take_no_objection_alike(send: Send, story: Story) -> None:
    draft = send(f"predictions/{story.draft().slug}/disputes", OBJECTION, status=404)
    unknown = send("predictions/never-given/disputes", OBJECTION, status=404)
    assert draft.content == unknown.content


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "angry"}, "reason"),
        ({"text": ""}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"contact": "no address"}, "contact"),
        ({"status": "answered"}, "status"),
    ],
)
def test_an_objection_with_a_bad_field_is_refused(send: Send, story: Story, change: dict[str, str], field: str) -> None:
    answer = send(f"predictions/{story.opened().slug}/disputes", {**OBJECTION, **change}, status=400)
    assert told(answer)["field"] == field
    assert not Dispute.objects.exists()


def test_objections_are_throttled_harder_than_reads(send: Send, ask: Ask, story: Story) -> None:
    path = f"predictions/{story.opened().slug}/disputes"
    for _ in range(5):
        send(path, OBJECTION)
    answer = send(path, OBJECTION, status=429)
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert answer.json()["code"] == "too_many_requests"
    assert ask("predictions").status_code == 200
    assert Dispute.objects.count() == 5


# --- Drafts stay where they are -----------------------------------------------------------------------------------


def test_no_write_tells_a_stranger_whether_a_draft_exists(send: Send, story: Story) -> None:
    """A key whose user may not see drafts is told the same of one that is there and of one that is not."""
    draft = story.draft().slug
    user = make_user("former", "Editors")
    key = key_of(story, user)
    user.groups.clear()
    for path, method in (("predictions/{}", "PATCH"), ("predictions/{}/open", "POST")):
        there, missing = (send(path.format(slug), {}, key, status=403, method=method) for slug in (draft, "none"))
        assert there.content == missing.content
    said = {"forecaster": "policy-desk", "value": 0.5}
    there, missing = (send("forecasts", {**said, "prediction": slug}, key, status=403) for slug in (draft, "none"))
    assert there.content == missing.content


def test_a_key_writes_no_more_than_one_entry(send: Send, story: Story, editing: str) -> None:
    before = LedgerEntry.objects.count()
    slug = send("predictions", LOGGED, editing).json()["slug"]
    assert LedgerEntry.objects.count() == before + 1
    assert Prediction.objects.get(slug=slug).logged_by == story.editor
    assert json.loads(LedgerEntry.objects.latest("seq").content or "")["slug"] == slug
