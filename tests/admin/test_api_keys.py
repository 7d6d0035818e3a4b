"""At the desk a key is made in one form, shown in the answer to it, and never again."""

import re
from typing import Any

from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from forecasts.models import ApiKey
from tests.journeys.desk import Desk
from tests.refusals import everything
from tests.story import DAY, Story

ADD = "/desk/forecasts/apikey/add/"


def make(desk: Desk, **given: Any) -> HttpResponse:
    fields = {"name": "nightly run", "scopes": ["forecast"], "expires_at": timezone.now() + 9 * DAY}
    return desk.try_to(ADD, **{**fields, **given})


def secret_in(page: HttpResponse) -> str:
    [secret] = re.findall(r'id="secret">(rk_[\w-]{43})<', page.content.decode())
    return secret


def test_it_works(story: Story) -> None:
    page = make(Desk(story.editor), user=story.editor.pk)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert secret_in(page).startswith(ApiKey.objects.get().prefix)


def test_the_secret_is_in_that_one_answer_and_nowhere_else(story: Story) -> None:
    desk = Desk(story.editor)
    secret = secret_in(make(desk, user=story.editor.pk))
    key = ApiKey.objects.get()
    for page in (reverse("admin:forecasts_apikey_changelist"), reverse("admin:forecasts_apikey_change", args=[key.pk])):
        shown = desk.get(page).content.decode()
        assert key.prefix in shown
        assert secret not in shown
        assert key.digest not in shown
    assert secret not in str(everything())
    assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())
    assert not any(secret in morsel.value for morsel in desk.client.cookies.values())


def test_a_key_is_revoked_and_never_changed(story: Story) -> None:
    desk = Desk(story.editor)
    make(desk, user=story.editor.pk)
    key = ApiKey.objects.get()
    page = reverse("admin:forecasts_apikey_change", args=[key.pk])
    assert desk.try_to(page, name="another").status_code == 403
    desk.do(key, "revoke")
    key.refresh_from_db()
    assert key.revoked_at
    assert desk.get(reverse("admin:forecasts_apikey_do", args=[key.pk, "revoke"])).status_code == 403


def test_what_the_action_refuses_stands_beside_the_field(story: Story) -> None:
    page = make(Desk(story.editor), user=story.editor.pk, expires_at=timezone.now() + 999 * DAY)
    assert "within 366 days" in page.content.decode()
    assert not ApiKey.objects.exists()
