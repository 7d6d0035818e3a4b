"""Rows as lines of CSV and of JSON, many at once: whole columns are spelled, and the lines put together from them.

`csv` and `json` write the same, one row or one value at a time, which takes most of the time of an export.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from forecasts.language.cells import harmless
from forecasts.queries import stream

LINE_END = "\r\n"  # of CSV
TO_QUOTE = ',"\r\n'
T = TypeVar("T")


def batches(rows: Iterator[T]) -> Iterator[list[T]]:
    """As many rows at once as are read at once."""
    while batch := list(islice(rows, stream.AT_ONCE)):
        yield batch


def joined(*pieces: str | Sequence[str]) -> str:
    """Lines of the same number of pieces: a text is in all of them, a column has one for each.

    Raises ValueError when columns differ in length.

    >>> joined("<", ["a", "b"], ">")
    '<a><b>'
    """
    rows = next(len(piece) for piece in pieces if not isinstance(piece, str))
    parts = [""] * (rows * len(pieces))
    for place, piece in enumerate(pieces):
        parts[place :: len(pieces)] = [piece] * rows if isinstance(piece, str) else piece
    return "".join(parts)


def csv_lines(columns: Iterable[Sequence[str]]) -> str:
    """Lines as RFC 4180 has them, of columns of cells."""
    first, *others = columns
    return joined(first, *(piece for column in others for piece in (",", column)), LINE_END)


def cells(texts: Sequence[str | None]) -> list[str]:
    """A column of text as cells, such as no spreadsheet runs; nothing for None."""
    # What begins with a letter or a digit is no formula.
    return quoted([(text if text[0].isalnum() else harmless(text)) if text else "" for text in texts])


def quoted(texts: list[str]) -> list[str]:
    """Cells in quotation marks where they need them."""
    together = "".join(texts)
    if not any(mark in together for mark in TO_QUOTE):
        return texts
    return [_quoted(text) if any(mark in text for mark in TO_QUOTE) else text for text in texts]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def json_texts(values: Sequence[str | float | bool | None]) -> list[str]:
    """A column as JSON. It is encoded at once: no text in JSON holds a line end, so that is where values part again."""
    return _encode(values)[1:-1].split("\n")


_encode = json.JSONEncoder(ensure_ascii=False, separators=("\n", ":")).encode
