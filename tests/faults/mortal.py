"""A child process that works for a test and is killed there, as by the kernel, where the test says.

The children are forks of one server process that holds no thread, no connection and no test.
"""

import functools
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.process import BaseProcess
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    django.setup()  # here once, before the forks

from django.conf import settings
from django.db import connection

from forecasts.jobs import articles, assess, check, deadlines, digest, follow, upkeep, webhooks
from tests.faults.newsroom import sweep_until_quiet

PLACES = {
    "append": import_module("forecasts.actions.apply_import"),  # by that name the package has the action
    "claim_source": check,
    "record_check": check,
    "claim_link": articles,
    "record_link": articles,
    "claim_delivery": webhooks,
    "record_delivery": webhooks,
    "queue_event": webhooks,
    "close_prediction": deadlines,
    "mark_due": deadlines,
    "propose_resolution": assess,
    "score_predictions": follow,
    "refresh_calibration": follow,
    "advance_cursor": follow,
    "take_lease": digest,
    "note_verified": upkeep,
    "drop_snapshots": upkeep,
}
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Death:
    """Where to die: before or after the `nth` call of an action, or right before the `nth` commit."""

    where: str
    when: str = "before"
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.where} {self.nth}"


def work(death: Death | None = None, job: Callable[[], object] = sweep_until_quiet) -> int | None:
    """Sweep in a child until nothing is left to do, or until `death`; returns how the child ended, -9 for killed.

    `job` is done instead of the sweeps; it must pickle.
    """
    child = _child(death, job)
    child.join(60)
    return child.exitcode


@contextmanager
def begun(job: Callable[[], object]) -> Iterator[BaseProcess]:
    """A child that does `job`, which must pickle, until it is done, or is killed at the end of the block."""
    child = _child(None, job)
    try:
        yield child
    finally:
        child.kill()
        child.join(60)


def _child(death: Death | None, job: Callable[[], object]) -> BaseProcess:
    folder = str(settings.STORAGES["snapshots"]["OPTIONS"]["location"])
    given = (connection.settings_dict["NAME"], folder, settings.EVIDENCE_ALLOW_PRIVATE_HOSTS, death, job)
    child = _forks.Process(target=_live, args=given)
    child.start()
    return child


def _live(database: str, folder: str, allowed: list[str], death: Death | None, job: Callable[[], object]) -> None:
    connection.settings_dict["NAME"] = database
    settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = allowed
    settings.STORAGES["snapshots"]["OPTIONS"]["location"] = folder
    if death:
        _arrange(death)
    job()


def _arrange(death: Death) -> None:
    connection.ensure_connection()
    place: Any = connection if death.where == "commit" else PLACES[death.where]
    setattr(place, death.where, _mortal(getattr(place, death.where), death))


def _mortal(function: Callable[..., Any], death: Death) -> Callable[..., Any]:
    calls = 0

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if (calls, death.when) == (death.nth, "before"):
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        if (calls, death.when) == (death.nth, "after"):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return run
