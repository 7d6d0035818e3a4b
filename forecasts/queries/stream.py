"""Many rows of a query, as they come, in constant memory, and spelled by the database where that is faster."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, Func, QuerySet

AT_ONCE = 500  # more are no faster to read, and no longer fit a processor's cache


class Moment(Func):
    """A time in UTC as text with microseconds, 2026-01-31T08:00:00.000000Z: much faster than by way of a `datetime`."""

    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
        return self.as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """There a time is a text in UTC, without a fraction where it has none."""
        template = "replace(substr(%(expressions)s || '.000000', 1, 26), ' ', 'T') || 'Z'"
        return self.as_sql(compiler, connection, template=template)


def streamed(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """The tuples of a `values_list`. Until the last has come, the connection can be asked nothing else.

    PostgreSQL sends rows while it finds more, so that it works at the same time as we do. Behind a cursor of the server
    one would always wait for the other.
    """
    if connection.vendor != "postgresql":
        yield from rows.iterator(chunk_size=AT_ONCE)
        return
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    with connection.cursor() as cursor, closing(cursor.stream(sql, params, size=AT_ONCE)) as found:
        yield from compiler.results_iter([found])


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is as it was at one moment, and nobody who writes is held up."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # unlike `atomic`, which would take the lock of those who write
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
