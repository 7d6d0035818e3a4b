"""What a stored forecast or outcome says in words; forecasts of numbers and dates as the CDF that they declare."""

from decimal import Decimal
from typing import Any

import pytest

from forecasts.models import Curve, Forecast, Forecaster, Prediction, central, outcome_words
from forecasts.scoring.days import day_number

NUMBER = {"kind": "numeric", "range_min": Decimal(0), "range_max": Decimal(200)}
DATES = {
    "kind": "date",
    "range_min": Decimal(day_number("2026-01-01")),
    "range_max": Decimal(day_number("2026-01-31")),
    "open_above": True,
}
OPEN = {"open_below": True, "open_above": True}
FIFTHS = (1_000, 3_000, 5_000, 7_000, 9_000)


def words(row: dict[str, Any], *values: tuple[str, int]) -> list[str]:
    curve = Curve(Prediction(**row), values)
    return [curve.words(level) for level in FIFTHS]


def test_closed_ends_are_reached_in_a_straight_line() -> None:
    # From (0, 0) to (100, 5000) to (200, 10000): 2 for each per cent.
    assert words(NUMBER, ("100", 5_000)) == ["20", "60", "100", "140", "180"]


def test_a_point_on_a_closed_end_is_a_point_mass() -> None:
    # 30 % at 0, 40 % evenly from 0 to 200, 30 % at 200.
    assert words(NUMBER, ("0", 3_000), ("200", 7_000)) == ["0", "0", "100", "200", "200"]


def test_beyond_the_outermost_points_of_open_ends_all_sits_on_them() -> None:
    assert words(NUMBER | OPEN, ("50", 2_000), ("110", 8_000)) == ["50", "60", "80", "100", "110"]


def test_points_on_open_ends_leave_the_rest_beyond_the_range() -> None:
    assert words(NUMBER | OPEN, ("0", 2_000), ("200", 8_000)) == [
        "below 0",
        f"{200 * (30 - 20) / 60:.1f}",
        "100",
        f"{200 * (70 - 20) / 60:.1f}",
        "above 200",
    ]


def test_what_a_date_leaves_over_comes_after_the_limit() -> None:
    # 40 % evenly over the 10 days from the end of 1 January to the end of the 11th: 2.5 days for each 10 %.
    assert words(DATES, ("2026-01-11", 4_000)) == ["2026-01-04", "2026-01-09", *["after 2026-01-31"] * 3]
    assert Curve(Prediction(**DATES), [("2026-01-11", 4_000)]).quantile(5_000) is None


def test_a_number_has_one_decimal_more_than_the_finest_that_was_given() -> None:
    assert words(NUMBER, ("0.25", 3_000), ("0.5", 6_000))[2] == f"{0.25 + 0.25 * 2 / 3:.3f}"


def test_a_number_of_many_digits_keeps_them() -> None:
    row = NUMBER | {"range_max": Decimal(10) ** 20}
    assert words(row, ("12345678901234567890.1234567891", 5_000))[2] == "12345678901234567890.1234567891"


def test_a_central_interval_leaves_as_much_on_either_side() -> None:
    assert [central(share) for share in (5_000, 8_000, 9_000)] == [(2_500, 7_500), (1_000, 9_000), (500, 9_500)]


CHOICE = {"kind": "multiple_choice", "options": ["Anthropic", "Google"]}


@pytest.mark.parametrize(
    ("row", "outcome", "said"),
    [
        ({}, "yes", "It happened"),
        ({}, "no", "It did not happen"),
        (CHOICE, "1", "Google"),
        (NUMBER, "120.5", "120.5"),
        (DATES, "2026-01-11", "2026-01-11"),
        (DATES, "not_before", "Not by 2026-01-31"),
        *(({**row}, "", "") for row in ({}, CHOICE, NUMBER, DATES)),
    ],
)
def test_an_outcome_is_told_in_words(row: dict[str, Any], outcome: str, said: str) -> None:
    assert outcome_words(Prediction(**row), outcome) == said


@pytest.mark.parametrize(
    ("row", "given", "said"),
    [
        ({}, {"tick": 1_250}, "12.5\N{NO-BREAK SPACE}%"),
        (CHOICE, {"values": [4_000, 6_000]}, "Google 60\N{NO-BREAK SPACE}%"),
        (CHOICE, {"values": [5_000, 5_000]}, "Anthropic 50\N{NO-BREAK SPACE}%"),
        (CHOICE | {"options": ["x" * 99, "y"]}, {"values": [9_999, 1]}, f"{'x' * 29}… 99.99\N{NO-BREAK SPACE}%"),
        (NUMBER, {"values": [["80", 2_500], ["120", 5_000]]}, "median 120"),
        (DATES, {"values": [["2026-01-11", 4_000]]}, "median after 2026-01-31"),
        *((row, {}, "") for row in ({}, CHOICE, NUMBER, DATES)),
    ],
)
def test_a_forecast_is_told_in_short(row: dict[str, Any], given: dict[str, Any], said: str) -> None:
    forecast = Forecast(prediction=Prediction(**row), forecaster=Forecaster(name="Desk"), **given)
    assert forecast.said == said
    assert str(forecast) == f"Desk: {said or 'withdrawn'}"
