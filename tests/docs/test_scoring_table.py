"""The page on scoring lists every function with its test and its source, and its example prints what it says."""

import re
import subprocess
import sys
from pathlib import Path
from types import FunctionType

from forecasts import scoring

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "scoring.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| [^|]+ \| `(\w+)` \| `([\w.]+)::(\w+)` \| (.+) \|$", PAGE, re.MULTILINE)
FUNCTIONS = {name for name in scoring.__all__ if isinstance(getattr(scoring, name), FunctionType)}
SOURCE = re.compile(r"(?:doi:|arXiv:)(\S+?)[.,;)]*(?=\s|$)")


def block(language: str) -> str:
    (only,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(only)


def test_every_function_has_one_row_and_every_row_a_function() -> None:
    assert sorted(name for name, *_ in ROWS) == sorted(FUNCTIONS)
    assert len(ROWS) == len(PAGE.split("| metric |")[1].splitlines()) - 2  # no row is written some other way


def test_every_function_that_the_text_names_exists() -> None:
    named = set(re.findall(r"`(\w+)\(", PAGE)) | set(re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE))
    named |= set(re.findall(r"`(\w+_\w+)`", PAGE.split("## Every function")[0])) - {"opens_at"}

    assert named
    assert named <= FUNCTIONS


def test_every_test_that_is_named_exists() -> None:
    for _, file, test, _ in ROWS:
        assert f"\ndef {test}(" in (TOP / "tests" / "scoring" / file).read_text(encoding="utf-8"), test
    for file in re.findall(r"`(test_\w+\.py)`", PAGE):
        assert (TOP / "tests" / "scoring" / file).exists(), file


def test_every_source_that_a_function_cites_is_in_its_row() -> None:
    for name, _, _, sources in ROWS:
        for cited in SOURCE.findall(getattr(scoring, name).__doc__):
            assert cited in sources, f"{name}: {cited}"


def test_every_source_is_a_doi_or_an_arxiv_number_or_none() -> None:
    for *_, sources in ROWS:
        assert sources == "-" or all(
            re.fullmatch(r"`(10\.\d{4,}/\S+|arXiv:\d{4}\.\d{5})`", s) for s in sources.split(", ")
        )


def test_the_example_prints_what_the_page_says() -> None:
    done = subprocess.run([sys.executable, "-c", block("python")], cwd=TOP, capture_output=True, text=True, check=True)

    assert done.stdout == block("text")
