"""Lists as CSV and as one JSON object a line: row by row, so that memory does not grow with their length."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ListSerializer, Serializer
from rest_framework.utils.encoders import JSONEncoder

from forecasts.http.english import in_english
from forecasts.language.cells import harmless

Row = Mapping[str, Any]


class Csv(JSONRenderer):
    """Rows are written by `streamed`; what an error says stays JSON."""

    media_type = "text/csv"
    format = "csv"


class NdJson(JSONRenderer):
    media_type = "application/x-ndjson"
    format = "ndjson"


def streamed(media_type: str, row: Any, rows: Iterable[Any]) -> StreamingHttpResponse:
    """`rows` as `media_type`, each as the document `row` shows it."""
    shown = (row.to_representation(each) for each in rows)
    lines = csv_lines(columns(row), shown) if media_type == Csv.media_type else ndjson_lines(shown)
    return StreamingHttpResponse(in_english(lines), content_type=f"{media_type}; charset=utf-8")


def ndjson_lines(rows: Iterable[Row]) -> Iterator[str]:
    encoder = JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (f"{encoder.encode(row)}\n" for row in rows)


def csv_lines(names: list[str], rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(names)
    for row in rows:
        cells = dict(_cells("", row))
        yield writer.writerow([cells.get(name, "") for name in names])


def columns(row: Any, before: str = "") -> list[str]:
    """The fields of a row; those of a document inside it behind its name and a point, lists in one cell as JSON."""
    found: list[str] = []
    for name, field in row.fields.items() if isinstance(row, Serializer) else ():
        inside = isinstance(field, Serializer) and not isinstance(field, ListSerializer)
        found += columns(field, f"{before}{name}.") if inside else [before + name]
    return found


def _cells(before: str, row: Row) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _cells(f"{before}{name}.", value)
        yield before + name, _cell(value)


def _cell(value: Any) -> str:
    """Text as it is, unless a spreadsheet would run it; everything else as in JSON; nothing for null."""
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else json.dumps(value, cls=JSONEncoder, ensure_ascii=False)


class _Echo:
    """A file that gives back what is written."""

    def write(self, line: str) -> str:
        return line
