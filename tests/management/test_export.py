"""`manage.py export FORMAT FILE` and `manage.py export FORMAT FOLDER`"""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from forecasts.exports.forecastbench import forecastbench_round
from forecasts.imports.formats import read_files
from tests.story import DAY, START, Story

DUE = ("--due", str(START.date()))


def run(*args: object) -> str:
    said = io.StringIO()
    call_command("export", *map(str, args), stdout=said)
    return said.getvalue()


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def test_what_is_exported_is_read_again(story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story.says(story.opened(), 0.7, at=START)
    path, again = tmp_path / "out.csv", io.StringIO()
    assert run("reckoner-csv", path) == f"{path}: {path.stat().st_size} bytes.\n"
    call_command("import", "auto", str(path), "--by", "editor", stdout=again)
    assert again.getvalue().endswith("is here already.\n")
    run("reckoner-csv", "-")
    assert capsys.readouterr().out.replace("\r\n", "\n") == path.read_text()


def test_the_tables_go_into_a_folder_of_csv(story: Story, tmp_path: Path, settings: Any) -> None:
    settings.DATASET_LICENCE, settings.DATASET_LICENCE_URL = "CC-BY-4.0", "https://licence.test/"
    story.says(story.opened(), 0.7, at=START)
    folder = tmp_path / "new" / "tables"
    assert run("datapackage", folder) == f"{folder}: 7 files, {size(folder):,} bytes.\n"
    package = json.loads((folder / "datapackage.json").read_text())
    assert [each["name"] for each in package["licenses"]] == ["CC-BY-4.0"]
    assert {path.name for path in folder.iterdir()} == {
        "datapackage.json", *(resource["path"] for resource in package["resources"]),
    }  # fmt: skip
    assert [path.name for path in folder.parent.iterdir()] == ["tables"]


def test_a_round_goes_into_a_folder_and_is_read_again(story: Story, tmp_path: Path, settings: Any) -> None:
    settings.SITE_NAME, settings.SITE_URL = "The Wire", "https://wire.test"
    row = story.opened()
    story.says(row, 0.7, at=START)
    story.resolves(row, "yes", known_at=START + 30 * DAY)
    said = run("forecastbench", tmp_path / "round", "--forecaster", "policy-desk", *DUE)
    assert said == f"{tmp_path / 'round'}: 3 files, {size(tmp_path / 'round'):,} bytes.\n"
    files = {path.name: path.read_bytes() for path in (tmp_path / "round").iterdir()}
    assert files == forecastbench_round(story.desk, START.date(), site="https://wire.test", organization="The Wire")
    (question,) = read_files(files).predictions
    assert (question.outcome, len(question.forecasts)) == ("yes", 1)


def test_a_round_can_be_in_the_name_of_another(story: Story, tmp_path: Path) -> None:
    run("forecastbench", tmp_path / "x", "--forecaster", "policy-desk", *DUE, "--organization", "Others")
    [said] = [json.loads(path.read_text()) for path in (tmp_path / "x").glob("*.reckoner.policy-desk.json")]
    assert said["organization"] == "Others"


def test_an_empty_folder_is_taken_and_a_full_one_left_alone(story: Story, tmp_path: Path) -> None:
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    full.mkdir()
    (full / "mine.txt").touch()
    run("datapackage", empty)
    assert (empty / "datapackage.json").is_file()
    for args in (("datapackage", full), ("forecastbench", full, "--forecaster", "policy-desk", *DUE)):
        with pytest.raises(CommandError, match=r"full' cannot be written; Directory not empty"):
            run(*args)
    assert {path.name for path in tmp_path.iterdir()} == {"empty", "full"}
    assert [path.name for path in full.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("gold", "x"), "invalid choice: 'gold'"),
        (("reckoner-csv", "/nowhere/x"), "file: '/nowhere/x' cannot be written"),
        (("datapackage", "/proc/x"), "folder: '/proc/x' cannot be written"),
        (("forecastbench", "x", *DUE), "arguments are required: --forecaster"),
        (("forecastbench", "x", "--forecaster", "policy-desk"), "arguments are required: --due"),
        (
            ("forecastbench", "x", "--forecaster", "a", "--due", "May"),
            "--due: 'May' is not accepted; give a day",
        ),
        (("forecastbench", "x", "--forecaster", "nobody", *DUE), "forecaster: 'nobody' is not a forecaster here"),
        (("reckoner-csv", "x", "--forecaster", "policy-desk"), "unrecognized arguments: --forecaster"),
    ],
)
def test_what_cannot_be_done_is_one_line(story: Story, args: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*args)
