"""/api/v1/forecasters and /api/v1/forecasters/SLUG"""

from collections.abc import Callable

from forecasts.actions import save_reference
from forecasts.models import Forecaster
from tests.api.conftest import Get
from tests.story import START, Story


def test_it_works(get: Get, story: Story) -> None:
    story.says(story.opened(), 0.7)
    [row] = get("forecasters")["results"]
    assert row == {
        "slug": "policy-desk",
        "name": "Policy desk",
        "kind": "desk",
        "is_bot": False,
        "scorecard": "/api/v1/scorecards/forecaster/policy-desk",
    }
    assert get("forecasters/policy-desk")["url"] == "/forecasters/policy-desk/"


def test_whoever_only_a_draft_names_is_not_shown(get: Get, story: Story) -> None:
    newcomer = story.forecaster("newcomer")
    story.draft(suggested_forecaster=newcomer, suggested_tick=7000, suggested_basis="stated")
    assert get("forecasters")["results"] == []
    assert get("forecasters/newcomer", status=404) == get("forecasters/never-given", status=404)
    assert get("scorecards/forecaster/newcomer", status=404)["code"] == "not_found"


def test_the_right_of_reply_is_given_with_its_date(get: Get, story: Story) -> None:
    story.says(story.opened(), 0.7)
    row = Forecaster.objects.get(slug="policy-desk")
    row.reply = "We stand by it."
    save_reference(row=row, at=START, by=story.editor)
    body = get("forecasters/policy-desk")
    assert (body["reply"], body["reply_at"]) == ("We stand by it.", "2026-01-01T12:00:00Z")


def test_the_pages_go_by_slug(get: Get, story: Story) -> None:
    prediction = story.opened()
    for slug in ("c", "a", "b"):
        story.says(prediction, 0.4, forecaster=story.forecaster(slug))
    first = get("forecasters", limit=2)
    assert [row["slug"] for row in first["results"]] == ["a", "b"]
    assert first["next"] == "/api/v1/forecasters?limit=2&cursor=b"
    assert [row["slug"] for row in get("forecasters", limit=2, cursor="b")["results"]] == ["c"]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    prediction = story.opened()
    story.says(prediction, 0.4)
    few = count_queries("forecasters")
    for slug in ("c", "a", "b"):
        story.says(prediction, 0.4, forecaster=story.forecaster(slug))
    assert count_queries("forecasters") == few <= 3
