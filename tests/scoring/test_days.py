import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring.days import date_of, day_number


def test_it_works() -> None:
    assert day_number("1970-01-01") == 1
    assert day_number("1969-12-31") == 0
    assert day_number(dt.date(1971, 1, 1)) == 365 + 1


@given(st.dates())
def test_a_date_survives_the_way_there_and_back(day: dt.date) -> None:
    assert date_of(day_number(day)) == date_of(day_number(day.isoformat())) == day


def test_a_day_number_is_where_the_day_ends_on_the_clock() -> None:
    end = dt.datetime(2027, 7, 1, tzinfo=dt.UTC)

    assert day_number("2027-06-30") * 86_400 == end.timestamp()


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="2027-06-31"):
        day_number("2027-06-31 is no day")
