"""Whether this process can serve: the database, its migrations, the follower and the checks."""

import datetime as dt
from collections.abc import Iterator

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from forecasts.models import Cursor, CursorName, EvidenceSource, LedgerEntry

FOLLOWER_LATE = dt.timedelta(minutes=5)
CHECK_LATE = dt.timedelta(minutes=30)


def problems(now: dt.datetime) -> tuple[str, ...]:
    """What is wrong, one sentence each; empty when ready."""
    try:
        return tuple(_problems(now))
    except Error:
        return ("database: it does not answer",)


def _problems(now: dt.datetime) -> Iterator[str]:
    executor = MigrationExecutor(connection)
    if pending := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"migrations: {len(pending)} are not applied"
        return
    for cursor in Cursor.objects.filter(name__in=CursorName.values):
        unread = LedgerEntry.objects.filter(seq=cursor.seq + 1, at__lt=now - FOLLOWER_LATE).first()
        if unread:
            yield f"follower {cursor.name}: entry {unread.seq} waits since {unread.at.isoformat()}"
    late = EvidenceSource.objects.due(now - CHECK_LATE).first()
    if late:
        yield f"checks: one was due at {late.next_check_at.isoformat()}"
