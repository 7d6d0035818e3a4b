from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.charts.dates import EPOCH, MICROSECOND, date_ticks

DAY = 86_400 * 10**6


def at(year: int, month: int, day: int, hour: int = 0) -> int:
    return (datetime(year, month, day, hour, tzinfo=UTC) - EPOCH) // MICROSECOND


def test_a_year_is_labelled_by_months_with_the_year_where_it_changes() -> None:
    ticks = date_ticks(at(2025, 11, 20), at(2026, 10, 31))
    assert ticks == (
        (at(2026, 1, 1), "Jan", "2026"),
        (at(2026, 4, 1), "Apr", ""),
        (at(2026, 7, 1), "Jul", ""),
        (at(2026, 10, 1), "Oct", ""),
    )


def test_a_week_is_labelled_by_days() -> None:
    ticks = date_ticks(at(2025, 12, 30), at(2026, 1, 3))
    assert ticks == (
        (at(2025, 12, 30), "30 Dec", "2025"),
        (at(2026, 1, 1), "1 Jan", "2026"),
        (at(2026, 1, 3), "3 Jan", ""),
    )


def test_decades_are_labelled_by_years() -> None:
    assert [text for _, text, _ in date_ticks(at(2021, 5, 1), at(2049, 5, 1))] == ["2030", "2040"]


def test_a_few_hours_are_labelled_at_their_ends() -> None:
    start, end = at(2026, 3, 1, 9), at(2026, 3, 1, 17)
    assert date_ticks(start, end) == ((start, "1 Mar", "2026"), (end, "1 Mar", ""))


def test_time_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="end"):
        date_ticks(DAY, DAY)


@given(st.integers(at(1800, 1, 1), at(3000, 1, 1)), st.integers(1, 400_000))
def test_any_span_has_one_to_four_labels_inside_it_in_order(start: int, days: int) -> None:
    ticks = date_ticks(start, start + days * DAY)
    assert 1 <= len(ticks) <= 4
    assert [when for when, _, _ in ticks] == sorted(when for when, _, _ in ticks)
    assert all(start <= when <= start + days * DAY for when, _, _ in ticks)
