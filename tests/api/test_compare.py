"""/api/v1/compare and /api/v1/leaderboard"""

from collections.abc import Callable
from dataclasses import asdict
from urllib.parse import parse_qsl, urlsplit

from forecasts.queries.comparison import comparison, parse_pair
from tests.api.conftest import Get
from tests.story import DAY, DEADLINE, Story
from tests.trackrecord import models, track_record

NOW = DEADLINE + DAY
ASKED = {"a": "sharp", "b": "dull", "track": "imported"}


def recorded(story: Story, count: int) -> None:
    people = models(story, "sharp", "dull")
    track_record(story, [({"sharp": 9000, "dull": 7000}, "yes" if n % 4 else "no") for n in range(count)], people)


def test_it_works(get: Get, story: Story) -> None:
    recorded(story, 30)
    body = get("compare", **ASKED)
    found = comparison(parse_pair(ASKED), NOW)
    assert found.difference is not None
    assert body["difference"] == asdict(found.difference)
    assert (body["a"]["slug"], body["b"]["slug"], body["n_predictions"]) == ("sharp", "dull", 30)
    assert body["counting"] == "lead:7"
    assert (body["denominators"]["made"], body["denominators"]["due"]) == (30, 30)
    assert (body["denominators"]["void"], body["denominators"]["overdue"]) == (0, 0)
    assert len(body["murphy"]["thetas"]) == len(body["murphy"]["low"])
    assert body["biggest"][0]["difference"] == found.biggest[0].difference
    assert get("compare", **dict(parse_qsl(urlsplit(body["url"]).query))) == body

    board = get("leaderboard", track="imported")
    assert [(row["forecaster"]["slug"], row["rank"]) for row in board["results"]] == [("dull", None), ("sharp", None)]
    assert board["query"]["counting"] == "lead:7"
    assert (board["missing"], board["rank_level"]) == ("", 0.9)


def test_of_few_nothing_is_given_but_the_list(get: Get, story: Story) -> None:
    recorded(story, 9)
    body = get("compare", **ASKED)
    assert (body["difference"], body["brier_a"], body["murphy"]) == (None, None, None)
    assert len(body["biggest"]) == 9
    assert get("compare", a="sharp", b="dull")["other_tracks"] == [{"track": "imported", "n_predictions": 9}]
    assert get("leaderboard", track="imported")["results"] == []


def test_both_are_needed_and_one_moment(get: Get, story: Story) -> None:
    recorded(story, 1)
    assert get("compare", status=400, a="sharp")["problems"][0]["field"] == "b"
    assert get("compare", status=400, **{**ASKED, "b": "nobody"})["problems"][0]["field"] == "b"
    assert get("compare", status=400, **{**ASKED, "counting": "last"})["problems"][0]["field"] == "counting"
    for path, more in (("compare", ASKED), ("leaderboard", {})):
        assert get(path, status=400, **{**more, "track": "all"})["problems"][0]["field"] == "track"
    assert get("leaderboard", status=400, topic="none")["problems"][0]["field"] == "topic"


def test_the_number_of_queries_does_not_grow(get: Get, story: Story, count_queries: Callable[..., int]) -> None:
    recorded(story, 12)
    assert count_queries("compare", **ASKED) <= 16
    assert count_queries("leaderboard", track="imported") <= 10
