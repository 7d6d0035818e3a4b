"""Asking the API, and the states of the world that several routes are asked about."""

import json
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecasts.actions import make_api_key
from tests.api.world import draft_with_article
from tests.story import DAY, Story


class Get(Protocol):
    def __call__(self, path: str, /, status: int = 200, **parameters: Any) -> Any: ...


class Send(Protocol):
    def __call__(
        self, path: str, body: Any, key: str = "", /, status: int = 201, method: str = "POST", **given: Any
    ) -> Any: ...


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


@pytest.fixture
def send(db: None) -> Send:
    """Post (or PATCH) `body` as JSON with a key, and return the answer after checking its status."""

    def send(path: str, body: Any, key: str = "", /, status: int = 201, method: str = "POST", **given: Any) -> Any:
        headers = {**({"Authorization": f"Bearer {key}"} if key else {}), **given.pop("headers", {})}
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        given = {"content_type": "application/json", **given}
        answer = Client().generic(method, f"/api/v1/{path}", data, headers=headers, **given)
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == ("application/json" if status < 400 else "application/problem+json")
        return answer

    return send


@pytest.fixture
def editing(story: Story) -> str:
    """A key of the editor for everything that she may do."""
    return key_of(story, story.editor)


def key_of(story: Story, user: User, *scopes: str, by: User | None = None) -> str:
    """The secret of a key that works today."""
    now = timezone.now()
    made = make_api_key(
        user=user,
        name="test",
        scopes=scopes or ("read", "forecast", "edit"),
        expires_at=now + DAY,
        at=now,
        by=by or story.editor,
    )
    return made.secret
