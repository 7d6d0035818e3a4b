import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.charts.scale import Linear, percent_ticks
from forecasts.language.figures import number, percent


def test_a_scale_maps_its_ends_and_its_middle() -> None:
    scale = Linear(0, 10_000, 400, 0)
    assert [scale.at(0), scale.at(2_500), scale.at(10_000)] == ["400", "300", "0"]


def test_a_scale_without_extent_is_refused() -> None:
    with pytest.raises(ValueError, match="high"):
        Linear(3, 3, 0, 1)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.5, "1.5"), (1 / 3, "0.33"), (-0.001, "0"), (1234.5, "1234.5"), (100, "100")]
)
def test_a_number_has_at_most_two_decimals_and_no_trailing_zeros(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_number_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        number(value)


@given(st.floats(min_value=-1e6, max_value=1e6))
def test_a_coordinate_reads_back_to_within_half_a_hundredth(value: float) -> None:
    text = number(value)
    assert set(text) <= set("-0123456789.")
    assert abs(float(text) - value) <= 0.005 + 1e-9


def test_percentages_keep_their_sign_on_the_same_line() -> None:
    assert percent(1_250) == "12.5\N{NO-BREAK SPACE}%"


def test_an_axis_of_probabilities_runs_from_0_to_100_percent() -> None:
    assert [text.rstrip("%").strip() for _, text in percent_ticks(2_500)] == ["0", "25", "50", "75", "100"]
