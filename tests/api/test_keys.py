"""What a key opens: what its user may do, no more, and only within its scopes"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.utils import timezone

from forecasts.actions import revoke_api_key
from forecasts.models import ApiKey
from tests.api.conftest import Send, key_of
from tests.refusals import everything
from tests.story import DAY, Story, make_user

DRAFT = {"statement": "The dam of Ruritania will be finished by 30 June 2027.", "resolves_by": "2027-06-30"}


def test_it_works(send: Send, editing: str) -> None:
    assert send("predictions", DRAFT, editing).json()["status"] == "draft"
    assert ApiKey.objects.get().last_used_at


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer rk_unknown", "Basic dTpw", "rk_x", "Bearer é", "Bearer " + "a" * 5000]
)
def test_what_is_no_valid_key_is_asked_for_one(send: Send, db: None, header: str) -> None:
    before = everything()
    answer = send("predictions", DRAFT, status=401, headers={"Authorization": header})
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert everything() == before


def test_a_key_that_opens_nothing_is_told_so_on_reads_too(ask: Callable[..., HttpResponse]) -> None:
    assert ask("predictions", headers={"Authorization": "Bearer rk_unknown"}).status_code == 401


def test_a_revoked_key_an_expired_key_and_the_key_of_one_who_left_open_nothing(send: Send, story: Story) -> None:
    revoked, expired, orphaned = (key_of(story, story.editor), key_of(story, make_user("e", "Editors")), "")
    revoke_api_key(key=ApiKey.objects.get(user=story.editor), at=timezone.now(), by=story.editor)
    left = make_user("left", "Editors")
    orphaned = key_of(story, left)
    User.objects.filter(pk=left.pk).update(is_active=False)
    send("predictions", DRAFT, revoked, status=401)
    send("predictions", DRAFT, orphaned, status=401)
    assert ApiKey.objects.valid(timezone.now() + DAY).count() == 0
    send("predictions", DRAFT, expired)


def test_a_missing_scope_and_a_missing_right_are_both_named(send: Send, story: Story) -> None:
    key = key_of(story, story.approver, "read")
    problems = send("forecasts", {}, key, status=403).json()["problems"]
    assert [(row["field"], row["accepted"]) for row in problems] == [
        ("scope", "a key with the scope forecast is needed")
    ]
    former = make_user("former", "Editors")
    key = key_of(story, former, "read")
    former.groups.clear()
    problems = send("forecasts", {}, key, status=403).json()["problems"]
    assert [row["accepted"] for row in problems] == [
        "a key with the scope forecast is needed",
        "the right keep_predictions is needed",
    ]


def test_a_key_loses_what_its_user_loses(send: Send, story: Story) -> None:
    user = make_user("former", "Editors")
    key = key_of(story, user)
    send("predictions", DRAFT, key)
    user.groups.clear()
    assert send("predictions", DRAFT, key, status=403).json()["code"] == "not_allowed"


WRITES = [
    ("predictions", "POST", "edit"),
    ("predictions/x", "PATCH", "edit"),
    ("predictions/x/open", "POST", "edit"),
    ("forecasts", "POST", "forecast"),
    ("forecasts/bulk", "POST", "forecast"),
    ("forecasts/withdraw", "POST", "forecast"),
    ("findings", "POST", "edit"),
    ("findings/1/review", "POST", "edit"),
    ("proposals", "POST", "edit"),
    ("proposals/1/accept", "POST", "edit"),
    ("proposals/1/reject", "POST", "edit"),
]


@pytest.mark.parametrize(("path", "method", "scope"), WRITES)
def test_every_write_needs_its_scope_before_it_looks_at_anything(
    send: Send, story: Story, path: str, method: str, scope: str
) -> None:
    """Nothing that is there or not there can be told apart without the right to see it."""
    root = make_user("root")
    root.is_superuser = True
    root.save()
    others = [name for name in ("read", "forecast", "edit") if name != scope]
    send(path, "{", status=401, method=method)
    answer = send(path, "{", key_of(story, root, *others), status=403, method=method)
    assert answer.json()["problems"][0]["accepted"] == f"a key with the scope {scope} is needed"
    stranger = key_of(story, story.approver, scope)
    story.approver.groups.clear()
    send(path, "{", stranger, status=403, method=method)


@pytest.mark.parametrize("path", ["drafts", "drafts/x"])
def test_drafts_are_for_keys_that_read(ask: Callable[..., HttpResponse], story: Story, path: str) -> None:
    assert ask(path).status_code == 401
    other = key_of(story, story.editor, "edit")
    assert ask(path, headers={"Authorization": f"Bearer {other}"}).status_code == 403


def test_a_draft_is_read_with_a_key_and_never_kept_by_others(ask: Callable[..., HttpResponse], story: Story) -> None:
    draft = story.draft()
    headers = {"Authorization": f"Bearer {key_of(story, story.approver, 'read')}"}
    one, listed = ask(f"drafts/{draft.slug}", headers=headers), ask("drafts", headers=headers)
    assert one.json()["statement"] == draft.statement
    assert listed.json()["results"] == [one.json()]
    assert (one["Cache-Control"], listed["Cache-Control"]) == ("no-store", "no-store")
    assert ask(f"drafts/{draft.slug}x", headers=headers).status_code == 404
    assert ask(f"drafts/{story.opened().slug}", headers=headers).status_code == 404


def test_use_costs_one_more_query_once_a_minute(
    ask: Callable[..., HttpResponse], story: Story, django_assert_max_num_queries: Callable[..., object]
) -> None:
    headers = {"Authorization": f"Bearer {key_of(story, story.editor)}"}
    ask("ledger/head", headers=headers)
    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        ask("ledger/head", headers=headers)
