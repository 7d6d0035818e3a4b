"""How often one may ask, and what a client is told that asked too often"""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from redis import Redis

from forecasts.http import throttling
from forecasts.http.throttling import Budget, address_of
from tests.api.conftest import Send, key_of
from tests.servers import valkey
from tests.story import Story

Ask = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def few(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one window, whatever the clock says."""
    settings.API_REQUESTS_PER_MINUTE, settings.API_KEY_REQUESTS_PER_MINUTE = 3, 5
    monkeypatch.setattr(throttling.time, "time", lambda: 1_700_000_000.0)  # 20 s after a minute began


def test_it_works(ask: Ask) -> None:
    assert [ask("topics").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = ask("topics")
    assert answer["Retry-After"] == "40"
    assert (answer["Content-Type"], answer.json()["code"]) == ("application/problem+json", "too_many_requests")


def test_each_address_has_its_own_budget(ask: Ask) -> None:
    for _ in range(4):
        ask("topics")
    assert ask("topics", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_key_has_a_budget_of_its_own_wherever_it_is_used(ask: Ask, story: Story) -> None:
    headers = {"Authorization": f"Bearer {key_of(story, story.editor)}"}
    got = [ask("topics", headers=headers, REMOTE_ADDR=f"192.0.2.{number}").status_code for number in range(6)]
    assert got == [200] * 5 + [429]
    assert ask("topics").status_code == 200


def test_guessing_keys_spends_the_budget_of_the_address(ask: Ask) -> None:
    headers = {"Authorization": "Bearer rk_guess"}
    assert [ask("topics", headers=headers).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert ask("topics").status_code == 429


def test_writes_count_as_well(send: Send, story: Story) -> None:
    key = key_of(story, story.editor)
    for _ in range(5):
        send("predictions", {}, key, status=400)
    send("predictions", {}, key, status=429)


def shared(settings: Any, url: str) -> None:
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    settings.CACHES = {**settings.CACHES, "default": redis}


def test_while_redis_is_gone_each_process_counts_alone(settings: Any) -> None:
    shared(settings, "redis://127.0.0.1:1/0")
    budget = Budget("test", 60, lambda: 2)
    assert [bool(budget.spend("somebody")) for _ in range(3)] == [False, False, True]


def test_with_redis_all_processes_count_together(settings: Any) -> None:
    with valkey() as url:
        shared(settings, url)
        budget = Budget("test", 60, lambda: 2)
        assert [budget.spend("somebody"), budget.spend("somebody")] == [0, 0]
        throttling._redis.cache_clear()  # as another process, which asks on a connection of its own
        assert [budget.spend("somebody"), budget.spend("other")] == [40, 0]
        budget.give_back("somebody")
        with Redis.from_url(url) as redis:
            [key] = redis.keys("*somebody*")
            assert (redis.get(key), 0 < redis.ttl(key) <= 60) == (b"2", True)
        throttling._redis(url).close()


def test_what_is_given_back_may_be_spent_again() -> None:
    budget = Budget("test", 60, lambda: 1)
    assert budget.spend("somebody") == 0
    budget.give_back("somebody")
    assert (budget.spend("somebody"), budget.spend("somebody")) == (0, 40)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "found"),
    [
        (0, "", "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.9", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9", "10.0.0.1", "198.51.100.9"),
        (1, "203.0.113.5, 198.51.100.9", "10.0.0.1", "198.51.100.9"),
        (2, "203.0.113.5, 198.51.100.9", "10.0.0.1", "203.0.113.5"),
        (2, "198.51.100.9", "10.0.0.1", "198.51.100.9"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "<script>", "10.0.0.1", "unknown"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_an_address_is_what_our_outermost_proxy_has_seen(
    settings: Any, proxies: int, forwarded: str, remote: str, found: str
) -> None:
    settings.PROXIES_IN_FRONT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == found
