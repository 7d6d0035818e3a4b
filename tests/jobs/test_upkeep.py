"""Upkeep: snapshots are read again and held against their digests; what nothing cites is let go after 90 days."""

import datetime as dt
import gzip
import hashlib
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from forecasts.actions import action, drop_snapshots
from forecasts.jobs import upkeep as keeping
from forecasts.jobs.upkeep import KEPT, drop_uncited, share_to_verify, strays, upkeep, upkeep_due, verify
from forecasts.models import Check, CheckStatus, EvidenceSource, Finding, Forecast, SeriesPrint, Snapshot
from forecasts.queries.desk import desk
from forecasts.queries.evidence import CITING
from tests.journeys.desk import Desk
from tests.story import DAY, START, Story

pytestmark = pytest.mark.django_db
NOW = START + dt.timedelta(days=200)
OLD = NOW - KEPT - DAY


@action
def keep(*, name: str, at: dt.datetime = OLD) -> Snapshot:
    """A snapshot as a check leaves it: the file first, then the row."""
    body = name.encode()
    row = Snapshot(
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        fetched_at=at,
        text=f"text of {name}",
        text_sha256=hashlib.sha256(f"text of {name}".encode()).hexdigest(),
        url=f"http://news.test/{name}",
    )
    storages["snapshots"].save(row.storage_name, ContentFile(gzip.compress(body, mtime=0)))
    row.save()
    return row


def file_of(row: Snapshot) -> Path:
    return Path(storages["snapshots"].path(row.storage_name))


def pack(row: Snapshot, body: bytes) -> None:
    file_of(row).write_bytes(gzip.compress(body, mtime=0))


def faults() -> dict[str, str]:
    return dict(Snapshot.objects.values_list("url", "fault"))


def verify_all() -> None:
    verify(list(Snapshot.objects.values_list("pk", flat=True)))


def test_it_works() -> None:
    row = keep(name="a", at=NOW)
    assert upkeep_due(NOW)
    assert upkeep(NOW) == 1
    row.refresh_from_db()
    assert row.verified_at
    assert (row.fault, upkeep_due(NOW), upkeep(NOW)) == ("", False, 0)
    assert not upkeep_due(NOW + DAY - dt.timedelta(seconds=1))
    assert upkeep_due(NOW + DAY)


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (lambda row: file_of(row).unlink(), "the file is missing"),
        (lambda row: pack(row, b"b"), "the bytes have another hash"),
        (lambda row: pack(row, b"a and more"), "the bytes have another length"),
        (lambda row: pack(row, b"\0" * 50_000_000), "the bytes have another length"),
        (lambda row: file_of(row).write_bytes(b"plain"), "the file cannot be read: "),
        (lambda row: file_of(row).write_bytes(file_of(row).read_bytes()[:-3]), "the file cannot be read: "),
    ],
    ids=["missing", "altered", "longer", "bomb", "not packed", "cut"],
)
def test_a_fault_is_noted_stands_on_the_desk_and_goes_when_it_is_gone(harm: Any, fault: str, story: Story) -> None:
    row = keep(name="a", at=NOW)
    whole = file_of(row).read_bytes()
    harm(row)
    verify_all()
    assert faults()[row.url].startswith(fault)
    section = next(each for each in desk(NOW).sections if each.name == "Snapshots damaged")
    assert (section.count, section.broken) == (1, True)
    page = Desk(story.editor)
    assert fault in page.get("/desk/").content.decode()
    assert "1 snapshot" in page.get(f"/desk/forecasts/{section.more_url}").content.decode()
    assert fault in page.get(f"/desk/forecasts/{section.lines[0].url}").content.decode()
    file_of(row).write_bytes(whole)
    verify_all()
    assert faults() == {row.url: ""}


def test_a_text_that_was_altered_is_a_fault_too() -> None:
    row = keep(name="a")
    _alter(row=row)
    verify_all()
    assert faults() == {row.url: "the text has another hash"}


@action
def _alter(*, row: Snapshot) -> None:
    Snapshot.objects.filter(pk=row.pk).update(text="something else")


def test_what_an_editor_copied_has_no_file_and_needs_none(story: Story) -> None:
    story.sees(story.opened(), at=START)
    verify_all()
    assert set(faults().values()) == {""}


def test_one_in_a_hundred_is_read_the_longest_unread_first_and_the_damaged_on_top() -> None:
    rows = [keep(name=str(number)) for number in range(101)]
    file_of(rows[7]).unlink()
    verify([rows[7].pk, rows[0].pk])
    assert share_to_verify() == [rows[1].pk, rows[2].pk, rows[7].pk]
    verify([row.pk for row in rows[1:]])
    assert share_to_verify() == [rows[0].pk, rows[1].pk, rows[7].pk]


