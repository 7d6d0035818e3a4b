"""`datapackage.json` beside tables in CSV or NDJSON: what their columns hold, and digests to check them by.

Source: Data Package v1 and Table Schema (Frictionless Data), https://specs.frictionlessdata.io/.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from forecasts.scoring import ENGINE

FieldType = Literal["string", "integer", "number", "boolean", "datetime", "date"]
MEDIA_TYPES = {"csv": "text/csv", "ndjson": "application/x-ndjson"}


@dataclass(frozen=True)
class Field:
    """A column; `description` says what it holds and in which unit."""

    name: str
    type: FieldType
    description: str


@dataclass(frozen=True)
class Table:
    """A table as it lies beside the package: its digest, its size in bytes, its columns, and how many rows it has.

    `path` says in which form, and whether it is packed: scores.csv, scores.ndjson.gz.
    """

    path: str
    title: str
    fields: tuple[Field, ...]
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True)
class Licence:
    """`name` is an identifier of the Open Definition or SPDX, such as CC-BY-4.0."""

    name: str
    path: str


def datapackage(
    tables: Sequence[Table], *, name: str, title: str, at: dt.datetime, licences: Sequence[Licence] = ()
) -> bytes:
    """The description of all tables, with the version of the engine that scored what they hold."""
    content = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "created": at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "version": at.astimezone(dt.UTC).date().isoformat(),
        "engine": str(ENGINE),
        "resources": [_resource(table) for table in tables],
        **({"licenses": [asdict(licence) for licence in licences]} if licences else {}),
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


def _resource(table: Table) -> dict[str, Any]:
    name, form, *packed = table.path.split(".")
    return {
        "profile": "tabular-data-resource",
        "name": name.lower() if form == "csv" else f"{name.lower()}-{form}",
        "path": table.path,
        "title": table.title,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        "encoding": "utf-8",
        **({"compression": packed[0]} if packed else {}),
        "hash": f"sha256:{table.sha256}",
        "bytes": table.size,
        "rows": table.rows,
        "schema": {"fields": [asdict(field) for field in table.fields]},
    }
