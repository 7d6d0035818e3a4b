"""Every route answers 304 to whoever holds the current answer, and says how it may be kept."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from forecasts.api.v1.urls import ROUTES as ALL
from forecasts.http import conditional
from tests.api.world import article_of
from tests.records import proposes
from tests.story import Story

Ask = Callable[..., HttpResponse]
ROUTES = [route for route, view in ALL.items() if hasattr(view, "get") and not getattr(view, "scope", None)]


@pytest.fixture
def paths(story: Story) -> dict[str, str]:
    """An address that is answered, for each route."""
    article = article_of(story, "Rules ahead", "The rule is likely.")
    prediction = story.opened(article=article)
    story.says(prediction, 0.4)
    slugs = {"predictions": prediction.slug, "forecasters": "policy-desk", "articles": article.slug}
    story.says(prediction, 0.6, forecaster=story.forecaster("other"))
    slugs["scorecards/forecaster"] = "policy-desk"
    slugs["scorecards/topic"] = story.topic("rules").slug
    slugs["scorecards/article"] = article.slug
    proposes(prediction, "yes")
    slugs["assessors"] = "rule-confirming_report"
    asked = {"compare": "compare?a=policy-desk&b=other"}
    return {route: asked.get(route) or _with_slug(route, slugs) for route in ROUTES}


def _with_slug(route: str, slugs: dict[str, str]) -> str:
    return route.replace("<slug:slug>", slugs.get(route.removesuffix("/<slug:slug>"), ""))


@pytest.mark.parametrize("route", ROUTES)
def test_the_current_answer_is_not_sent_again(ask: Ask, paths: dict[str, str], route: str) -> None:
    fresh = ask(paths[route])
    assert fresh.status_code == 200
    assert "Accept" in fresh["Vary"]
    assert fresh["Cache-Control"] == "public, no-cache"
    again = ask(paths[route], headers={"If-None-Match": fresh["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", fresh["ETag"])


def test_a_decision_makes_another_answer(ask: Ask, story: Story) -> None:
    held = ask("forecasts")["ETag"]
    story.says(story.opened(), 0.4)
    assert ask("forecasts", headers={"If-None-Match": held}).status_code == 200


def test_scoring_makes_another_answer(ask: Ask, story: Story) -> None:
    story.settled(0.4, "no")
    held = ask("calibration")["ETag"]
    story.scores()
    assert ask("calibration", headers={"If-None-Match": held}).status_code == 200


def test_another_query_has_another_etag(ask: Ask, db: None) -> None:
    assert ask("calibration")["ETag"] != ask("calibration?track=all")["ETag"]


def test_another_representation_has_another_etag(ask: Ask, db: None) -> None:
    indented = ask("calibration", headers={"Accept": "application/json; indent=2"})
    assert indented["ETag"] != ask("calibration")["ETag"]


def test_errors_are_not_kept(ask: Ask) -> None:
    response = ask("calibration?track=lives")
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response


def test_an_answer_not_sent_again_costs_few_queries(
    ask: Ask, paths: dict[str, str], django_assert_max_num_queries: Callable[..., object]
) -> None:
    tag = ask(paths["scorecards/forecaster/<slug:slug>"])["ETag"]
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        ask(paths["scorecards/forecaster/<slug:slug>"], headers={"If-None-Match": tag})


@pytest.mark.parametrize("route", ROUTES)
def test_an_answer_that_is_given_again_is_the_same_to_the_byte(ask: Ask, paths: dict[str, str], route: str) -> None:
    first, again = ask(paths[route]), ask(paths[route])
    assert (again.content, dict(again.headers)) == (first.content, dict(first.headers))


def test_an_answer_is_built_once_while_nothing_changes(
    ask: Ask, paths: dict[str, str], django_assert_max_num_queries: Callable[..., object], story: Story
) -> None:
    path = paths["scorecards/forecaster/<slug:slug>"]
    held = ask(path)
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        assert ask(path).content == held.content
    story.says(story.opened(), 0.4)
    assert ask(path).content != held.content


def test_what_is_streamed_is_not_kept(ask: Ask, story: Story) -> None:
    story.says(story.opened(), 0.4)
    lists = [b"".join(ask("forecasts?format=csv").streaming_content) for _ in range(2)]  # type: ignore[attr-defined]
    assert lists[0] == lists[1] != b""


def test_what_is_large_is_not_kept(
    ask: Ask, db: None, monkeypatch: pytest.MonkeyPatch, queries: CaptureQueriesContext
) -> None:
    monkeypatch.setattr(conditional, "LARGEST", 10)
    taken = []
    for _ in range(2):
        before = len(queries)
        ask("topics")
        taken.append(len(queries) - before)
    assert taken[0] == taken[1] == 2  # the version of the site, and the rows
