import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.charts.scale import Linear, LogOdds, percent_ticks, round_ticks
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


def test_round_ticks_span_what_they_are_asked_to() -> None:
    assert round_ticks(0, 0.26) == (0, 0.1, 0.2, 0.3)
    assert round_ticks(-0.12, 0.3) == (-0.2, -0.1, 0, 0.1, 0.2, 0.3)
    assert round_ticks(0, 1) == (0, 0.2, 0.4, 0.6, 0.8, 1)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(3, 10))
def test_round_ticks_are_few_and_even(low: float, span: float, most: int) -> None:
    ticks = round_ticks(low, low + span, most)
    steps = {round(after - before, 6) for before, after in pairwise(ticks)}
    slack = 1e-6 * span + 2 * math.ulp(abs(low) + span)  # a span of a millionth near a million is a few ulps wide
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + span - slack
    assert 2 <= len(ticks) <= most + 1
    assert max(steps) - min(steps) <= 1e-6 * max(1, span)


def test_round_ticks_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="high"):
        round_ticks(1, 1)


def test_log_odds_open_the_extremes() -> None:
    scale = LogOdds(0, 100)
    assert [scale.at(tick) for tick in (0, 1, 5_000, 9_999, 10_000)] == ["0", "0", "50", "100", "100"]
    assert scale.place(200) - scale.place(100) > scale.place(5_100) - scale.place(5_000)
    assert scale.place(9_900) == pytest.approx(100 - scale.place(100))
