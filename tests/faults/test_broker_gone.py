"""Without a broker, or with one that forgot everything, nothing is lost and no request waits."""

import logging
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app
from django.test import Client

from forecasts.jobs import doorbell
from forecasts.models import Finding, LedgerEntry, Prediction
from tests.faults.newsroom import Newsroom, is_quiet
from tests.journeys.desk import Desk
from tests.processes import needs_broker, ring_for, wait_for, worker
from tests.wire import serving

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
    """A broker's address at which nobody listens, and the messages that were tried there."""
    current_app.conf.humanize()  # the app reads its settings once, on first use: let that be before they change
    settings.REDIS_URL = NOBODY
    monkeypatch.setattr(doorbell, "_quiet_until", 0.0)
    tried: list[str] = []
    real = current_app.send_task

    def send(name: str, **options: Any) -> Any:
        tried.append(name)
        with current_app.connection_for_write(NOBODY) as connection:
            return real(name, connection=connection, **options)

    monkeypatch.setattr(current_app, "send_task", send)
    return tried


def test_a_decision_at_the_desk_stands_when_the_broker_is_gone(
    own_database: str, doors: list[str], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with serving() as wire:
        room = Newsroom.begin(wire, predictions=1, sources=1)
    doors.clear()
    caplog.clear()
    doorbell._quiet_until = 0.0
    [prediction] = Prediction.objects.all()
    before = LedgerEntry.objects.count()
    with caplog.at_level(logging.WARNING, "forecasts.jobs.doorbell"):
        for text in ("The gazette of May is silent.", "The gazette of June is silent."):
            given = {"title": text, "text": text, "quote": text, "stance": "related"}
            Desk(room.story.editor).do(prediction, "find", **given)
    assert LedgerEntry.objects.count() == before + 2
    assert doors == ["forecasts.tasks.follow"], "after the first failure the broker is left alone for a while"
    [warning] = [record for record in caplog.records if record.name == "forecasts.jobs.doorbell"]
    assert "the sweep will follow" in warning.getMessage()
    assert Client().get(prediction.get_absolute_url()).status_code == 200


@needs_broker
def test_what_a_flushed_broker_forgot_the_next_sweep_finds(own_database: str, settings: Any, tmp_path: Path) -> None:
    def sweep() -> None:
        for task in ("pass_deadlines", "dispatch_due", "follow"):
            ring_for(task)

    with serving() as wire:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [wire.host]
        room = Newsroom.begin(wire, predictions=4, sources=2)
        sweep()
        redis.Redis.from_url(settings.REDIS_URL).flushall()
        with worker(tmp_path):
            wait_for(lambda: Finding.objects.count() == 2, meanwhile=sweep)
            redis.Redis.from_url(settings.REDIS_URL).flushall()
            wait_for(lambda: room.accept_all() == 0 and is_quiet(), meanwhile=sweep)
