"""The cursors of the followers move forward only, also past what could not be digested."""

from forecasts.actions import advance_cursor, note_failure
from forecasts.models import Cursor, CursorName, FollowerFailure, LedgerEntry
from tests.story import DAY, START, Story

SCORING = CursorName.SCORING


def seq() -> int:
    return Cursor.objects.get(name=SCORING).seq


def test_it_works(story: Story) -> None:
    advance_cursor(name=SCORING, seq=1)
    assert seq() == 1
    assert Cursor.objects.get(name=CursorName.ASSESSING).seq == 0


def test_a_late_follower_does_not_move_it_back(story: Story) -> None:
    advance_cursor(name=SCORING, seq=9)
    advance_cursor(name=SCORING, seq=4)
    assert seq() == 9


def test_a_failure_stands_once_on_the_desk_and_the_cursor_goes_on(story: Story) -> None:
    entry = LedgerEntry.objects.get()
    for error, at in (("first", START), ("second", START + DAY)):
        note_failure(name=SCORING, entry=entry, error=error, at=at)
    failure = FollowerFailure.objects.get()
    assert (failure.cursor, failure.entry, failure.error, failure.at) == ("scoring", entry, "second", START + DAY)
    assert seq() == entry.seq
