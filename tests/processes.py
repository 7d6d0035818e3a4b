"""Real workers for the tests: a Celery process where there is a broker, the embedded loop where there is none."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from forecasts.jobs.embedded import Loop

needs_broker = pytest.mark.skipif(not settings.REDIS_URL, reason="needs a broker: python -m tests.servers -- pytest")
T = TypeVar("T")
TOP = Path(__file__).parent.parent
QUEUES = "upkeep,fetch,assess"


def database_url() -> str:
    """The URL of the database that this test uses now."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    login = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    return f"postgresql://{login}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """For a process of ours that shares the test's database and snapshot folder."""
    allowed = ",".join(settings.EVIDENCE_ALLOW_PRIVATE_HOSTS)
    ours = {"DATABASE_URL": database_url(), "RECKONER_VAR": str(folder), "EVIDENCE_ALLOW_PRIVATE_HOSTS": allowed}
    return {**os.environ, "SECRET_KEY": settings.SECRET_KEY, "REDIS_URL": settings.REDIS_URL, **ours, **more}


def start_celery(folder: Path, **more: str) -> subprocess.Popen[bytes]:
    """A Celery worker in a process group of its own, so that it and its children can be killed together."""
    command = [sys.executable, "-m", "celery", "-A", "project", "worker", "--queues", QUEUES, "--concurrency", "2"]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [*command, "--loglevel", "INFO"],
            cwd=TOP,
            env=environment(folder, **more),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def kill(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGKILL) -> None:
    if process.poll() is None:
        os.killpg(process.pid, how)
    process.wait(timeout=60)


@contextmanager
def worker(folder: Path) -> Iterator[Callable[[str], None]]:
    """Run a worker; yields a function that rings for a task by name, as beat would in its time."""
    if not settings.REDIS_URL:
        loop = Loop()
        loop.start()
        try:
            yield lambda task: None  # the loop sweeps by itself
        finally:
            loop.stop()
        return
    current_app.control.purge()
    process = start_celery(folder)
    try:
        yield ring_for
    finally:
        kill(process, signal.SIGTERM)


def ring_for(task: str) -> None:
    """Send the message that beat would send in its time."""
    current_app.send_task(f"forecasts.tasks.{task}", expires=60)


def wait_for(what: Callable[[], T], *, seconds: float = 60, meanwhile: Callable[[], object] = lambda: None) -> T:
    """Poll until `what` is true and return it; fail with what it is called."""
    ends = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds} s in vain for {getattr(what, '__name__', what)}")
        meanwhile()
        time.sleep(0.3)
    return found
