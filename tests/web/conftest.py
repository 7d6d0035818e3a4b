import datetime as dt

import pytest
from django.utils import timezone

from tests.story import DAY, DEADLINE


class Clock:
    """The time that pages are read at; a test may move it."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A fortnight after the deadline of the tests' predictions."""
    set_clock = Clock(DEADLINE + 14 * DAY)
    monkeypatch.setattr(timezone, "now", set_clock)
    return set_clock
