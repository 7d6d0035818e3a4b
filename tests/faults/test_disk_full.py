"""A disk that is really full: nothing half-written, nothing lost, and all goes on by itself when there is room."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from forecasts.actions import action
from forecasts.jobs.check import check_source
from forecasts.jobs.follow import follow
from forecasts.ledger.verify import verify
from forecasts.models import Check, EvidenceSource, Finding, Snapshot
from tests.faults.newsroom import PUBLISHED, Newsroom, leases_run_out, rule
from tests.wire import Wire, serving

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own in memory, of `size`; gone at the end, whatever happened."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        connections.close_all()
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """Leave no room at all; returns the file that takes it."""
    path = disk / "filling"
    with path.open("ab", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            with suppress(OSError):
                while file.write(b"x" * size):
                    pass
    assert os.statvfs(disk).f_bavail == 0
    return path


@action
def time_passes() -> None:
    """As long as a failed check waits, without waiting for it."""
    EvidenceSource.objects.update(next_check_at=PUBLISHED)


def look(source: EvidenceSource) -> bool:
    source.refresh_from_db()
    return check_source(source.pk, source.next_check_at)


@pytest.fixture
def wire(settings: Any) -> Iterator[Wire]:
    with serving() as found:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [found.host]
        yield found


def publish_at_length(wire: Wire) -> None:
    """News that do not pack well, of about 200 kB."""
    noise = random.Random(1).randbytes(100_000).hex()  # noqa: S311 -- bulk, not secrets
    wire.publish(f"{rule(0)} in full", f"The text: {noise}", at=PUBLISHED)


@pytest.mark.parametrize("room", [0, 20_000], ids=["no room", "room for a part"])
def test_a_full_snapshot_store_fails_the_check_and_the_next_one_recovers(
    own_database: str, wire: Wire, settings: Any, tmp_path: Path, room: int
) -> None:
    [source] = Newsroom.begin(wire, predictions=1, sources=1).sources
    publish_at_length(wire)
    with small_disk(tmp_path / "disk", "1m") as disk:
        settings.STORAGES["snapshots"]["OPTIONS"]["location"] = disk
        filling = fill(disk)
        os.truncate(filling, filling.stat().st_size - room)
        assert look(source)
        failed = Check.objects.get()
        assert (failed.status, failed.error_code, failed.snapshot) == ("failed", "snapshot_store", None)
        assert failed.error.endswith("the snapshot store must be writable to keep it: No space left on device")
        assert [path for path in disk.rglob("*") if path.is_file()] == [filling]
        assert not Finding.objects.exists()
        assert not Snapshot.objects.exists()
        source.refresh_from_db()
        assert (source.failure_count, source.paused, source.lease_id) == (1, False, None)
        filling.unlink()
        time_passes()
        assert look(source)
        kept = Snapshot.objects.get()
        assert [path for path in disk.rglob("*") if path.is_file()] == [disk / kept.storage_name]
        assert Finding.objects.get().snapshot == kept
        source.refresh_from_db()
        assert source.failure_count == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the disk of PostgreSQL is not ours to fill")
@pytest.mark.parametrize("during", [False, True], ids=["before the check", "during the check"])
def test_a_database_without_room_loses_nothing_and_goes_on(
    own_database: str, wire: Wire, tmp_path: Path, during: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    [source] = Newsroom.begin(wire, predictions=1, sources=1).sources
    follow()
    with small_disk(tmp_path / "disk", "16m") as disk, moved_database(disk):
        publish_at_length(wire)
        answer = wire.answer
        if during:
            monkeypatch.setattr(wire, "answer", lambda: fill(disk) and answer())
        else:
            fill(disk)
        with pytest.raises(OperationalError, match=r"full|disk I/O"):
            look(source)
        assert verify().size
        assert not Check.objects.exists()
        assert not Finding.objects.exists()
        monkeypatch.setattr(wire, "answer", answer)
        (disk / "filling").unlink()
        leases_run_out()
        assert look(source)
        follow()
        assert (Check.objects.get().status, Finding.objects.count()) == ("ok", 1)
        verify()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",)


@contextmanager
def moved_database(disk: Path) -> Iterator[None]:
    """Work on a copy of the test's database that lies on `disk`, with nothing waiting in its log."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(disk / "reckoner.sqlite3")])
    connections.close_all()
    connection.settings_dict["NAME"] = str(disk / "reckoner.sqlite3")
    leases_run_out()  # the first write makes the log, as in a worker that has run for a while
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = name
