"""docs/files.md lists the formats, the states of rows and the columns of our own format."""

import re
from pathlib import Path

from forecasts.actions import RowState
from forecasts.imports.formats import FORMATS
from forecasts.imports.own import parse
from forecasts.management.commands.export import Command
from forecasts.queries.own_rows import COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "files.md").read_text()


def first_cells(after: str) -> set[str]:
    """The names in the first column of the first table behind a heading of columns."""
    rows = PAGE.split(f"| {after} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`([\w-]+)`", row.split("|")[1])}


def test_it_works() -> None:
    assert first_cells("column") == set(COLUMNS)
    assert first_cells("state") == set(RowState)
    assert first_cells("format") == set(FORMATS)


def test_every_format_that_can_be_written_is_shown_and_explained() -> None:
    parser = Command().create_parser("manage.py", "export")
    [formats] = [set(each.choices) for each in parser._actions if each.dest == "format" and each.choices]
    assert set(re.findall(r"manage\.py export ([\w-]+)", PAGE)) == formats
    assert {name for name in formats if f"`{name}`" in PAGE.split("| format | writes |")[1]} == formats


def test_the_example_is_a_file() -> None:
    example = next(block for block in PAGE.split("```") if block.strip().startswith("prediction,"))
    bulk = parse({"example.csv": example.strip().encode()})
    assert bulk.refused == ()
    assert [row.value for row in bulk.predictions[0].forecasts] == ["0.7", "80 %", None]
