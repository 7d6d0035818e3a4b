"""Upkeep that is killed between a row and its file, or done by two at once, loses nothing that is cited."""

import functools
import signal
from pathlib import Path

import pytest
from django.core.files.storage import storages

from forecasts.jobs.upkeep import LEASE, delete_file, strays, upkeep
from forecasts.models import Snapshot
from tests.faults.mortal import Death, work
from tests.faults.test_two_workers import both
from tests.jobs.test_upkeep import NOW, cite, keep

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
DEATHS = (
    Death("note_verified", "before"),
    Death("note_verified", "after"),
    Death("drop_snapshots", "before"),
    Death("commit", "before", 3),
    Death("drop_snapshots", "after"),
)


def files() -> set[str]:
    kept = Path(storages["snapshots"].path(""))
    return {str(path.relative_to(kept)) for path in kept.rglob("*.gz")}


def begin() -> Snapshot:
    """One snapshot that a source stands on, and three that nothing cites; returns the first."""
    cited = keep(name="last_snapshot")
    cite(row=cited, how="last_snapshot")
    for number in range(3):
        keep(name=str(number))
    return cited


def test_killed_anywhere_it_leaves_files_without_rows_at_worst(own_database: str) -> None:
    cited, now = begin(), NOW
    for death in DEATHS:
        assert {row.storage_name for row in Snapshot.objects.all()} <= files(), death
        assert (death, work(death, functools.partial(upkeep, now))) == (death, -signal.SIGKILL)
        now += LEASE
    assert list(Snapshot.objects.all()) == [cited]
    assert len(files()) == 4  # the last one was killed behind the rows and before the files
    for stray in strays():
        delete_file(stray.name)
    assert files() == {cited.storage_name}
    assert work(job=functools.partial(upkeep, now)) == 0


def test_two_at_once_do_it_once(own_database: str) -> None:
    cited = begin()
    assert sorted(both(upkeep, NOW)) == [0, 4]
    assert files() == {cited.storage_name}
