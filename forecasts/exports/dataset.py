"""The public tables as files, with a `datapackage.json` that has their digests.

The dataset has each as CSV and as NDJSON, packed; the package has plain CSV. Rows are read and written as they come, so
memory does not grow with their number. The same rows make the same bytes.
"""

import datetime as dt
import hashlib
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from forecasts.queries import stream
from forecasts.queries.dataset import PACKAGE, stamp_of

from .datapackage import Field, Licence, Table, datapackage
from .dataset_tables import TABLES, Column, Columns, DatasetTable
from .folders import whole_folder
from .lines import LINE_END, batches, cells, csv_lines, joined, json_texts

Progress = Callable[[Iterable[Any], str, int], Iterable[Any]]
PACKED, PLAIN = ("csv.gz", "ndjson.gz"), ("csv",)
LEVEL, GZIP = 4, 31  # of zlib: hardly larger than at 6 and a third faster; the format


def _silent(rows: Iterable[Any], what: str, total: int) -> Iterable[Any]:
    return rows


def write_dataset(
    folder: Path, *, at: dt.datetime, licences: Sequence[Licence] = (), progress: Progress = _silent
) -> Path:
    """Write everything into a new folder below `folder`, named after `at`; returns it. Raises OSError.

    `progress` wraps the batches of rows of each table, for a bar.
    """
    done = folder / stamp_of(at)
    _write_tables(done, PACKED, at, licences, progress)
    return done


def write_package(
    folder: Path, *, at: dt.datetime, licences: Sequence[Licence] = (), progress: Progress = _silent
) -> None:
    """The same as plain CSV, into `folder` itself, which must not be there, or be empty. Raises OSError."""
    _write_tables(folder, PLAIN, at, licences, progress)


def _write_tables(
    done: Path, endings: Sequence[str], at: dt.datetime, licences: Sequence[Licence], progress: Progress
) -> None:
    with whole_folder(done) as part:
        with stream.one_moment():
            tables = [written for table in TABLES for written in _write(table, part, endings, progress)]
        package = datapackage(tables, name="reckoner", title="Predictions and how they fared", at=at, licences=licences)
        (part / PACKAGE).write_bytes(package)


class _File:
    """A file and its digest, written by a thread of its own, since packing takes as long as spelling.

    One in gzip's format has no name and no time in it, so that equal rows are equal bytes.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.size, self.digest = path, 0, hashlib.sha256()
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP) if path.suffix == ".gz" else None
        self._file = path.open("xb")
        self._thread = ThreadPoolExecutor(1)
        self._begun: Future[None] | None = None

    def add(self, lines: str) -> None:
        """Waits until the lines before are written; whatever went wrong with them is raised here."""
        if self._begun:
            self._begun.result()
        self._begun = self._thread.submit(self._put, lines)

    def close(self) -> None:
        with self._file, self._thread:
            if self._begun:
                self._begun.result()
            if self._packer:
                self._write(self._packer.flush())

    def _put(self, lines: str) -> None:
        data = lines.encode()
        self._write(self._packer.compress(data) if self._packer else data)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)


def _write(table: DatasetTable, folder: Path, endings: Sequence[str], progress: Progress) -> list[Table]:
    """One table in several forms, from one reading of its rows."""
    forms, count = [FORMS[ending.partition(".")[0]] for ending in endings], 0
    with ExitStack() as opened:
        files = [opened.enter_context(closing(_File(folder / f"{table.name}.{ending}"))) for ending in endings]
        for file, (header, _) in zip(files, forms, strict=True):
            file.add(header(table))
        for rows in progress(batches(table.read()), table.name, -(-table.rows().count() // stream.AT_ONCE)):
            columns = table.shape(list(zip(*rows, strict=True)))
            spelled = list(map(json_texts, columns))
            for file, (_, lines) in zip(files, forms, strict=True):
                file.add(lines(table, columns, spelled))
            count += len(rows)
    return [
        Table(file.path.name, table.title, table.fields, file.digest.hexdigest(), file.size, count) for file in files
    ]


def _header(table: DatasetTable) -> str:
    return ",".join(field.name for field in table.fields) + LINE_END


def _csv(table: DatasetTable, columns: Columns, spelled: Sequence[list[str]]) -> str:
    return csv_lines(map(_cells, table.fields, columns, spelled))


def _cells(field: Field, column: Column, spelled: list[str]) -> Sequence[str]:
    """Numbers and truth are as in JSON, times as they are."""
    if field.type == "string":
        return cells(column)
    if field.type == "datetime":
        return [moment or "" for moment in column]
    return ["" if text == "null" else text for text in spelled]


def _ndjson(table: DatasetTable, columns: Columns, spelled: Sequence[list[str]]) -> str:
    before = chain("{", repeat(","))
    members = zip(before, table.fields, spelled)  # noqa: B905 -- as many as there are fields
    return joined(*(piece for mark, field, column in members for piece in (f'{mark}"{field.name}":', column)), "}\n")


FORMS = {"csv": (_header, _csv), "ndjson": (lambda table: "", _ndjson)}  # what stands above the rows, and the rows
