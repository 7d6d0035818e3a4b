"""The numbers of a chart as a file: a page with `?table=ID` answers the table under that chart as CSV."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Protocol, runtime_checkable

from django.http import HttpResponse
from django.utils.translation import override

from forecasts.errors import Refused
from forecasts.http.english import ENGLISH
from forecasts.language.cells import harmless

TABLE = "table"


@runtime_checkable
class Table(Protocol):
    """What stands under a chart: the place on the page, the heads of its columns, its rows as they are shown."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_file(build: Callable[[], Mapping[str, Any]], name: str) -> HttpResponse:
    """The table `name` of a page, in UTF-8 with a byte order mark, which spreadsheets need. Raises Refused for none.

    A file is for programs: its figures are spelt the same in every language.
    """
    with override(ENGLISH):
        tables = {table.id: table for table in _tables(build())}
    if name not in tables:
        raise Refused(TABLE, name, f"give one of {', '.join(sorted(tables))}" if tables else "this page has no table")
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    lines = csv.writer(answer)
    lines.writerows([harmless(str(cell)) for cell in row] for row in (tables[name].columns, *tables[name].rows))
    return answer


def _tables(value: object) -> Iterator[Table]:
    """Every table in what a page is made from."""
    if isinstance(value, Table):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _tables(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _tables(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _tables(getattr(value, field.name))
