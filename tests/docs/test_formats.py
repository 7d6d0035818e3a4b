"""docs/formats.md has a section for every parser, and each names what its parser cannot do without."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from forecasts.imports import others
from forecasts.imports.others import fatebook, metaculus, probability_tables

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
MODULES = [import_module(f"{others.__name__}.{module.name}") for module in pkgutil.iter_modules(others.__path__)]
PARSERS = [module for module in MODULES if hasattr(module, "parse")]
NEEDED = {
    fatebook: fatebook.NEEDED,
    metaculus: (*metaculus.QUESTION_CELLS, *metaculus.FORECAST_CELLS),
    probability_tables: (*probability_tables.THREE, *probability_tables.ELECTION),
}


def test_every_parser_has_a_section_and_every_section_a_parser() -> None:
    assert sorted(SECTIONS) == sorted([*(module.NAME for module in PARSERS), "Out"])


@pytest.mark.parametrize("module", PARSERS, ids=lambda module: module.NAME)
def test_a_parser_says_who_it_is_and_which_files_it_takes(module: ModuleType) -> None:
    assert module.__name__.rpartition(".")[2] == module.NAME
    assert module.TITLE
    assert all(re.fullmatch(r"\.[a-z]+", end) for end in module.ENDS)


@pytest.mark.parametrize("module", NEEDED, ids=lambda module: module.NAME)
def test_every_column_that_is_needed_is_explained(module: ModuleType) -> None:
    told = re.findall(r"`([^`]+)`", SECTIONS[module.NAME])
    assert set(NEEDED[module]) <= set(told)
