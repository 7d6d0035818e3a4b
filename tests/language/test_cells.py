"""Cells that no spreadsheet runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.language.cells import as_written, harmless


@pytest.mark.parametrize("text", ["=1+1", "+1 more", "-x", "@SUM(A1)", "\tx", "\rx", "\nx", "'=x", "-", "-1e5", "=5"])
def test_it_works(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert as_written(harmless(text)) == text


@pytest.mark.parametrize("text", ["", "text", "'tis", "''", "5", "-5", "-0.25", "a=b"])
def test_what_no_spreadsheet_runs_stays_as_it_is(text: str) -> None:
    assert harmless(text) == as_written(text) == text


@given(st.text(alphabet="'=+-@\t\r\n1.a"))
def test_every_text_comes_back(text: str) -> None:
    cell = harmless(text)
    assert as_written(cell) == text
    assert cell[:1] not in ("=", "+", "@", "\t", "\r", "\n")
    assert not cell.startswith("-") or float(cell) < 0 or cell.strip("-0.") == ""
