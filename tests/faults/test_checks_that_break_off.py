"""A check that breaks off: the source is free for the next worker, and readers see that it was not checked."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from forecasts.actions import save_source
from forecasts.jobs import check
from forecasts.models import Check, EvidenceSource, Finding, Snapshot
from tests.faults.newsroom import Newsroom
from tests.wire import Wire, serving


@pytest.fixture
def wire(settings: Any) -> Any:
    with serving() as found:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [found.host]
        yield found


def look(source: EvidenceSource) -> bool:
    source.refresh_from_db()
    return check.check_source(source.pk, source.next_check_at)


@pytest.mark.django_db
def test_a_lost_database_gives_the_lease_back(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    [source] = Newsroom.begin(wire, predictions=1, sources=1).sources
    real = check.record_check

    def lost(**given: Any) -> Check:
        raise OperationalError("database is locked")

    monkeypatch.setattr(check, "record_check", lost)
    with pytest.raises(OperationalError, match="locked"):
        look(source)
    source.refresh_from_db()
    assert (source.lease_id, source.crash_count) == (None, 1)
    monkeypatch.setattr(check, "record_check", real)
    assert look(source)
    assert Finding.objects.count() == 1


@pytest.mark.django_db
def test_a_check_that_breaks_off_three_times_is_quarantined_and_one_click_retries(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Newsroom.begin(wire, predictions=1, sources=1)
    [source] = room.sources

    def broken(*given: Any) -> None:
        raise KeyError("a mistake of ours")

    with monkeypatch.context() as patch:
        patch.setattr(check, "_look", broken)
        for _ in range(3):
            with pytest.raises(KeyError):
                look(source)
        assert not look(source)
    source.refresh_from_db()
    assert source.paused
    assert source.paused_reason == "quarantined: its check broke off 3 times"
    source.paused = False
    save_source(source=source, at=timezone.now(), by=room.story.editor)
    assert look(source)
    assert Check.objects.get().status == "ok"


@pytest.mark.django_db
def test_what_an_operator_changes_during_a_check_stays(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Newsroom.begin(wire, predictions=1, sources=1)
    [source] = room.sources
    real = check._look

    def pause_meanwhile(row: EvidenceSource, started_at: dt.datetime) -> Any:
        found = real(row, started_at)
        mine = EvidenceSource.objects.get(pk=row.pk)
        mine.paused, mine.paused_reason, mine.title = True, "they asked us to stop", "Wire, paused"
        save_source(source=mine, at=timezone.now(), by=room.story.editor)
        return found

    monkeypatch.setattr(check, "_look", pause_meanwhile)
    look(source)
    source.refresh_from_db()
    assert (source.paused, source.paused_reason, source.title) == (True, "they asked us to stop", "Wire, paused")
    assert source.last_good_check_at is not None


@pytest.mark.django_db
def test_a_snapshot_store_that_cannot_be_written_fails_the_check_with_a_reason(
    wire: Wire, tmp_path: Path, settings: Any
) -> None:
    [source] = Newsroom.begin(wire, predictions=1, sources=1).sources
    (tmp_path / "full").write_text("a file where the folder should be")
    settings.STORAGES["snapshots"]["OPTIONS"]["location"] = tmp_path / "full"
    assert look(source)
    row = Check.objects.get()
    assert (row.status, row.error_code) == ("failed", "snapshot_store")
    assert row.error == f"{source.url} was read, but the snapshot store must be writable to keep it: Not a directory"
    assert not Finding.objects.exists()
    source.refresh_from_db()
    assert (source.failure_count, source.paused) == (1, False)


@pytest.mark.django_db
def test_a_snapshot_that_was_cut_off_while_it_was_written_is_written_again(wire: Wire, settings: Any) -> None:
    first, second = Newsroom.begin(wire, predictions=1, sources=2).sources
    look(first)
    snapshot = Snapshot.objects.get()
    kept = Path(settings.STORAGES["snapshots"]["OPTIONS"]["location"], snapshot.storage_name)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:100])
    look(second)
    assert kept.read_bytes() == whole
    assert list(kept.parent.iterdir()) == [kept]
