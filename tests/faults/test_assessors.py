"""Workers together, and workers killed while the language model thinks: caps hold, and no call is forgotten."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from forecasts.jobs.assessments import assess
from forecasts.jobs.embedded import Loop
from forecasts.models import Assessment, AssessorCall, Heartbeat, Proposal
from forecasts.queries.assessments import spend_today, standing, waiting_findings
from tests.assessing import HOUR, found, model_at_work, passes, told_by_two
from tests.evidence.assessors.model import Answer, ModelServer, read_words
from tests.processes import TOP, environment, kill, needs_broker, ring_for, start_celery, wait_for
from tests.story import Story

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
WORKERS = 4


@pytest.fixture
def newsroom(own_database: str) -> Iterator[Story]:
    return Story.begin()


@pytest.fixture
def model(settings: Any) -> Iterator[ModelServer]:
    with model_at_work(settings) as server:
        yield server


def together(job: Any) -> None:
    start, failures = threading.Barrier(WORKERS), []

    def run() -> None:
        try:
            start.wait()
            job()
        except Exception as error:  # a thread's failure must fail the test
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def asking(settings: Any) -> dict[str, str]:
    """What a process needs to know to ask the model."""
    return {
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "ASSESSOR_LLM_URL": settings.ASSESSOR_LLM_URL,
        "ASSESSOR_LLM_MODEL": settings.ASSESSOR_LLM_MODEL,
        "ASSESSOR_LLM_HOSTS": ",".join(settings.ASSESSOR_LLM_HOSTS),
        "ASSESSOR_LLM_ANSWER_PRICE": "1",
    }


def slowly(text: str) -> Answer:
    time.sleep(0.05)
    return read_words(text)


@pytest.mark.parametrize("cap", ["ASSESSOR_CALLS_PER_DAY", "ASSESSOR_CALLS_PER_PREDICTION"])
def test_workers_together_never_pass_a_cap(newsroom: Story, model: ModelServer, settings: Any, cap: str) -> None:
    prediction = newsroom.opened()
    for number in range(9):
        found(prediction=prediction, text=f"On day {number} nothing was decided, nor will it be.")
    setattr(settings, cap, 5)
    model.mind = slowly
    together(assess)
    assert len(model.posted) == AssessorCall.objects.count() == Assessment.objects.count() == 5


def test_workers_together_ask_and_propose_once(newsroom: Story, model: ModelServer) -> None:
    for _ in range(3):
        told_by_two(newsroom.opened())
    model.mind = slowly
    together(assess)
    assess()
    assert len(set(model.posted)) == len(model.posted) == Assessment.objects.count() == 6
    assert Proposal.objects.count() == 3


def test_no_transaction_is_open_while_the_model_thinks(newsroom: Story, model: ModelServer) -> None:
    """The criteria are amended meanwhile, over another connection; what the model makes of the old ones is not used."""
    prediction = newsroom.opened()
    finding = found(prediction=prediction)

    def amends(text: str) -> Answer:
        try:
            newsroom.amends(prediction, {"criteria": "Something else."}, at=timezone.now(), reason="it was unclear")
        finally:
            connections.close_all()
        return read_words(text)

    model.mind = amends
    assert assess() == 1
    assert standing(prediction) == []
    model.mind = read_words
    assert assess() == 1
    assert [row.finding for row in standing(prediction)] == [finding]
    assert assess() == 0
    assert len(model.posted) == 2


def test_a_worker_killed_while_the_model_thinks_leaves_a_call_that_counts(
    newsroom: Story, model: ModelServer, settings: Any, tmp_path: Path
) -> None:
    prediction = newsroom.opened()
    finding = found(prediction=prediction)
    worker: list[subprocess.Popen[bytes]] = []

    def kills(text: str) -> Answer:
        os.kill(worker[0].pid, signal.SIGKILL)
        worker[0].wait()
        return read_words(text)

    model.mind = kills
    code = "import django; django.setup(); from forecasts.jobs.assessments import assess; assess()"
    worker.append(
        subprocess.Popen([sys.executable, "-c", code], cwd=TOP, env=environment(tmp_path, **asking(settings)))
    )
    assert worker[0].wait(timeout=30) == -signal.SIGKILL

    call = AssessorCall.objects.get()
    assert (call.ended_at, call.cost_micros) == (None, 900)
    spend = spend_today(timezone.now(), prediction.pk)
    assert (spend.calls, spend.cost_micros, spend.prediction_calls, spend.prediction_cost_micros) == (1, 900, 1, 900)
    model.mind = read_words
    assert assess() == 0  # as far as anybody knows it is under way
    passes(time=HOUR)
    assert [row.tries for row in waiting_findings(timezone.now())] == [1]  # type: ignore[attr-defined]  # annotated
    assert assess() == 1
    assert (len(model.posted), finding.assessments.count()) == (2, 1)


@needs_broker
def test_a_celery_worker_assesses_and_proposes(
    newsroom: Story, model: ModelServer, settings: Any, tmp_path: Path
) -> None:
    told_by_two(newsroom.opened())
    worker = start_celery(tmp_path, **asking(settings))
    try:
        wait_for(Proposal.objects.exists, meanwhile=lambda: ring_for("assess_waiting"))
    finally:
        kill(worker, signal.SIGTERM)
    assert Assessment.objects.count() == len(model.posted) == 2


def test_the_embedded_loop_goes_on_while_the_model_thinks(
    newsroom: Story, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forecasts.jobs.embedded.SWEEP_EVERY", 0.1)
    monkeypatch.setattr("forecasts.jobs.embedded.TICK", 0.05)
    told_by_two(newsroom.opened())
    answering = threading.Event()

    def waits(text: str) -> Answer:
        answering.wait(timeout=5)
        return read_words(text)

    model.mind = waits
    loop = Loop()
    loop.start()
    try:
        wait_for(lambda: model.posted)
        asked_at = timezone.now()
        wait_for(lambda: Heartbeat.objects.filter(name="scheduler", beat_at__gt=asked_at).exists())
        assert len(model.posted) == 1  # one at a time
    finally:
        answering.set()
        loop.stop()
    assert AssessorCall.objects.exclude(ended_at=None).count() == Assessment.objects.count() >= 1
