"""One scheduler at a time."""

import datetime as dt

import pytest

from forecasts.actions import take_lease
from forecasts.models import Heartbeat
from tests.story import START

HALF = dt.timedelta(seconds=15)


def take(holder: str, at: dt.datetime) -> bool:
    return take_lease(name="scheduler", holder=holder, lasting=2 * HALF, at=at)


@pytest.mark.django_db
def test_it_works() -> None:
    assert take("a", START)
    assert not take("b", START + HALF)
    assert take("a", START + HALF)  # renewed, now until START + 3 * HALF
    assert not take("b", START + 2 * HALF)
    assert take("b", START + 3 * HALF)
    assert not take("a", START + 3 * HALF)
    row = Heartbeat.objects.get()
    assert (row.holder, row.until, row.beat_at) == ("b", START + 5 * HALF, START + 3 * HALF)
