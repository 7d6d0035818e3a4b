"""An import that is killed, and two of them at once: in the end each row is there once."""

import functools
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connections

from forecasts.actions import apply_import
from forecasts.ledger.verify import verify
from forecasts.models import Forecast, ImportRun, LedgerEntry, Prediction, PredictionGroup, Resolution, Topic
from tests.faults.mortal import Death, work
from tests.faults.test_two_workers import both
from tests.imported import LATER, bulk, settled, still_open
from tests.story import Story

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
ROWS = range(1, 21)


def brings() -> tuple[int, int]:
    """Import a file; how much of it was new, and how much was here."""
    rows = [settled(row, statement=f"Candidate {row} will win.", topics=("Elections",)) for row in ROWS]
    given = bulk(*rows, still_open(99, topics=("Elections",)))
    states = apply_import(bulk=given, at=LATER, by=User.objects.get(username="approver")).plan.states
    return states["new"], states["unchanged"]


ALL = 21 + 20 * 3 + 1 + 20, 1  # predictions, forecasts and outcomes; the forecaster was here


def once() -> None:
    """Everything is there once, under one entry, and the ledger holds."""
    assert (Prediction.objects.count(), Forecast.objects.count(), Resolution.objects.count()) == (21, 61, 20)
    assert (ImportRun.objects.count(), PredictionGroup.objects.count(), Topic.objects.count()) == (1, 1, 1)
    assert LedgerEntry.objects.filter(kind="import.applied").count() == 1
    assert verify().size == LedgerEntry.objects.count()


@pytest.mark.parametrize("death", [Death("append"), Death("append", "after"), Death("commit")], ids=str)
def test_killed_and_repeated(own_database: str, death: Death) -> None:
    Story.begin()
    assert work(death, brings) == -signal.SIGKILL
    assert not Prediction.objects.exists()
    assert work(job=brings) == 0
    once()


def test_killed_behind_the_commit_and_repeated(own_database: str) -> None:
    Story.begin()
    assert work(Death("commit", "after"), brings) == -signal.SIGKILL
    once()
    assert work(job=brings) == 0
    once()


def test_two_processes_at_once(own_database: str) -> None:
    Story.begin()
    connections.close_all()
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: work(job=brings), range(2))) == [0, 0]
    once()


def test_of_two_at_once_one_brings_all_and_the_other_hears_that_it_is_here(own_database: str) -> None:
    Story.begin()
    assert sorted(both(functools.partial(brings))) == [(0, sum(ALL)), ALL]
    once()
