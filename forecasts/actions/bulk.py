"""Many rows of one table at once. Django's own way checks and converts every value of every row, which would be most of
the time of scoring; what comes here was computed by us and fits its columns already.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import DateField, Model

Values = Iterable[Sequence[Any]]


def insert_rows(model: type[Model], columns: Sequence[str], rows: Values) -> None:
    """Insert rows with the given values for `columns`: by COPY on PostgreSQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_table(model, columns)} FROM STDIN") as copy:
                for values in rows:
                    copy.write_row(values)
        else:
            cursor.executemany(_insert(model, columns), _adapted(model, columns, rows))


def save_rows(model: type[Model], columns: Sequence[str], rows: Values, *, unique: Sequence[str]) -> None:
    """Insert rows, or where one has the same `unique` columns, change its other `columns`."""
    quote = connection.ops.quote_name
    updates = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in columns if name not in unique)
    sql = f"{_insert(model, columns)} ON CONFLICT ({', '.join(map(quote, unique))}) DO UPDATE SET {updates}"
    with connection.cursor() as cursor:
        cursor.executemany(sql, _adapted(model, columns, rows))


def _table(model: type[Model], columns: Sequence[str]) -> str:
    """The table with its columns, quoted."""
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"


def _insert(model: type[Model], columns: Sequence[str]) -> str:
    return f"INSERT INTO {_table(model, columns)} VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608 -- no values


def _adapted(model: type[Model], columns: Sequence[str], rows: Values) -> Any:
    """SQLite keeps a day as text."""
    days = {field.attname for field in model._meta.concrete_fields if isinstance(field, DateField)}
    places = [place for place, name in enumerate(columns) if name in days]
    if connection.vendor == "postgresql" or not places:
        return list(rows)
    return [tuple(str(value) if place in places else value for place, value in enumerate(row)) for row in rows]
