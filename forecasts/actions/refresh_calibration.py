"""Compute one stored statistic again: intervals, band, test and verdict of one sum."""

import datetime as dt
from typing import Any

from forecasts.models import StoredStatistic
from forecasts.queries.leaderboard import PREFIX, compute_board
from forecasts.queries.scope import query_of_key
from forecasts.queries.statistics import compute, table_digest
from forecasts.queries.sums import summed

from .base import action


@action
def refresh_calibration(*, key: str, at: dt.datetime) -> bool:
    """Recompute the statistic stored under `key`; False when it was fresh already, for instance by another worker."""
    row = StoredStatistic.objects.select_for_update().filter(query=key, stale=True).first()
    if row is None:
        return False
    row.table_sha256 = table_digest(summed(query_of_key(key.removeprefix(PREFIX))).table)
    row.value = value_of(key)
    row.stale, row.computed_at = False, at
    row.save()
    return True


def value_of(key: str) -> dict[str, Any]:
    """What is stored under `key`, from what stands now: the figures of one sum, or a board."""
    query = query_of_key(key.removeprefix(PREFIX))
    return compute_board(query) if key.startswith(PREFIX) else compute(query)
