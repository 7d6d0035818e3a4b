"""JSON and CSV to rows: where each stands, its date and its value, both as printed."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forecasts.errors import UnreadableSource
from forecasts.evidence.plaintext import clean
from forecasts.evidence.sources.data_series.spec import DELIMITERS, DataSeriesSpec
from forecasts.evidence.sources.json_path import load_json, select

MAX_ROWS = 20_000
MAX_PREAMBLE = 50  # rows of title and notes above the names of the columns
MAX_COLUMNS = 1_000
LONGEST_CELL = 100_000


@dataclass(frozen=True)
class Row:
    """`where` names it for an editor: "row 3" of what was selected, "line 7" of a table."""

    where: str
    date: object
    value: object


def json_rows(text: str, spec: DataSeriesSpec) -> Iterator[Row]:
    """Raises UnreadableSource with the codes of load_json and select, `no_series`, `bad_row` or `too_many_rows`."""
    found = select(spec.select, load_json(text))
    if not isinstance(found, list | dict):
        raise UnreadableSource(
            f"spec.select must find a list or an object; {spec.select[:80]!r} finds {type(found).__name__}", "no_series"
        )
    _check_count(len(found))
    if isinstance(found, dict):
        return (_entry(date, value, spec) for date, value in found.items())
    return (_listed(f"row {number}", row, spec) for number, row in enumerate(found, 1))


def _listed(where: str, row: Any, spec: DataSeriesSpec) -> Row:
    if not isinstance(row, dict) or spec.date not in row or spec.value not in row:
        raise UnreadableSource(f"{where} has no keys {spec.date!r} and {spec.value!r}", "bad_row")
    return Row(where, row[spec.date], row[spec.value])


def _entry(date: str, value: Any, spec: DataSeriesSpec) -> Row:
    if not isinstance(value, dict):
        return Row(f"entry {date[:40]!r}", date, value)
    if spec.value not in value:
        raise UnreadableSource(f"entry {date[:40]!r} has no key {spec.value!r}", "bad_row")
    return Row(f"entry {date[:40]!r}", date, value[spec.value])


def csv_rows(text: str, spec: DataSeriesSpec) -> Iterator[Row]:
    """Rows below the first line, among 50, that names both columns.

    Raises UnreadableSource with code `html`, `no_columns`, `double_column`, `ragged`, `too_many_rows` or `not_csv`.
    """
    if text.lstrip().startswith("<"):
        raise UnreadableSource("expected CSV; got HTML or XML", "html")
    for delimiter in [spec.delimiter] if spec.delimiter else DELIMITERS:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        if names := _names(table, spec):
            return _below(table, names, spec)
    within = f"within its first {MAX_PREAMBLE} rows"
    raise UnreadableSource(f"the table has no line naming {spec.date!r} and {spec.value!r} {within}", "no_columns")


def _names(table: Any, spec: DataSeriesSpec) -> list[str]:
    """The names of the columns, [] when this is not how the table is parted."""
    try:
        for _, cells in zip(range(MAX_PREAMBLE), table, strict=False):
            names = [clean(cell) for cell in cells[:MAX_COLUMNS]]
            if spec.date in names and spec.value in names and len(cells) <= MAX_COLUMNS:
                return names
    except csv.Error:  # in another delimiter's view the quotes may be wrong
        return []
    return []


def _below(table: Any, names: list[str], spec: DataSeriesSpec) -> Iterator[Row]:
    for name in (spec.date, spec.value):
        if names.count(name) > 1:
            raise UnreadableSource(f"two columns are called {name!r}, so the value is unclear", "double_column")
    date, value = names.index(spec.date), names.index(spec.value)
    count = 0
    try:
        for cells in table:
            if not any(cells):
                continue
            count += 1
            _check_count(count)
            _check_width(cells, names, table.line_num)
            _check_length(cells, table.line_num)
            yield Row(f"line {table.line_num}", cells[date], cells[value])
    except csv.Error as error:
        raise UnreadableSource(f"line {table.line_num} is no CSV that can be read: {error}", "not_csv") from None


def _check_width(cells: list[str], names: list[str], line: int) -> None:
    """A decimal comma in a table of commas shifts the columns: such a row must never be read."""
    if len(cells) < len(names) or any(cells[len(names) :]):
        raise UnreadableSource(f"line {line} has {len(cells)} cells; expected {len(names)}", "ragged")


def _check_length(cells: list[str], line: int) -> None:
    """The reader has a limit of its own, but one for the whole process, which others may raise."""
    if max(map(len, cells)) > LONGEST_CELL:
        raise UnreadableSource(f"line {line} has a cell of over {LONGEST_CELL:,} letters", "not_csv")


def _check_count(count: int) -> None:
    if count > MAX_ROWS:
        raise UnreadableSource(f"the series has over {MAX_ROWS:,} rows; at most that is read", "too_many_rows")
