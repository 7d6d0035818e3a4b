"""Compute a stored statistic: intervals, band, test and verdict of one sum."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from forecasts.models import StoredStatistic
from forecasts.queries.leaderboard import PREFIX, compute_board
from forecasts.queries.scope import FILTER, parse_query, query_of_key
from forecasts.queries.statistics import compute, table_digest
from forecasts.queries.sums import summed

from .base import action

MOST_FILTERS = 500  # rare filters between two scorings


@action
def refresh_calibration(*, key: str, at: dt.datetime) -> bool:
    """Recompute the statistic stored under `key`; False when it was fresh already, for instance by another worker."""
    row = StoredStatistic.objects.select_for_update().filter(query=key, stale=True).first()
    if row is None:
        return False
    table = summed(query_of_key(key.removeprefix(PREFIX))).table
    row.table_sha256 = table_digest(table)
    row.tick_table = None if key.startswith(PREFIX) else table.packed
    row.value = value_of(key)
    row.stale, row.computed_at = False, at
    row.save()
    return True


@action
def keep_filter(*, parameters: Mapping[str, str], at: dt.datetime) -> bool:
    """Compute and store what a rare filter's calibration rests on; False while MOST_FILTERS are stored.

    It stands until anything is scored, which deletes all of these. Raises Refused where what it names is gone.
    """
    if StoredStatistic.objects.filter(query__startswith=FILTER).count() >= MOST_FILTERS:
        return False
    query = parse_query(parameters)
    values = {
        "table_sha256": table_digest(summed(query).table), "value": compute(query), "stale": False, "computed_at": at,
    }  # fmt: skip
    StoredStatistic.objects.update_or_create(query=query.key, defaults=values)
    return True


def value_of(key: str) -> dict[str, Any]:
    """What is stored under `key`, from what stands now: the figures of one sum, or a board."""
    query = query_of_key(key.removeprefix(PREFIX))
    return compute_board(query) if key.startswith(PREFIX) else compute(query)
