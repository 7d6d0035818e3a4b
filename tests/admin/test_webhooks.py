"""Webhooks at the desk."""

import re

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.urls import reverse

from forecasts.jobs.follow import follow
from forecasts.models import Delivery, Webhook
from tests.hooks import webhook
from tests.journeys.desk import Desk
from tests.refusals import everything
from tests.story import DEADLINE, Story, make_user

URL = "https://consumer.test/hook?key=hush"
ADD = "/desk/forecasts/webhook/add/"


@pytest.fixture
def desk(story: Story) -> Desk:
    return Desk(make_user("operator", "Operators"))


def said(answer: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def change_page(row: Webhook) -> str:
    return reverse("admin:forecasts_webhook_change", args=[row.pk])


def test_it_works(desk: Desk) -> None:
    answer = desk.add("webhook", title="A consumer", url=URL, kinds=["prediction.opened", "prediction.resolved"])
    row = Webhook.objects.get()
    assert (row.url, row.kinds) == (URL, ["prediction.opened", "prediction.resolved"])
    assert f"Its secret is {row.secret}. Keep it now" in said(answer)
    assert row.secret in desk.get(reverse("admin:forecasts_webhook_changelist")).content.decode()  # the message, once
    for page in (change_page(row), reverse("admin:forecasts_webhook_changelist")):
        assert "whsec" not in desk.get(page).content.decode()


def test_changing_keeps_the_secret(desk: Desk, story: Story) -> None:
    row = webhook(story, URL)
    desk.change(row, title="Another name")
    kept = Webhook.objects.get()
    assert (kept.title, kept.secret, kept.kinds) == ("Another name", row.secret, row.kinds)


def test_what_the_action_refuses_is_said_beside_the_field(desk: Desk) -> None:
    before = everything()
    answer = desk.try_to(ADD, title="A consumer", url="https://10.0.0.7/", kinds=["prediction.opened"])
    assert "only such addresses are read" in answer.content.decode()
    assert everything() == before


def test_a_rotated_secret_is_shown_once(desk: Desk, story: Story) -> None:
    row = webhook(story, URL)
    answer = desk.do(row, "rotate")
    assert re.search(r"Its secret is whsec_\S+\. Keep it now.* The one before signs too until", said(answer))
    assert Webhook.objects.get().previous_secret == row.secret


def test_a_test_event_a_replay_and_one_again(desk: Desk, story: Story) -> None:
    row = webhook(story, URL)
    desk.do(row, "test")
    assert Delivery.objects.get().entry is None
    story.resolves(story.opened(), "yes", known_at=DEADLINE)
    assert "1 event will be sent again." in said(desk.do(row, "replay", since=1))
    follow()
    assert Delivery.objects.count() == 2
    delivery = Delivery.objects.first()
    assert delivery
    assert "It will be sent again." in said(desk.do(delivery, "again"))
    page = desk.get(f"{reverse('admin:forecasts_delivery_changelist')}?webhook__id__exact={row.pk}").content.decode()
    assert f"evt_{delivery.entry_id}" in page
    assert delivery.event_id in desk.get(change_page(row)).content.decode()


def test_a_paused_one_stands_on_the_desk_until_it_is_unpaused(desk: Desk, story: Story) -> None:
    row = webhook(story, URL, paused=True, paused_reason="they move to another house")
    assert "they move to another house" in Desk(story.approver).get("/desk/").content.decode()
    desk.do(row, "unpause")
    assert Webhook.objects.get().paused is False
    assert "they move" not in desk.get("/desk/").content.decode()


def test_others_see_nothing_of_the_address(story: Story) -> None:
    row = webhook(story, URL)
    others = Desk(story.approver)
    for page in (change_page(row), reverse("admin:forecasts_webhook_history", args=[row.pk])):
        assert others.get(page).status_code == 403


def test_pages_ask_a_fixed_number_of_questions(desk: Desk, story: Story, django_assert_max_num_queries: object) -> None:
    row = webhook(story, URL)
    for _ in range(5):
        story.resolves(story.opened(), "yes", known_at=DEADLINE)
    follow()
    for page in (reverse("admin:forecasts_delivery_changelist"), change_page(row)):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert desk.get(page).status_code == 200
