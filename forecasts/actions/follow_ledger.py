"""Bookkeeping of those who follow the ledger: how far they have read, and what they could not digest."""

import datetime as dt

from forecasts.models import Cursor, CursorName, FollowerFailure, LedgerEntry

from .base import action


@action
def advance_cursor(*, name: str, seq: int) -> None:
    """Move a cursor forward to `seq`; never back, so a late follower does no harm."""
    Cursor.objects.filter(name=name, seq__lt=seq).update(seq=seq)


@action
def note_engine(*, engine: str) -> None:
    """Everything stored was computed under this scoring engine."""
    Cursor.objects.filter(name=CursorName.SCORING).update(engine=engine)


@action
def note_failure(*, name: str, entry: LedgerEntry, error: str, at: dt.datetime) -> None:
    """Put an entry that a follower could not digest on the desk, and move on behind it."""
    FollowerFailure.objects.update_or_create(cursor=name, entry=entry, defaults={"error": error, "at": at})
    Cursor.objects.filter(name=name, seq__lt=entry.seq).update(seq=entry.seq)
