"""The page on evidence prints what the command computes, and its schema is one that is accepted."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from forecasts.evidence import ranking, semantic
from forecasts.evidence.labelled import LABELS, read_labelled

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "evidence.md").read_text(encoding="utf-8")
LABELLED = TOP / "forecasts" / "evidence" / "data" / "matching.ndjson"
FIGURES = re.findall(r"^\| figure \|.*\n(?:\|.*\n)+", PAGE, re.MULTILINE)
(BESIDE,) = re.findall(r"^\| measured \|.*\n\|---.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
COLUMNS = {("dev", False): 1, ("dev", True): 2, ("test", False): 3, ("test", True): 4}


@pytest.mark.parametrize(("split", "printed"), list(zip(("test", "dev"), FIGURES, strict=True)), ids=("test", "dev"))
def test_the_figures_are_what_the_command_computes(split: str, printed: str) -> None:
    out = StringIO()
    call_command("evaluate_matching", LABELLED, split=split, stdout=out)
    assert out.getvalue().partition("\n\n")[2] == printed


@pytest.mark.parametrize(("split", "with_meaning"), COLUMNS)
def test_words_and_meaning_stand_beside_each_other_as_computed(split: str, with_meaning: bool) -> None:
    if with_meaning and not semantic.is_installed():
        pytest.skip("the semantic extra is not installed (requirements-semantic.txt)")
    out = StringIO()
    call_command("evaluate_matching", LABELLED, split=split, semantic=with_meaning, stdout=out)
    computed = {cells[0]: cells[1] for cells in map(_cells, out.getvalue().splitlines()) if len(cells) > 1}
    for cells in map(_cells, BESIDE.splitlines()):
        assert cells[COLUMNS[split, with_meaning]] == computed[cells[0]], cells[0]


def _cells(line: str) -> list[str]:
    return line.strip("| ").split(" | ")


def test_the_example_of_the_schema_is_accepted() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    data = read_labelled(example.splitlines())
    assert len(data.cases) == len(data.background) == 1
    for field in ("prediction", "items"):
        assert field in json.loads(example.splitlines()[0])
    assert all(f"`{label}`" in PAGE for label in LABELS)


def test_the_features_and_the_threshold_are_those_of_the_code() -> None:
    (table,) = re.findall(r"^\| feature \|.*\n\|---.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert [row.split(" | ")[0].strip("| ").replace(" ", "_") for row in table.splitlines()] == list(
        ranking.Features._fields
    )
    assert f"At {ranking.THRESHOLD:g} and\nabove" in PAGE
    assert f"Under {ranking.FLOOR:g}, nothing" in PAGE
    assert f"at {ranking.SEMANTIC_THRESHOLD:g} and above" in PAGE
    assert ranking.SEMANTIC_RANKER in PAGE
