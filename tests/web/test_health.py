from typing import Any

import pytest
from django.db import connection
from django.test import Client

from forecasts.actions import save_source
from forecasts.models import EvidenceSource
from tests.story import DAY, DEADLINE, START, Story


def test_the_process_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_it_works(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_follower_that_lags_is_named_with_the_entry_that_waits(client: Client, story: Story) -> None:
    assert client.get("/readyz").status_code == 503
    assert "follower scoring: entry 1 waits since 2026-01-01T12:00:00+00:00" in client.get("/readyz").content.decode()
    story.scores()
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_check_that_is_overdue_is_named(client: Client, story: Story) -> None:
    due = DEADLINE + 13 * DAY
    source = EvidenceSource(title="Wire", url="http://wire.test/feed", next_check_at=due)
    save_source(source=source, at=START, by=story.editor)
    story.scores()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode()) == (503, f"checks: one was due at {due.isoformat()}\n")


@pytest.fixture
def without_migration(db: None) -> None:
    with connection.cursor() as cursor:
        last = "SELECT MAX(name) FROM django_migrations WHERE app = 'forecasts'"
        cursor.execute(f"DELETE FROM django_migrations WHERE app = 'forecasts' AND name IN ({last})")  # noqa: S608


def test_a_migration_that_is_not_applied_is_named(client: Client, without_migration: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode()) == (503, "migrations: 1 are not applied\n")


def test_a_database_that_does_not_answer_is_named(client: Client, own_database: str, tmp_path: Any) -> None:
    connection.close()
    kept = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(tmp_path / "nowhere" / "db") if connection.vendor == "sqlite" else "nowhere"
    answer = client.get("/readyz")
    connection.close()
    connection.settings_dict["NAME"] = kept
    assert (answer.status_code, answer.content) == (503, b"database: it does not answer\n")
