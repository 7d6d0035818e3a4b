"""Every page of the desk opens for those who may see it, and only for them."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from forecasts.models import (
    CriteriaVersion,
    Dispute,
    EvidenceSource,
    FollowerFailure,
    LedgerEntry,
    Prediction,
    Proposal,
    Watch,
)
from tests.journeys.desk import Desk
from tests.story import DAY, DEADLINE, START, Story, make_user

OURS = [model for model in admin.site._registry if model._meta.app_label == "forecasts"]


@pytest.fixture
def busy(story: Story) -> Story:
    """A row of most nouns."""
    prediction = story.settled(0.7, "yes", topics=[story.topic("policy")])
    story.sees(prediction, at=DEADLINE + 2 * DAY)
    story.draft()
    story.scores()
    return story


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_and_forms_open_within_a_bounded_number_of_queries(
    busy: Story, model: type, django_assert_max_num_queries: object
) -> None:
    desk = Desk(busy.editor)
    name = f"admin:forecasts_{model._meta.model_name}"
    with django_assert_max_num_queries(14):
        assert desk.get(reverse(f"{name}_changelist")).status_code == 200
    if row := model.objects.first():
        assert desk.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        assert desk.get(reverse(f"{name}_history", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_nobody_deletes_not_even_a_superuser(busy: Story, model: type) -> None:
    busy.editor.is_superuser = True
    busy.editor.save()
    row = model.objects.first()
    if row is not None:
        url = reverse(f"admin:forecasts_{model._meta.model_name}_delete", args=[row.pk])
        assert Desk(busy.editor).client.post(url, {"post": "yes"}).status_code == 403
        assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_stranger_sees_nothing(busy: Story, model: type) -> None:
    stranger = Desk(make_user("stranger"))
    assert stranger.get(reverse(f"admin:forecasts_{model._meta.model_name}_changelist")).status_code == 403
    anonymous = Client().get(reverse(f"admin:forecasts_{model._meta.model_name}_changelist"))
    assert anonymous.status_code == 302
    assert "/desk/login/" in anonymous["Location"]


READ_ONLY = [CriteriaVersion, Dispute, FollowerFailure, LedgerEntry, Proposal]


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_records_have_no_form_to_add_or_change(busy: Story, model: type) -> None:
    desk = Desk(busy.approver)
    assert desk.get(reverse(f"admin:forecasts_{model._meta.model_name}_add")).status_code == 403
    if row := model.objects.first():
        url = reverse(f"admin:forecasts_{model._meta.model_name}_change", args=[row.pk])
        assert desk.client.post(url, {"reason": "x"}).status_code == 403


def test_the_desk_counts_what_waits(busy: Story) -> None:
    page = Desk(busy.editor).get("/desk/").content.decode()
    assert "<title>Desk (1)" in page
    assert "Drafts to open" in page


def test_the_desk_asks_a_fixed_number_of_questions(busy: Story, django_assert_max_num_queries: object) -> None:
    desk = Desk(busy.editor)
    desk.get("/desk/")
    for _ in range(5):
        busy.draft()
    with django_assert_max_num_queries(35):
        desk.get("/desk/")


@pytest.mark.parametrize(
    ("groups", "verb", "status"),
    [
        (("Editors",), "open", 200),
        (("Editors",), "propose", 403),  # nothing is proposed of a draft
        (("Operators",), "open", 403),
        (("Approvers",), "open", 403),
        ((), "open", 403),
    ],
)
def test_verbs_are_for_those_with_the_right(story: Story, groups: tuple[str, ...], verb: str, status: int) -> None:
    row = story.draft()
    desk = Desk(make_user("somebody", *groups))
    assert desk.get(reverse("admin:forecasts_prediction_do", args=[row.pk, verb])).status_code == status


def test_an_operator_adds_sources_and_an_editor_does_not(story: Story) -> None:
    operator, editor = Desk(make_user("operator", "Operators")), Desk(make_user("plain", "Editors"))
    given = {"title": "Gazette", "kind": "feed", "url": "https://gazette.test/feed", "spec": "{}"}
    url = reverse("admin:forecasts_evidencesource_add")
    assert editor.try_to(url, **given, weight=1, interval=3600, shortest_interval=900).status_code == 403
    assert operator.try_to(url, **given, weight=1, interval=3600, shortest_interval=900).status_code == 302
    assert EvidenceSource.objects.get().title == "Gazette"
    assert not Watch.objects.exists()


def test_history_shows_what_the_ledger_says(story: Story) -> None:
    row = story.opened()
    page = Desk(story.editor).get(reverse("admin:forecasts_prediction_history", args=[row.pk])).content.decode()
    assert [kind in page for kind in ("Prediction Logged", "Prediction Opened")] == [True, True]
    assert Prediction.objects.get().opens_at == START
