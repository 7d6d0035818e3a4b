"""Keys of programs: what is kept of them, for whom they may be made, and how long they open anything."""

import datetime as dt
import hashlib
import json

import pytest
from django.contrib.auth.models import User

from forecasts.actions import NewKey, make_api_key, note_key_use, revoke_api_key
from forecasts.errors import Conflict, NotAllowed
from forecasts.models import ApiKey, LedgerEntry
from tests.refusals import everything, refused
from tests.story import DAY, START, Story, make_user

UNTIL = START + 90 * DAY


def make(story: Story, user: User | None = None, **given: object) -> NewKey:
    fields = {"name": "nightly run", "scopes": ["forecast"], "expires_at": UNTIL, "at": START, "by": story.editor}
    return make_api_key(**{"user": user or story.editor, **fields, **given})  # type: ignore[arg-type]


def test_it_works(story: Story) -> None:
    made = make(story)
    assert made.secret.startswith("rk_")
    assert made.key.digest == hashlib.sha256(made.secret.encode()).hexdigest()
    assert made.secret.startswith(made.key.prefix)
    assert len(made.key.prefix) == 11
    assert list(ApiKey.objects.valid(START)) == [made.key]


def test_the_secret_is_kept_nowhere(story: Story) -> None:
    made = make(story)
    assert made.secret not in str(everything())
    assert made.secret not in repr(made)
    entry = LedgerEntry.objects.get(kind="key.made")
    assert json.loads(entry.content or "").keys() == {"user", "scopes", "expires_at"}
    assert story.editor.get_username() not in (entry.content or "")


def test_a_key_opens_nothing_once_it_expired_or_its_user_left(story: Story) -> None:
    make(story)
    assert ApiKey.objects.valid(UNTIL - dt.timedelta(seconds=1)).count() == 1
    assert ApiKey.objects.valid(UNTIL).count() == 0
    User.objects.filter(pk=story.editor.pk).update(is_active=False)
    assert ApiKey.objects.valid(START).count() == 0


def test_a_revoked_key_opens_nothing(story: Story) -> None:
    made = make(story)
    revoke_api_key(key=made.key, at=START, by=story.editor)
    assert ApiKey.objects.valid(START).count() == 0
    assert LedgerEntry.objects.get(kind="key.revoked").subject == f"apikey:{made.key.pk}"
    with refused("key", made.key.prefix, "revoked before", Conflict):
        revoke_api_key(key=made.key, at=START, by=story.editor)


def test_use_is_noted_once_a_minute(story: Story) -> None:
    key = make(story).key
    second = dt.timedelta(seconds=1)
    assert [note_key_use(key=key, at=START + each * second) for each in (0, 59, 60, 61)] == [True, False, True, False]
    key.refresh_from_db()
    assert key.last_used_at == START + 60 * second
    assert LedgerEntry.objects.filter(subject=f"apikey:{key.pk}").count() == 1


@pytest.mark.parametrize("action", ["make", "revoke"])
def test_only_operators_make_and_revoke(story: Story, action: str) -> None:
    made = make(story)
    with refused("by", "approver", "the right operate_keys is needed to", NotAllowed):
        if action == "make":
            make(story, by=story.approver)
        else:
            revoke_api_key(key=made.key, at=START, by=story.approver)


def test_a_scope_that_its_user_cannot_fill_is_refused(story: Story) -> None:
    stranger, operator = make_user("stranger"), make_user("operator", "Operators")
    with refused("scopes", "forecast", "stranger needs the right keep_predictions for it"):
        make(story, stranger)
    with refused("scopes", "edit", "needs the right keep_predictions or propose_resolutions or resolve_predictions"):
        make(story, operator, scopes=["read", "edit"])


@pytest.mark.parametrize(
    ("given", "field", "value", "accepted"),
    [
        ({"name": " "}, "name", " ", "say what the key is for"),
        ({"scopes": []}, "scopes", "[]", "give at least one of read, forecast, edit"),
        ({"scopes": ["all"]}, "scopes", "all", "give at least one of read, forecast, edit"),
        ({"expires_at": START}, "expires_at", "2026-01-01", "give a time after now and within 366 days"),
        ({"expires_at": START + 367 * DAY}, "expires_at", "2027-01-03", "within 366 days"),
    ],
)
def test_what_is_refused(story: Story, given: dict[str, object], field: str, value: str, accepted: str) -> None:
    with refused(field, value, accepted):
        make(story, **given)


def test_nobody_makes_a_key_for_someone_who_left(story: Story) -> None:
    left = make_user("left", "Editors")
    left.is_active = False
    left.save()
    with refused("user", "left", "give an active user"):
        make(story, left)
