"""When open predictions are due, for calendars."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from forecasts.models import Precision, PredictionStatus

from .feeds import Predictions, with_revision

MOST = 2_000


@dataclass(frozen=True)
class Deadline:
    """`is_day` unless an instant is known: of a month or a year it is the last day. `revision` counts changes."""

    key: tuple[str, object]
    path: str
    statement: str
    at: dt.datetime
    is_day: bool
    revised: dt.datetime
    revision: int


def deadlines(predictions: Predictions) -> list[Deadline]:
    """Of what is not settled, the earliest first."""
    unsettled = (PredictionStatus.OPEN, PredictionStatus.CLOSED)
    rows = with_revision(predictions.filter(status__in=unsettled, resolves_by__isnull=False))
    return list(map(_deadline, rows.order_by("resolves_by", "pk")[:MOST]))


def _deadline(row: Any) -> Deadline:
    return Deadline(
        key=("deadline", row.pk),
        path=row.get_absolute_url(),
        statement=row.statement,
        at=row.resolves_by,
        is_day=row.resolves_by_precision != Precision.INSTANT,
        revised=row.revised_at,
        revision=row.revision or 0,
    )
