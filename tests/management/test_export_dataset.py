"""`manage.py export_dataset FOLDER`"""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from forecasts.queries.dataset import datasets
from tests.story import Story


def run(folder: Path) -> str:
    said = io.StringIO()
    call_command("export_dataset", str(folder), stdout=said)
    return said.getvalue()


def test_it_works(story: Story, tmp_path: Path) -> None:
    story.opened()
    said = run(tmp_path / "new")
    [done] = datasets(tmp_path / "new")
    size = sum(path.stat().st_size for path in done.iterdir())
    assert said == f"{done}: 13 files, {size:,} bytes.\n"


def test_a_folder_that_cannot_be_written_is_named(db: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match=r"folder: '.*file' cannot be written; File exists"):
        run(tmp_path / "file")
