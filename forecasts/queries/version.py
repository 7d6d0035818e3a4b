"""What every public page follows from, in one small query: nothing else can change what a reader sees."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Subquery

from forecasts.models import Cursor, CursorName, LedgerHead, Prediction, StoredStatistic


@dataclass(frozen=True)
class Version:
    """The ledger's head, how far scoring has read it, the last statistic, and what time alone has moved.

    That is the last moment at which something closed, and the last deadline that passed. How many statistics wait tells
    apart what several workers store: the last to be done need not be the last to have begun.
    """

    size: int
    digest: str
    scored: int
    computed_at: dt.datetime | None
    waiting: int
    closed: dt.datetime | None
    overdue: dt.datetime | None


def version(now: dt.datetime) -> Version:
    public = Prediction.objects.public()
    parts = {
        "scored": Cursor.objects.filter(name=CursorName.SCORING).values("seq"),
        "computed_at": StoredStatistic.objects.order_by(F("computed_at").desc(nulls_last=True)).values("computed_at"),
        "waiting": _waiting(),
        "closed": public.filter(closes_at__lte=now).order_by("-closes_at").values("closes_at"),
        "overdue": public.filter(resolves_by__lt=now).order_by("-resolves_by").values("resolves_by"),
    }
    head = LedgerHead.objects.annotate(**{name: Subquery(rows[:1]) for name, rows in parts.items()})
    found = head.values("size", "digest", *parts).get()
    return Version(**{**found, "waiting": found["waiting"] or 0})


def _waiting() -> QuerySet[Any]:
    """One row, or none where nothing waits."""
    return StoredStatistic.objects.filter(stale=True).order_by().values("stale").annotate(n=Count("pk")).values("n")
