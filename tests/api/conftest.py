"""Asking the API, and the states of the world that several routes are asked about."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.world import draft_with_article
from tests.story import Story


class Get(Protocol):
    def __call__(self, path: str, /, status: int = 200, **parameters: Any) -> Any: ...


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Nobody logs in here; a hash that is slow on purpose would take most of the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ask(db: None) -> Callable[..., HttpResponse]:
    """The whole response."""

    def ask(path: str, **given: Any) -> HttpResponse:
        return Client().get(f"/api/v1/{path}", **given)

    return ask


@pytest.fixture
def get(ask: Callable[..., HttpResponse]) -> Get:
    """The parsed body, after checking the status and that a body has the right type."""

    def get(path: str, /, status: int = 200, **parameters: Any) -> Any:
        response = ask(path, query_params=parameters)
        assert response.status_code == status, response.content
        assert response["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")
        return response.json()

    return get


@pytest.fixture
def count_queries(get: Get) -> Callable[..., int]:
    def count(path: str, **parameters: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            get(path, **parameters)
        return len(captured)

    return count


@pytest.fixture
def secret(story: Story) -> str:
    """A word that stands only in a draft and in the article it was made in."""
    word = "Zubrowka"
    draft_with_article(story, word)
    return word
