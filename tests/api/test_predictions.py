"""/api/v1/predictions"""

import datetime as dt
from collections.abc import Callable

import pytest
from django.http import HttpResponse

from forecasts.models import Prediction
from forecasts.queries.rows import rows_of
from tests.api.conftest import Get
from tests.story import START, Story


def test_it_works(get: Get, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    [row] = get("predictions")["results"]
    assert row["slug"] == prediction.slug
    assert row["statement"] == prediction.statement
    assert (row["tick"], row["probability"]) == (7000, 7000 / 10_000)
    assert row["resolves_by"] == "2026-06-30T23:59:59Z"
    assert row["forecaster"] == "Policy desk"


def test_a_row_says_what_the_page_says(get: Get, story: Story) -> None:
    story.settled(0.7, "yes")
    listed = Prediction.objects.select_related("current_resolution")
    [expected] = rows_of(list(listed), dt.datetime.now(dt.UTC))
    [row] = get("predictions")["results"]
    assert (row["state"], row["state_words"]) == (expected.state, expected.state_words) == ("yes", "It happened")


def test_the_newest_stand_first_and_pages_hold_each_prediction_once(
    ask: Callable[..., HttpResponse], story: Story
) -> None:
    slugs = [story.opened().slug for _ in range(5)]
    seen, path = [], "predictions?limit=2"
    while path:
        response = ask(path)
        body = response.json()
        seen += [row["slug"] for row in body["results"]]
        expected_link = f'<{body["next"]}>; rel="next"' if body["next"] else None
        assert response.headers.get("Link") == expected_link
        path = (body["next"] or "").removeprefix("/api/v1/")
    assert seen == slugs[::-1]


def test_a_page_keeps_its_place_while_the_list_grows(get: Get, ask: Callable[..., HttpResponse], story: Story) -> None:
    first, second = story.opened(), story.opened()
    page = get("predictions", limit=1)
    assert [row["slug"] for row in page["results"]] == [second.slug]
    story.opened()
    assert [row["slug"] for row in ask(page["next"].removeprefix("/api/v1/")).json()["results"]] == [first.slug]


def test_filters_narrow_and_stay_in_the_address_of_the_next_page(get: Get, story: Story) -> None:
    topic = story.topic("rivers")
    for _ in range(2):
        story.opened(topics=[topic])
    story.opened()
    page = get("predictions", topic="rivers", limit=1)
    assert "topic=rivers" in page["next"]
    assert len(get("predictions", topic="rivers")["results"]) == 2
    assert len(get("predictions", state="void")["results"]) == 0


def test_a_draft_is_in_no_list(get: Get, story: Story, secret: str) -> None:
    assert get("predictions")["results"] == []
    assert get("predictions", q=secret)["results"] == []


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"state": "lost"}, "state"),
        ({"order": "slug"}, "order"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "²"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "1.2.3"}, "cursor"),
        ({"cursor": f"{10**30}.1"}, "cursor"),
        ({"q": "a" * 10_000}, "q"),
    ],
)
def test_a_bad_parameter_is_named(get: Get, parameters: dict[str, str], field: str) -> None:
    body = get("predictions", status=400, **parameters)
    assert (body["code"], body["problems"][0]["field"]) == ("refused", field)
    assert body["problems"][0]["accepted"]


def test_a_number_beyond_the_database_is_an_empty_page(get: Get) -> None:
    assert get("predictions", cursor=f"0.{10**40}") == {"results": [], "next": None}


def test_the_number_of_queries_does_not_grow_with_the_rows(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    story.says(story.opened(), 0.4)
    few = count_queries("predictions")
    for _ in range(6):
        story.says(story.opened(), 0.4, at=START + dt.timedelta(days=1))
    assert count_queries("predictions") == few
    assert few <= 4
