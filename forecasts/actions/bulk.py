"""Many rows of one table at once. Django's own way checks and converts every value of every row, which would be most of
the time of scoring; what comes here was computed by us and fits its columns already.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import DateField, Model

Values = Iterable[Sequence[Any]]
LINES_AT_ONCE = 1000


def insert_rows(model: type[Model], columns: Sequence[str], rows: Values) -> None:
    """Insert rows with the given values for `columns`: by COPY on PostgreSQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_table(model, columns)} FROM STDIN") as copy:
                for values in rows:
                    copy.write_row(values)
        else:
            cursor.executemany(_insert(model, columns), _adapted(model, columns, rows))


def copy_text(model: type[Model], columns: Sequence[str], lines: Iterable[str]) -> None:
    """The same from lines of PostgreSQL's text format, whose values need no escape; many lines go in one write."""
    rest = iter(lines)
    with connection.cursor() as cursor, cursor.copy(f"COPY {_table(model, columns)} FROM STDIN") as copy:
        while part := "".join(islice(rest, LINES_AT_ONCE)):
            copy.write(part)


def add_rows(model: type[Model], columns: Sequence[str], rows: Values, *, unique: Sequence[str]) -> None:
    """Insert rows, or where one has the same `unique` columns, add the other `columns` to it."""
    quote, table = connection.ops.quote_name, connection.ops.quote_name(model._meta.db_table)
    sums = [quote(name) for name in columns if name not in unique]
    added = ", ".join(f"{name} = {table}.{name} + EXCLUDED.{name}" for name in sums)
    otherwise = f"ON CONFLICT ({', '.join(map(quote, unique))}) DO UPDATE SET {added}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy_and_add(cursor, model, columns, rows, otherwise)
        else:
            cursor.executemany(f"{_insert(model, columns)} {otherwise}", _adapted(model, columns, rows))


def _copy_and_add(cursor: Any, model: type[Model], columns: Sequence[str], rows: Values, otherwise: str) -> None:
    """COPY knows no conflicts, so the rows come in by a table of this transaction, from which one INSERT takes them."""
    quote = connection.ops.quote_name
    names, table = ", ".join(map(quote, columns)), quote(model._meta.db_table)
    incoming = quote(f"incoming_{model._meta.db_table}")
    cursor.execute(f"CREATE TEMP TABLE {incoming} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608 -- names only
    with cursor.copy(f"COPY {incoming} ({names}) FROM STDIN") as copy:
        for values in rows:
            copy.write_row(values)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {incoming} {otherwise}")  # noqa: S608 -- names only
    cursor.execute(f"DROP TABLE {incoming}")


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
    if not places:
        return list(rows)
    return [
        tuple(str(value) if place in places and value is not None else value for place, value in enumerate(row))
        for row in rows
    ]
