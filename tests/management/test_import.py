"""`manage.py import FORMAT FILE…`"""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from forecasts.models import Forecast, ImportRun, Prediction
from tests.imports.test_own import HEADER, ROW
from tests.story import Story


def run(*args: object) -> str:
    said = io.StringIO()
    call_command("import", *map(str, args), stdout=said)
    return said.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER}\n{ROW}\n")
    return path


def test_it_works(story: Story, file: Path) -> None:
    said = run("auto", file, "--by", "editor")
    assert said.splitlines() == [
        "reckoner, mine.csv: 3 new, 0 unchanged, 0 conflicting, 0 refused.",
        "  forecast: 1 new",
        "  forecaster: 1 new",
        "  prediction: 1 new",
    ]
    assert Forecast.objects.get().tick == 7000
    again = run("reckoner", file, "--by", "editor")
    assert again.splitlines()[0] == "reckoner, mine.csv: 0 new, 3 unchanged, 0 conflicting, 0 refused."
    assert again.splitlines()[-1] == "Nothing changed: whatever could be taken is here already."
    assert ImportRun.objects.count() == 1


def test_a_dry_run_writes_nothing(story: Story, file: Path) -> None:
    assert run("auto", file, "--dry-run", "--by", "editor").startswith("Nothing was written: reckoner, mine.csv: 3 new")
    assert not Prediction.objects.exists()


def test_what_is_left_out_is_told_and_reported(story: Story, file: Path, tmp_path: Path) -> None:
    with file.open("a") as more:
        more.writelines(f"mine:1,,,oracle,,,2026-02-{day:02},=1+1\n" for day in range(1, 26))
    report = tmp_path / "report.csv"
    said = io.StringIO()
    with pytest.raises(CommandError, match="25 rows were left out: refused, or in conflict"):
        call_command("import", "auto", str(file), "--by", "editor", "--report", str(report), stdout=said)
    lines = said.getvalue().splitlines()
    assert "  row 3, forecast mine:1@2026-02-01T23:59:59+00:00, refused: value: '=1+1' is not accepted" in lines[5]
    assert lines[-1] == "  and 5 more; --report FILE lists them all"
    with report.open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 3 + 25
    assert rows[2] == {
        "row": "3", "kind": "forecast", "key": "mine:1@2026-02-01T23:59:59+00:00", "state": "refused", "field": "value",
        "value": "'=1+1", "accepted": "give a number from 0 to 1, such as 0.7, or a percentage such as 70 %",
    }  # fmt: skip
    assert Forecast.objects.count() == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("auto", "nothing.csv", "--by", "editor"), "file: 'nothing.csv' cannot be read; No such file"),
        (("auto", "FILE", "--by", "nobody"), "by: 'nobody' is not a user here"),
        (("auto", "FILE", "--by", "editor", "--report", "/nowhere/x"), "report: '/nowhere/x' cannot be written"),
        (("gold", "FILE", "--by", "editor"), "invalid choice: 'gold'"),
    ],
)
def test_what_cannot_be_done_is_one_line(story: Story, file: Path, args: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*(file if arg == "FILE" else arg for arg in args))


def test_a_file_of_no_known_format_is_told(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG")
    with pytest.raises(CommandError, match=r"format: 'picture.png' is not accepted; it cannot be told from the file"):
        run("auto", path, "--by", "editor")
