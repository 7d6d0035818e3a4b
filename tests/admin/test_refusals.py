"""What an action refuses is shown beside the field, names value and what is accepted, and nothing was written."""

from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from forecasts.models import Forecaster, Prediction, Proposal
from tests.journeys.desk import Desk
from tests.story import DAY, DEADLINE, START, Story


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("forecasts").get_models()}


def refused(desk: Desk, page: str, expected: list[str], **given: Any) -> None:
    before = counts()
    answer = desk.try_to(page, **given)
    text = answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')
    assert answer.status_code == 200
    for words in expected:
        assert words in text
    assert counts() == before


@pytest.fixture
def desk(story: Story) -> Desk:
    return Desk(story.editor)


@pytest.mark.parametrize("probability", ["1.2", "-0.1", "NaN", "abc", "inf", "120 %"])
def test_a_probability_out_of_range(story: Story, desk: Desk, probability: str) -> None:
    row = story.opened(resolves_by=DEADLINE + 400 * DAY)
    page = reverse("admin:forecasts_prediction_do", args=[row.pk, "forecast"])
    expected = ["value", probability, "give a number from 0 to 1"]
    refused(desk, page, expected, forecaster=story.desk.pk, value=probability, basis="stated")


def test_an_unknown_forecaster(story: Story, desk: Desk) -> None:
    row = story.opened(resolves_by=DEADLINE + 400 * DAY)
    page = reverse("admin:forecasts_prediction_do", args=[row.pk, "forecast"])
    refused(desk, page, ["Nothing is called “999”"], forecaster=999, value="0.5", basis="stated")


def test_a_computed_forecaster(story: Story, desk: Desk) -> None:
    crowd = Forecaster.objects.get(slug="crowd-median")
    row = story.opened(resolves_by=DEADLINE + 400 * DAY)
    page = reverse("admin:forecasts_prediction_do", args=[row.pk, "forecast"])
    refused(desk, page, [f"Nothing is called “{crowd.pk}”"], forecaster=crowd.pk, value="0.5", basis="stated")


def test_a_deadline_before_the_opening(story: Story, desk: Desk) -> None:
    given = {"statement": "It will be published.", "kind": "binary", "resolves_by_precision": "day"}
    page = reverse("admin:forecasts_prediction_add")
    expected = ["resolves_by", "2025-12-31", "the deadline must lie after the opening 2026-01-01"]
    refused(desk, page, expected, **given, opens_at=START, resolves_by=START - DAY)


def test_opening_names_every_rule_that_fails(story: Story, desk: Desk) -> None:
    row = story.draft(
        statement="Things will change.", criteria="", resolution_source="", resolves_by=DEADLINE + 400 * DAY
    )
    page = reverse("admin:forecasts_prediction_do", args=[row.pk, "open"])
    refused(desk, page, ["lint:observable", "lint:source"], override_reason="")
    assert Prediction.objects.get(pk=row.pk).status == "draft"


def test_a_proposal_without_evidence(story: Story, desk: Desk) -> None:
    row = story.opened()
    page = reverse("admin:forecasts_prediction_do", args=[row.pk, "propose"])
    expected = ["findings", "name at least one finding, or write why none is needed"]
    refused(desk, page, expected, outcome="yes", known_at=START + DAY, rationale="I know it.")


def test_the_proposer_cannot_accept(story: Story) -> None:
    """Also when she may approve: another approver must."""
    both = Desk(story.approver)
    row = story.opened()
    finding = story.sees(row, at=START + DAY)
    given = {"outcome": "yes", "known_at": START + DAY, "findings": [finding.pk], "rationale": "It was in the gazette."}
    both.do(row, "propose", **given)
    proposal = Proposal.objects.get()
    page = reverse("admin:forecasts_proposal_do", args=[proposal.pk, "accept"])
    refused(both, page, ["another approver than the proposer must accept"], note="")


def test_an_article_without_text(story: Story, desk: Desk) -> None:
    refused(desk, reverse("admin:forecasts_article_add"), ["paste the article, or choose a file"], text=" ")


def test_a_source_that_is_no_web_address(story: Story, desk: Desk) -> None:
    page = reverse("admin:forecasts_evidencesource_add")
    given = {"title": "x", "kind": "feed", "spec": "{}", "weight": 1, "interval": 60, "shortest_interval": 60}
    refused(desk, page, ["shortest_interval", "60", "give 900 seconds or more"], url="https://a.test/feed", **given)
    assert not Forecaster.objects.filter(slug="x").exists()


def test_the_forecaster_of_a_source_that_is_no_market(story: Story, desk: Desk) -> None:
    page = reverse("admin:forecasts_evidencesource_add")
    given = {"title": "x", "kind": "feed", "spec": "{}", "weight": 1, "interval": 3600, "shortest_interval": 900}
    expected = ["forecaster", "policy-desk", "to a source of kind market"]
    refused(desk, page, expected, url="https://a.test/feed", **given, forecaster=story.desk.pk)
