"""Our own format, as CSV or as one JSON object a line: all that readers can see of predictions and forecasts.

Both hold the same records (`queries.own_rows`), and `imports.own` reads both back. In CSV a cell that a spreadsheet
would run gets an apostrophe, which is taken away again.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from forecasts.language.cells import harmless
from forecasts.queries.own_rows import ABOUT_FORECAST, COLUMNS, OF_FORECASTER, OF_PREDICTION, OwnRow, Record, own_rows
from forecasts.queries.stream import one_moment

from .lines import LINE_END, batches, cells, csv_lines, joined, json_texts, quoted

EMPTY = ("", '""')


def csv_pieces() -> Iterator[str]:
    """A header, then lines, many at once: one for each record."""
    yield ",".join(COLUMNS) + LINE_END
    with one_moment():
        yield from map(_csv, batches(own_rows()))


def ndjson_pieces() -> Iterator[str]:
    """Lines, many at once: one for each record, without what is empty."""
    with one_moment():
        yield from map(_ndjson, batches(own_rows()))


EXPORTS: dict[str, Callable[[], Iterator[str]]] = {"reckoner-csv": csv_pieces, "reckoner-ndjson": ndjson_pieces}


def _csv(rows: Sequence[OwnRow]) -> str:
    predictions, forecasters, issued, values, *texts = zip(*rows, strict=True)
    return csv_lines(
        (
            _each(predictions, lambda record: _cells(record, OF_PREDICTION)),
            _each(forecasters, lambda record: _cells(record, OF_FORECASTER)),
            issued,
            quoted([value.strip('"') for value in values]),  # the only text among values is a withdrawal
            *map(cells, texts),
        )
    )


def _ndjson(rows: Sequence[OwnRow]) -> str:
    predictions, forecasters, issued, values, *texts = zip(*rows, strict=True)
    spelled = (json_texts(issued), values, *map(json_texts, texts))
    return joined(
        "{",
        _each(predictions, lambda record: _dumps(record)[1:-1]),
        _each(forecasters, lambda record: f", {_dumps(record)[1:-1]}" if record else ""),
        *map(_members, ABOUT_FORECAST, spelled),
        "}\n",
    )


def _each(records: Sequence[Record], spell: Callable[[Record], str]) -> list[str]:
    """Each spelled, those that are one object once."""
    once = {id(record): record for record in records}
    spelled = {key: spell(record) for key, record in once.items()}
    return [spelled[id(record)] for record in records]


def _cells(record: Record, names: Sequence[str]) -> str:
    return ",".join(quoted([_cell(record[name]) if name in record else "" for name in names]))


def _cell(value: Any) -> str:
    """Text such as no spreadsheet runs it; truth, numbers and lists as in JSON."""
    return harmless(value) if isinstance(value, str) else _dumps(value)


def _members(name: str, spelled: Sequence[str]) -> list[str]:
    """What is not empty, under its name."""
    head = f', "{name}": '
    return [head + text if text not in EMPTY else "" for text in spelled]


_dumps = json.JSONEncoder(ensure_ascii=False).encode
