"""From the bytes of somebody else's file to rows: text, tables and JSON that may be damaged or meant to do harm.

Everything here answers with Refused, which names the field, the value and what is accepted.
"""

import csv
import hashlib
import io
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import PurePath
from typing import Any

from forecasts.errors import Refused

Files = Mapping[str, bytes]
"""What is imported together, by file name: one file, or one and its companions."""

MOST_BYTES = 100 * 2**20
MOST_CELL = 2**20
MOST_COLUMNS = 1000
MOST_DIGITS = 30
DEEPEST = 40
SHOWN_COLUMNS = 12
NO_TEXT = "give text that can be stored: no NUL character and no half of a surrogate pair"


def digest_of(files: Files) -> str:
    """SHA-256 of one file, or of the sorted digests of several: their names do not matter."""
    digests = sorted(hashlib.sha256(data).digest() for data in files.values())
    return digests[0].hex() if len(digests) == 1 else hashlib.sha256(b"".join(digests)).hexdigest()


def only(files: Files, what: str) -> tuple[str, bytes]:
    """The one file of a format that has no companions."""
    if len(files) != 1:
        raise Refused("file", sorted(files), f"give one file, {what}")
    return next(iter(files.items()))


def ending(name: str) -> str:
    return PurePath(name).suffix.lower()


def check_size(name: str, data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise Refused("file", name, f"give at most {MOST_BYTES // 2**20} MiB")


def text_of(name: str, data: bytes) -> str:
    """UTF-8, with or without a byte order mark."""
    check_size(name, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("file", name, f"give text in UTF-8; byte {error.start + 1} is none") from None
    if "\0" in text:
        raise Refused("file", name, NO_TEXT)
    return text


def columns_of(name: str, data: bytes) -> list[str]:
    """The columns that a table in CSV says it has."""
    return next(_records(name, data))


def table_of(name: str, data: bytes, required: Sequence[str]) -> Iterator[tuple[int, dict[str | None, Any]]]:
    """The records of a CSV file by column name, each with its row in a spreadsheet: the header is row 1.

    Columns that are not asked for are left in, missing ones are one error, short records are filled with "", and what
    is more than the columns stands under None.
    """
    records = _records(name, data)
    columns = next(records)
    _check_columns(name, columns, required)
    for number, cells in enumerate(records, start=2):
        if cells:
            record: dict[str | None, Any] = dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))
            yield number, record if len(cells) <= len(columns) else {**record, None: cells[len(columns) :]}


def _records(name: str, data: bytes) -> Iterator[list[str]]:
    """The header, without blanks around its names, and what stands below it; a blank line has no cells."""
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(io.StringIO(text_of(name, data), newline=""), strict=True)
    try:
        yield [column.strip() for column in next(reader, [])]
        yield from reader
    except csv.Error as error:
        raise Refused("file", name, f"give a table in CSV; line {reader.line_num}: {error}") from None


def _check_columns(name: str, columns: Sequence[str], required: Sequence[str]) -> None:
    shown = ", ".join(columns[:SHOWN_COLUMNS])
    if len(columns) > MOST_COLUMNS:  # each row is filled up to as many
        raise Refused("columns", shown, f"{name} may have at most {MOST_COLUMNS} columns, not {len(columns)}")
    if missing := [column for column in required if column not in columns]:
        raise Refused("columns", shown, f"{name} needs {', '.join(required)}; missing: {', '.join(missing)}")
    if twice := [column for column in required if columns.count(column) > 1]:
        raise Refused("columns", shown, f"{name} must have each column once, and has two of {', '.join(twice)}")


def json_of(name: str, data: bytes) -> Any:
    """A JSON document without what only looks like JSON: NaN, keys given twice, numbers and depths without end."""
    try:
        document = json.loads(
            text_of(name, data), parse_int=_integer, parse_constant=_no_number, object_pairs_hook=_object
        )
    except RecursionError:
        raise Refused("file", name, f"give JSON that is at most {DEEPEST} levels deep") from None
    except ValueError as error:
        raise Refused("file", name, f"give JSON; {error}") from None
    check_document(name, document)
    return document


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has more than {MOST_DIGITS} digits")
    return int(digits)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def check_document(name: str, document: Any) -> None:
    """Refuse depth, numbers that are none and text that no database takes, wherever they stand."""
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise Refused("file", name, f"give a document that is at most {DEEPEST} levels deep")
        for leaf in level:
            _check_leaf(name, leaf)
        level = [child for node in level for child in _children(node)]


def _children(node: Any) -> Sequence[Any]:
    if isinstance(node, dict):
        return [*node, *node.values()]
    return node if isinstance(node, list) else ()


def _check_leaf(name: str, leaf: Any) -> None:
    if isinstance(leaf, float) and not math.isfinite(leaf):
        raise Refused("file", name, "give numbers that are finite")
    if isinstance(leaf, str) and not is_text(leaf):
        raise Refused("file", name, NO_TEXT)


def is_text(text: str) -> bool:
    """Whether a database can store it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
