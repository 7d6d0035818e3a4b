"""Writing behind the ledger's back, as somebody with the database's password could."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from forecasts.actions import action

TABLES = (
    "forecasts_ledgerentry",
    "forecasts_forecast",
    "forecasts_resolution",
    "forecasts_criteriaversion",
    "forecasts_article",
)


@contextmanager
def triggers_off() -> Iterator[None]:
    """Without the triggers: dropped on SQLite (the test's transaction brings them back), disabled on PostgreSQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            for table in TABLES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_fixed")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keeps")
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")


@action
def execute(*, sql: str, given: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return int(cursor.rowcount)


def forge(sql: str, *given: Any) -> None:
    """Run a statement that changes at least one row, whatever the triggers say."""
    with triggers_off():
        assert execute(sql=sql, given=list(given)) > 0
