"""Many rows of one table at once. Django's own way checks and converts every value of every row, which is most of the
time of scoring; what comes here was computed by us and fits its columns already.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import DateField, Model


def insert_rows(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert unsaved rows, which keep no key: by COPY on PostgreSQL."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_table(model)} FROM STDIN") as copy:
                for values in _values(model, rows):
                    copy.write_row(values)
        else:
            cursor.executemany(_insert(model), _values(model, rows))


def save_rows(model: type[Model], rows: Sequence[Model], unique: Sequence[str], changed: Sequence[str]) -> None:
    """Insert rows, or where one has the same `unique` fields, change its fields `changed`."""
    quote = connection.ops.quote_name
    updates = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in changed)
    sql = f"{_insert(model)} ON CONFLICT ({', '.join(map(quote, unique))}) DO UPDATE SET {updates}"
    with connection.cursor() as cursor:
        cursor.executemany(sql, _values(model, rows))


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _table(model: type[Model]) -> str:
    """The table with its columns, quoted."""
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in _fields(model))})"


def _insert(model: type[Model]) -> str:
    return f"INSERT INTO {_table(model)} VALUES ({', '.join(['%s'] * len(_fields(model)))})"  # noqa: S608 -- no values


def _values(model: type[Model], rows: Sequence[Model]) -> Any:
    fields = _fields(model)
    found: Iterable[Any] = map(attrgetter(*(field.attname for field in fields)), rows)
    days = [place for place, field in enumerate(fields) if isinstance(field, DateField)]
    return (_adapted(row, days) for row in found) if days else found


def _adapted(row: Sequence[Any], days: Sequence[int]) -> Sequence[Any]:
    values = list(row)
    for place in days:
        values[place] = connection.ops.adapt_datefield_value(values[place])
    return values
