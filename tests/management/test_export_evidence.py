"""`manage.py export_evidence SLUG FILE`"""

import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from tests.exports.test_warc import fetched_for, read
from tests.story import START, Story


def run(slug: str, file: Path) -> str:
    said = io.StringIO()
    call_command("export_evidence", slug, str(file), stdout=said)
    return said.getvalue()


def test_it_works(story: Story, tmp_path: Path) -> None:
    prediction = story.opened()
    finding = story.sees(prediction, at=START)
    file = tmp_path / "evidence.warc.gz"
    assert run(prediction.slug, file) == f"{file}: 1 snapshot, {len(finding.snapshot.text)} bytes before compression.\n"
    assert [one.kind for one in read(file)] == ["warcinfo", "resource", "metadata", "conversion"]


def test_an_unknown_prediction_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="slug: 'nothing' is not a prediction here"):
        run("nothing", tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_named(story: Story, tmp_path: Path) -> None:
    prediction = story.opened()
    with pytest.raises(CommandError, match="none/x' cannot be written; No such file or directory"):
        run(prediction.slug, tmp_path / "none" / "x")


def test_a_lost_snapshot_is_one_line(story: Story, tmp_path: Path) -> None:
    prediction = story.opened()
    snapshot = fetched_for(prediction)
    storages["snapshots"].delete(snapshot.storage_name)
    with pytest.raises(CommandError, match=f"snapshot {snapshot.sha256} of http://www.news.test/: the file is missing"):
        run(prediction.slug, tmp_path / "x")
    assert not (tmp_path / "x").exists()
