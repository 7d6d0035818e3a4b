"""How soon a change shows: at once to whoever may have made it, to others within a second."""

from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecasts.actions import make_api_key
from forecasts.http import standing
from tests.story import DAY, Story

PAGES = ("/", "/api/v1/predictions")


@pytest.fixture
def clock(clock: object, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that a test moves, and a second in which nothing is asked anew."""
    seconds = [100.0]
    monkeypatch.setattr(standing, "FRESH", 1.0)
    monkeypatch.setattr(standing, "_recent", standing._Recent())
    monkeypatch.setattr(standing.time, "monotonic", lambda: seconds[0])
    return seconds


@pytest.mark.parametrize("address", PAGES)
def test_a_reader_sees_a_change_a_second_later(
    client: Client, story: Story, clock: list[float], address: str, queries: CaptureQueriesContext
) -> None:
    story.opened(statement="Rivers will rise.")
    before = client.get(address)
    asked = len(queries)
    assert client.get(address).content == before.content
    assert client.get(address, headers={"If-None-Match": before["ETag"]}).status_code == 304
    assert len(queries) == asked  # nothing at all
    story.opened(statement="Roads will close.")
    clock[0] += 0.9
    assert client.get(address).content == before.content
    clock[0] += 0.2
    assert b"Roads will close." in client.get(address).content


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("known_by", ["session", "key"])
def test_who_may_have_made_it_sees_it_at_once(
    client: Client, story: Story, clock: list[float], address: str, known_by: str
) -> None:
    client.get(address)
    if known_by == "session":
        client.force_login(story.editor)
    now = timezone.now()
    made = make_api_key(
        user=story.editor, name="wire", scopes=["forecast"], expires_at=now + DAY, at=now, by=story.editor
    )
    headers = {"Authorization": f"Bearer {made.secret}"} if known_by == "key" else {}
    story.opened(statement="Roads will close.")
    assert b"Roads will close." in client.get(address, headers=headers).content


@pytest.mark.parametrize("address", ["/forecasters/none/", "/api/v1/predictions/none", "/topics/none/"])
@pytest.mark.parametrize("headers", [{"If-None-Match": "*"}, {"If-Match": "*"}])
def test_what_is_not_there_is_never_called_unchanged(
    client: Client, story: Story, address: str, headers: dict[str, Any]
) -> None:
    assert client.get(address, headers=headers).status_code == 404
