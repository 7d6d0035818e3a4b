"""What every public page follows from, in one small query: nothing else can change what a reader sees."""

import datetime as dt
from typing import NamedTuple

from django.db import connection

from forecasts.models import Cursor, CursorName, LedgerHead, Prediction, StoredStatistic

# Written out, because every request asks it: put together anew, it takes the ORM ten times as long as the database.
_SQL = f"""
    SELECT size, digest,
        (SELECT seq FROM {Cursor._meta.db_table} WHERE name = '{CursorName.SCORING.value}'),
        (SELECT MAX(computed_at) FROM {StoredStatistic._meta.db_table}),
        (SELECT COUNT(*) FROM {StoredStatistic._meta.db_table} WHERE stale),
        (SELECT MAX(closes_at) FROM {Prediction._meta.db_table} WHERE published_at IS NOT NULL AND closes_at <= %s),
        (SELECT MAX(resolves_by) FROM {Prediction._meta.db_table} WHERE published_at IS NOT NULL AND resolves_by < %s)
    FROM {LedgerHead._meta.db_table}
"""  # noqa: S608 -- the names are our tables'


class Version(NamedTuple):
    """The ledger's head, how far scoring has read it, the last statistic, and what time alone has moved.

    That is the last moment at which something closed, and the last deadline that passed. How many statistics wait tells
    apart what several workers store: the last to be done need not be the last to have begun. Times are as the database
    spells them, to be compared and nothing else.
    """

    size: int
    digest: str
    scored: int
    computed_at: object
    waiting: int
    closed: object
    overdue: object


def version(now: dt.datetime) -> Version:
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, (at, at))
        return Version(*cursor.fetchone())
