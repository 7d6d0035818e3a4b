"""How the sources stand that public predictions are watched over."""

import datetime as dt
from dataclasses import dataclass

from .prediction_page import checked_words
from .public import public_sources


@dataclass(frozen=True)
class SourceHealth:
    title: str
    kind: str
    url: str
    state: str
    paused: bool
    interval: int
    failures: int
    last_good_check_at: dt.datetime | None
    next_check_at: dt.datetime


def source_health(now: dt.datetime) -> tuple[SourceHealth, ...]:
    return tuple(
        SourceHealth(
            title=row.title,
            kind=row.kind,
            url=row.url,
            state=checked_words(row, now),
            paused=row.paused,
            interval=row.interval,
            failures=row.failure_count,
            last_good_check_at=row.last_good_check_at,
            next_check_at=row.next_check_at,
        )
        for row in public_sources().order_by("title", "pk")
    )
