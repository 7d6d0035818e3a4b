"""A Celery worker that is killed again and again, at moments nobody chose, ends where an undisturbed one does."""

import random
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import copy_of_database
from tests.faults.newsroom import (
    Newsroom,
    assert_sound,
    differences,
    is_quiet,
    leases_run_out,
    state,
    sweep_until_quiet,
)
from tests.processes import kill, needs_broker, ring_for, start_celery, wait_for, worker
from tests.wire import Wire, serving

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), needs_broker]
PREDICTIONS, SOURCES, KILLS = 24, 8, 6


def sweep() -> None:
    for task in ("pass_deadlines", "dispatch_due", "follow"):
        ring_for(task)


@pytest.fixture
def wire(settings: Any) -> Any:
    with serving() as found:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [found.host]
        found.seconds = 0.1  # so that some deaths fall into a fetch
        yield found


@pytest.fixture
def undisturbed(django_db_setup: None, django_db_blocker: DjangoDbBlocker, wire: Wire) -> dict[str, Any]:
    with copy_of_database(django_db_blocker):
        room = Newsroom.begin(wire, predictions=PREDICTIONS, sources=SOURCES)
        sweep_until_quiet()
        assert room.accept_all() == PREDICTIONS
        sweep_until_quiet()
        return state()


def test_a_worker_killed_at_random_moments_loses_nothing_and_doubles_nothing(
    undisturbed: dict[str, Any], own_database: str, wire: Wire, tmp_path: Path
) -> None:
    wire.items.clear()
    room = Newsroom.begin(wire, predictions=PREDICTIONS, sources=SOURCES)
    chance = random.Random()  # noqa: S311 -- moments, not secrets
    for _ in range(KILLS):
        begun = progress()
        process = start_celery(tmp_path)
        try:
            wait_for(lambda begun=begun: progress() > begun or is_quiet(), meanwhile=sweep)
            time.sleep(chance.uniform(0, 0.5))
        finally:
            kill(process)
        leases_run_out()
        room.retry_at_once()
        room.accept_all()
    with worker(tmp_path):
        wait_for(lambda: room.accept_all() == 0 and is_quiet(), meanwhile=sweep)
    assert_sound()
    assert differences(state(), undisturbed) == {}


def progress() -> int:
    """How far the followers have read and the sources were checked: it grows with every step."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT sum(seq) FROM forecasts_cursor) + (SELECT count(*) FROM forecasts_check)")
        return int(cursor.fetchone()[0])
