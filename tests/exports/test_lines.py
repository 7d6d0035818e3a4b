"""Lines from columns: to the byte what `csv` and `json` write, row by row."""

import csv
import io
import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.exports.lines import cells, csv_lines, joined, json_texts, quoted
from forecasts.language.cells import as_written, harmless

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@'\t\r\n\",;\u2028\\\0")) | st.none()
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1)
VALUES = TEXTS | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


@given(ROWS)
def test_a_table_is_what_csv_writes(rows: list[tuple[str | None, ...]]) -> None:
    expected = io.StringIO(newline="")
    csv.writer(expected).writerows([[harmless(text or "") for text in row] for row in rows])
    assert csv_lines([cells(column) for column in zip(*rows, strict=True)]) == expected.getvalue()


@given(st.lists(VALUES, min_size=1))
def test_a_column_is_what_json_writes(values: list[Any]) -> None:
    assert json_texts(values) == [json.dumps(value, ensure_ascii=False) for value in values]


def test_every_text_of_three_marks_survives_and_none_is_run() -> None:
    texts = ["".join(marks) for length in range(4) for marks in product("=+-@\t\r\n\",;'\u2028a1 é", repeat=length)]
    rows = csv.reader(io.StringIO(csv_lines([["1"] * len(texts), cells(texts)]), newline=""))
    for (_, cell), text in zip(rows, texts, strict=True):
        assert as_written(cell) == text
        assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n")), cell


def test_only_what_needs_it_is_quoted() -> None:
    assert quoted(["a", "", "b c", "a,b"]) == ["a", "", "b c", '"a,b"']


def test_columns_of_different_length_are_an_error() -> None:
    assert joined("<", ["a", "b"], ">") == "<a><b>"
    with pytest.raises(ValueError, match="extended slice of size 2"):
        joined(["a", "b"], ["a"])
