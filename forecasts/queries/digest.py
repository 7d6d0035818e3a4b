"""What editors are told once a week: what waits at the desk, and what became known, as a draft for readers."""

import datetime as dt
from dataclasses import dataclass

from .desk import WEEK, DeskSection, disputes, due_within, findings, overdue, proposals, sources
from .recap import Recap, recap


@dataclass(frozen=True)
class Digest:
    """The piles that are not empty, as on the desk, and the recap of the week before."""

    sections: tuple[DeskSection, ...]
    recap: Recap

    @property
    def waiting(self) -> int:
        return sum(section.count for section in self.sections)

    @property
    def is_empty(self) -> bool:
        return not self.sections and self.recap.is_empty


def week_of(now: dt.datetime) -> dt.datetime:
    """The Monday, 00:00 UTC, at or before `now`."""
    day = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - dt.timedelta(days=day.weekday())


def digest(now: dt.datetime) -> Digest:
    """What waits at `now`, and the recap of the last whole week, Monday to Sunday."""
    piles = (
        proposals(),
        overdue(now),
        due_within("Due in the next 14 days", 2 * WEEK, now),
        findings(),
        sources(now),
        disputes(before=now + WEEK),
    )
    return Digest(tuple(pile for pile in piles if pile.count), recap(week_of(now)))
