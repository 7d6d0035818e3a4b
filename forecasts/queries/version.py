"""What every public page follows from, in two small queries: nothing else can change what a reader sees."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q, Subquery

from forecasts.models import Cursor, CursorName, LedgerHead, Prediction, PredictionStatus, StoredStatistic


@dataclass(frozen=True)
class Version:
    """The ledger's head, how far scoring has read it, the last statistic, and what time alone has moved."""

    size: int
    digest: str
    scored: int
    computed_at: dt.datetime | None
    closed: int
    overdue: int


def version(now: dt.datetime) -> Version:
    latest = StoredStatistic.objects.order_by(F("computed_at").desc(nulls_last=True)).values("computed_at")[:1]
    scored = Cursor.objects.filter(name=CursorName.SCORING).values("seq")[:1]
    head = LedgerHead.objects.annotate(scored=Subquery(scored), computed_at=Subquery(latest)).values(
        "size", "digest", "scored", "computed_at"
    )
    unsettled = Prediction.objects.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    passed = unsettled.aggregate(closed=Count("pk", Q(closes_at__lte=now)), overdue=Count("pk", Q(resolves_by__lt=now)))
    return Version(**head.get(), **passed)