def test_a_run_is_bounded_in_number_and_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [keep(name=f"{number:04}") for number in range(5)]
    monkeypatch.setattr(keeping, "SHARE", 1)
    monkeypatch.setattr(keeping, "MOST", 4)
    assert len(share_to_verify()) == 4
    monkeypatch.setattr(keeping, "MOST_BYTES", 8)
    assert share_to_verify() == [rows[0].pk, rows[1].pk]
    monkeypatch.setattr(keeping, "MOST_BYTES", 1)
    assert share_to_verify() == [rows[0].pk]  # one at least, or the largest would never have its turn


def test_every_way_to_point_at_a_snapshot_is_a_citation_or_a_check() -> None:
    pointing = {
        (field.related_model, field.field.name)
        for field in Snapshot._meta.get_fields(include_hidden=True)
        if field.auto_created and field.is_relation
    }
    assert pointing == {*CITING, (Check, "snapshot")}
    assert {model for model, _ in CITING} == {Finding, Forecast, SeriesPrint, EvidenceSource}


@action
def cite(*, row: Snapshot, how: str) -> None:
    source = EvidenceSource(title=how, url=f"http://news.test/{how}", next_check_at=START)
    if how in ("last_snapshot", "seen_once"):
        setattr(source, how, row)
    source.save()
    if how == "print":
        SeriesPrint.objects.create(
            source=source, label="x", start=START, end=START, value="1", first_seen_at=START, snapshot=row
        )
    if how == "check":
        given = {"due_at": START, "started_at": START, "ended_at": START, "status": CheckStatus.OK}
        Check.objects.create(source=source, snapshot=row, **given)


def test_only_what_nothing_cites_goes_and_only_after_ninety_days(story: Story) -> None:
    kept = [keep(name=how) for how in ("last_snapshot", "seen_once", "print")]
    for row in kept:
        cite(row=row, how=row.url.rpartition("/")[2])
    finding = story.sees(story.opened(), at=OLD)
    proof = keep(name="proof", at=START)
    story.says(story.opened(), 0.5, proof=proof)
    young = keep(name="young", at=NOW - KEPT)
    old = keep(name="check")
    cite(row=old, how="check")
    assert drop_uncited(NOW) == 1
    assert set(Snapshot.objects.all()) == {*kept, finding.snapshot, proof, young}
    assert not file_of(old).exists()
    assert all(file_of(row).exists() for row in (*kept, proof, young))
    assert Check.objects.get().snapshot is None
    assert drop_uncited(NOW) == 0


def test_what_was_cited_meanwhile_stays(story: Story) -> None:
    row = keep(name="last_snapshot")
    cite(row=row, how="last_snapshot")
    assert drop_snapshots(ids=[row.pk], before=NOW) == []
    assert Snapshot.objects.get() == row


def test_a_file_that_got_a_row_again_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    row = keep(name="a", at=NOW)
    keeping.delete_file(row.storage_name)
    assert file_of(row).exists()


def test_a_run_drops_at_most_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_DROPPED", 3)
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    for number in range(5):
        keep(name=str(number))
    assert [drop_uncited(NOW), drop_uncited(NOW), drop_uncited(NOW)] == [3, 2, 0]


def test_upkeep_that_was_cut_off_begins_again_within_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(name="a", at=NOW)

    def dies(*given: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "verify", dies)
        with pytest.raises(MemoryError):
            upkeep(NOW)
    assert not upkeep_due(NOW)
    assert upkeep(NOW + dt.timedelta(minutes=15)) == 1


def run(*options: str) -> str:
    out = StringIO()
    call_command("verify_snapshots", *options, stdout=out)
    return out.getvalue()


def test_the_command_reads_a_share_or_all_and_fails_when_something_is_damaged() -> None:
    rows = [keep(name=str(number)) for number in range(3)]
    assert run() == "1 snapshot read again; every one is as it was.\n"
    assert run("--all") == "3 snapshots read again; every one is as it was.\n"
    file_of(rows[1]).unlink()
    with pytest.raises(CommandError, match="damaged: 1") as caught:
        run("--all")
    assert f"{rows[1]}: the file is missing" in str(caught.value)
    assert caught.value.returncode == 1


def test_files_without_a_row_are_listed_and_deleted_when_a_day_old() -> None:
    row = keep(name="a")
    folder = Path(storages["snapshots"].path(""))
    new, old = folder / "00" / f"{'0' * 64}.gz", folder / "ff" / "half.gz"
    for path in (new, old):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    yesterday = (timezone.now() - DAY - DAY).timestamp()
    for path in (old, file_of(row)):
        os.utime(path, (yesterday, yesterday))
    assert run() == "1 snapshot read again; every one is as it was.\n"
    assert [each.name for each in strays()] == [f"00/{'0' * 64}.gz", "ff/half.gz"]
    said = run("--all")
    assert f"00/{'0' * 64}.gz: no snapshot has this file; kept" in said
    assert "ff/half.gz: no snapshot has this file; deleted." in said
    assert (new.exists(), old.exists(), file_of(row).exists()) == (True, False, True)


def test_an_empty_store_has_no_strays() -> None:
    assert strays() == []
