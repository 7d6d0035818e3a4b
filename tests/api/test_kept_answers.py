"""A kept answer is given before the framework looks at the request, and nobody can tell."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from rest_framework.views import APIView

from forecasts.api.v1.base import ANSWERS
from forecasts.http import throttling
from tests.api.conftest import key_of
from tests.api.world import settle
from tests.story import DAY, START, Story

Seen = tuple[int, dict[str, str], bytes]
Given = Mapping[str, str]
PATHS = (
    "calibration",
    "calibration?format=json&track=all",
    "calibration?track=never",
    "calibration?bins=10",
    "calibration?format=csv",
    "calibration/history",
    "forecasts?limit=2",
    "forecasts?format=csv&limit=2",
    "forecasts?format=ndjson",
    "forecasters/policy-desk",
    "forecasters/nobody",
    "scorecards/forecaster/policy-desk",
    "nowhere",
)
ACCEPT: tuple[Given, ...] = (
    {},
    {"Accept": "application/json"},
    {"Accept": "application/json; indent=2"},
    {"Accept": "text/csv, */*;q=0.1"},
    {"Accept": "application/x-ndjson"},
    {"Accept": "image/png"},
    {"Accept": "a" * 9000},
)
HELD: tuple[Given, ...] = ({}, {"If-None-Match": "TAG"}, {"If-None-Match": 'W/"other", TAG'}, {"If-None-Match": "*"})
LANGUAGES: tuple[Given, ...] = ({"Accept-Language": "de"},)
KEYS: tuple[Given, ...] = ({}, {"Authorization": "Bearer KEY"}, {"Authorization": "Bearer rk_wrong"})


@pytest.fixture
def world(story: Story) -> Story:
    settle(story, 3)
    prediction = story.opened()
    for number in range(5):
        story.says(prediction, number / 10, at=START + number * DAY / 100)
    return story


def ask(method: str, path: str, headers: Given) -> HttpResponse:
    return Client().generic(method, f"/api/v1/{path}", headers=dict(headers))  # type: ignore[return-value]


def seen(answer: Any) -> Seen:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, dict(answer.headers), content


def built(method: str, path: str, headers: Given) -> Seen:
    """As the framework answers, with nothing kept."""
    caches[ANSWERS].clear()
    return seen(ask(method, path, headers))


def again(method: str, path: str, headers: Given) -> Seen:
    """As it is answered once somebody else has asked the same."""
    seen(ask("GET", path, {name: headers[name] for name in headers if name != "If-None-Match"}))
    return seen(ask(method, path, headers))


@pytest.mark.parametrize("path", PATHS)
def test_whether_an_answer_is_kept_shows_in_nothing(world: Story, path: str) -> None:
    key = key_of(world, world.editor)
    cases = [*itertools.product(ACCEPT, HELD[:2]), *itertools.product(HELD, KEYS), *itertools.product(LANGUAGES, KEYS)]
    for parts in cases:
        headers = {name: value for part in parts for name, value in part.items()}
        tag = built("GET", path, {**headers, "If-None-Match": ""})[1].get("ETag", '"none"')
        headers = {name: value.replace("TAG", tag).replace("KEY", key) for name, value in headers.items()}
        for method in ("GET", "HEAD") if parts[0] in HELD else ("GET",):
            assert again(method, path, headers) == built(method, path, headers), (method, headers)
    assert again("OPTIONS", path, {}) == built("OPTIONS", path, {})


@pytest.mark.parametrize("path", ["calibration", "topics?limit=1", "scorecards/forecaster/policy-desk", "schema"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_framework_does_not_see_what_is_kept(
    world: Story, monkeypatch: pytest.MonkeyPatch, path: str, method: str
) -> None:
    key = {"Authorization": f"Bearer {key_of(world, world.editor)}"}
    first = built("GET", path, {})

    def unseen(*_: object, **__: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(APIView, "initialize_request", unseen)
    for headers in ({}, key, {"If-None-Match": first[1]["ETag"]}):
        status, found, _ = seen(ask(method, path, headers))
        assert (status, found["ETag"]) == (304 if "If-None-Match" in headers else 200, first[1]["ETag"])


@pytest.fixture
def few(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one window, whatever the clock says."""
    settings.API_REQUESTS_PER_MINUTE, settings.API_KEY_REQUESTS_PER_MINUTE = 3, 5
    monkeypatch.setattr(throttling.time, "time", lambda: 1_700_000_000.0)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("headers", "statuses"),
    [
        ({}, [200] * 3 + [429] * 2),
        ({"Authorization": "Bearer KEY"}, [200] * 5 + [429] * 2),
        ({"Authorization": "Bearer rk_wrong"}, [401] * 3 + [429] * 2),
    ],
)
def test_what_is_kept_counts_as_well_and_once(world: Story, headers: Given, statuses: list[int]) -> None:
    key = key_of(world, world.editor)
    headers = {name: value.replace("KEY", key) for name, value in headers.items()}

    def asked(ask: Callable[[str, str, Given], Seen]) -> list[Seen]:
        throttling.caches["local"].clear()
        return [ask("GET", "calibration", headers) for _ in statuses]

    each_built = asked(built)
    assert [status for status, _, _ in each_built] == statuses
    seen(ask("GET", "calibration", {}))
    assert asked(lambda *request: seen(ask(*request))) == each_built
    assert ("Retry-After" in each_built[-1][1]) is (statuses[-1] == 429)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer rk_any"}])
def test_a_database_that_is_gone_is_said_as_ever(world: Story, headers: Given) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("gone")

    ask("GET", "calibration", {})
    with connection.execute_wrapper(gone):
        answer = ask("GET", "calibration", headers)
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (503, "5", "application/problem+json")


def test_a_page_that_is_kept_still_links_to_the_next(world: Story) -> None:
    _, headers, _ = again("GET", "forecasts?limit=2", {})
    assert headers["Link"].endswith('rel="next"')


def test_the_charset_of_a_body_does_not_change_what_an_address_says(world: Story) -> None:
    """Else a stranger could put what was found for other words under an address that others ask."""
    world.opened(statement="Zubrowka will be published by 30 June 2026.")
    path = "/api/v1/predictions?q=Zubrowka"
    right = Client().get(path).json()["results"]
    caches[ANSWERS].clear()
    assert Client().generic("GET", path, content_type="text/plain; charset=utf-16").json()["results"] == right != []  # type: ignore[attr-defined]


def test_an_address_is_what_was_sent(world: Story) -> None:
    """Bytes that are no ASCII are not those of their percent-encoding, were they taken for letters of Latin-1."""
    sent, other = "/api/v1/predictions?q=é", "/api/v1/predictions?q=Ã©"
    assert Client().get(sent)["ETag"] != Client().get(other)["ETag"]
