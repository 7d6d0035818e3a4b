"""The public dataset: every table as CSV and as NDJSON, packed, with a `datapackage.json` that has their digests.

Rows are read by a cursor and written as they come, so memory does not grow with their number. The same rows make the
same bytes. A folder appears under its name only when everything is in it.
"""

import datetime as dt
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from forecasts.language.cells import harmless
from forecasts.queries.dataset import PACKAGE, stamp_of

from .datapackage import Field, Licence, Table, datapackage
from .dataset_tables import TABLES, DatasetTable, Plain

Progress = Callable[[Iterable[Any], str, int], Iterable[Any]]
AT_ONCE = 2_000
LEVEL, GZIP = 4, 31  # of zlib: hardly larger than at 6 and a third faster; the format
LINE_END = "\r\n"
TO_QUOTE = ',"\r\n'
PART = ".part-"


def _silent(rows: Iterable[Any], what: str, total: int) -> Iterable[Any]:
    return rows


def write_dataset(
    folder: Path, *, at: dt.datetime, licences: Sequence[Licence] = (), progress: Progress = _silent
) -> Path:
    """Write everything into a new folder below `folder`, named after `at`; returns it. Raises OSError.

    `progress` wraps the batches of rows of each table, for a bar.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done, part = folder / stamp_of(at), folder / f"{PART}{stamp_of(at)}-{os.getpid()}"
    part.mkdir()
    try:
        with one_moment():
            tables = [written for table in TABLES for written in _write(table, part, progress)]
        package = datapackage(tables, name="reckoner", title="Predictions and how they fared", at=at, licences=licences)
        (part / PACKAGE).write_bytes(package)
        part.rename(done)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return done


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is as it was at one moment, and nobody who writes is held up."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL cursor_tuple_fraction = 1")  # plan for all rows, not for the first ones
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # unlike `atomic`, which would take the lock of those who write
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


class _Packed:
    """A file in gzip's format without a name or a time in it, so that equal rows are equal bytes."""

    def __init__(self, path: Path) -> None:
        self.path, self.size, self.digest = path, 0, hashlib.sha256()
        self._file = path.open("xb")
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)

    def add(self, data: bytes) -> None:
        self._put(self._packer.compress(data))

    def close(self) -> None:
        self._put(self._packer.flush())
        self._file.close()

    def _put(self, packed: bytes) -> None:
        self._file.write(packed)
        self.digest.update(packed)
        self.size += len(packed)


def _write(table: DatasetTable, folder: Path, progress: Progress) -> list[Table]:
    """One table in both forms, from one reading of its rows."""
    names, count = [field.name for field in table.fields], 0
    files = [_Packed(folder / f"{table.name}.{form}.gz") for form in ("csv", "ndjson")]
    with closing(files[0]) as as_csv, closing(files[1]) as as_json:
        as_csv.add(f"{','.join(names)}{LINE_END}".encode())
        for rows in progress(_batches(table), table.name, -(-table.rows().count() // AT_ONCE)):
            columns = list(zip(*rows, strict=True))
            values = [_json_values(column) for column in columns]
            as_csv.add(_csv(map(_cells, table.fields, columns, values)))
            as_json.add(_ndjson(names, values))
            count += len(rows)
    return [
        Table(file.path.name, table.title, table.fields, file.digest.hexdigest(), file.size, count) for file in files
    ]


def _batches(table: DatasetTable) -> Iterator[list[Plain]]:
    shaped = map(table.shape, table.read().iterator(chunk_size=AT_ONCE))
    while batch := list(islice(shaped, AT_ONCE)):
        yield batch


def _json_values(column: Plain) -> list[str]:
    """A column is encoded at once: no value in JSON holds a line end, so that is where they part again."""
    return _encode(column)[1:-1].split("\n")


_encode = json.JSONEncoder(ensure_ascii=False, separators=("\n", ":")).encode


def _ndjson(names: Sequence[str], values: Iterable[list[str]]) -> bytes:
    line = "{" + ",".join(f'"{name}":%s' for name in names) + "}\n"
    return "".join(map(line.__mod__, zip(*values, strict=True))).encode()


def _csv(cells: Iterable[Sequence[str]]) -> bytes:
    return "".join([f"{','.join(row)}{LINE_END}" for row in zip(*cells, strict=True)]).encode()


def _cells(field: Field, column: Plain, values: list[str]) -> Sequence[str]:
    """A column as RFC 4180 has it. Text is such as no spreadsheet runs; numbers and truth are as in JSON.

    The writer of the standard library looks at every character, which takes most of the time of an export.
    """
    if field.type == "datetime":
        return [moment or "" for moment in column]
    if field.type != "string":
        return ["" if value == "null" else value for value in values]
    # What begins with a letter or a digit is no formula.
    texts = [(text if text[0].isalnum() else harmless(text)) if text else "" for text in column]
    together = "".join(texts)
    if any(mark in together for mark in TO_QUOTE):
        return [_quoted(text) for text in texts]
    return texts


def _quoted(text: str) -> str:
    if any(mark in text for mark in TO_QUOTE):
        return '"' + text.replace('"', '""') + '"'
    return text
