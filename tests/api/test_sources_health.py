"""/api/v1/sources/health"""

from collections.abc import Callable

from django.http import HttpResponse

from tests.api.conftest import Get
from tests.api.world import checked, watched
from tests.story import DAY, START, Story


def test_it_works(get: Get, story: Story) -> None:
    source = watched(story, story.opened())
    [row] = get("sources/health")["results"]
    assert (row["title"], row["kind"], row["state"]) == ("Wire", "feed", "not checked yet")
    checked(source, START + DAY)
    [row] = get("sources/health")["results"]
    assert row["last_good_check_at"] == "2026-01-02T12:00:00Z"
    assert row["next_check_at"] == "2026-01-03T12:00:00Z"


def test_a_source_that_only_drafts_are_watched_over_is_not_shown(get: Get, story: Story) -> None:
    watched(story, story.draft())
    assert get("sources/health") == {"results": []}


def test_a_check_makes_another_etag(ask: Callable[..., HttpResponse], story: Story) -> None:
    source = watched(story, story.opened())
    before = ask("sources/health")["ETag"]
    checked(source, START + DAY)
    assert ask("sources/health")["ETag"] != before


def test_the_number_of_queries_does_not_grow_with_the_sources(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    prediction = story.opened()
    watched(story, prediction)
    few = count_queries("sources/health")
    for number in range(3):
        watched(story, prediction, title=f"Wire-{number}")
    assert count_queries("sources/health") == few <= 3
