"""Our own format, as CSV or as one JSON object a line: all that readers can see of predictions and forecasts.

Both hold the same records (`queries.own_rows`), and `imports.own` reads both back. In CSV a cell that a spreadsheet
would run gets an apostrophe, which is taken away again.
"""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

from forecasts.language.cells import harmless
from forecasts.queries.own_rows import COLUMNS, own_rows

PLACES = {name: place for place, name in enumerate(COLUMNS)}


def csv_lines() -> Iterator[str]:
    """A header and a line for each record."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for record in own_rows():
        cells = [""] * len(COLUMNS)
        for name, value in record.items():
            if value != "":
                cells[PLACES[name]] = _cell(value)
        yield writer.writerow(cells)


def ndjson_lines() -> Iterator[str]:
    """A line for each record, without what is empty."""
    for record in own_rows():
        yield json.dumps({name: value for name, value in record.items() if value != ""}, ensure_ascii=False) + "\n"


EXPORTS: dict[str, Callable[[], Iterator[str]]] = {"reckoner-csv": csv_lines, "reckoner-ndjson": ndjson_lines}


class _Echo:
    """A file that gives back what is written."""

    def write(self, line: str) -> str:
        return line


def _cell(value: Any) -> str:
    """Text as it is, unless a spreadsheet would run it; truth, numbers, lists and mappings as in JSON."""
    if isinstance(value, str):
        return harmless(value)
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
