import pytest

from forecasts.charts.gains import gains
from tests.charts.samples import what_was_gained


def test_better_is_to_the_right_of_the_line() -> None:
    better, worse = what_was_gained().rows
    assert float(worse.dot.x) < float(better.zero.x1) < float(better.dot.x)
    assert float(better.interval.x1) > float(better.zero.x1)  # its interval holds no 0
    assert float(worse.interval.x1) < float(worse.zero.x1) < float(worse.interval.x2)


def test_the_gain_is_written_with_its_sign() -> None:
    assert [row.value.text for row in what_was_gained().rows] == ["+0.100", "−0.020"]
    assert gains([("nothing", 0.0001, None, None)]).rows[0].value.text == "0.000"


def test_without_an_interval_there_is_only_the_dot() -> None:
    (row,) = gains([("alone", 0.1, None, None)]).rows
    assert row.interval.x1 == row.interval.x2 == row.dot.x


def test_only_a_side_that_is_on_the_axis_is_named() -> None:
    chart = gains([("better", 0.1, 0.05, 0.2)])
    assert (chart.worse.text, chart.better.text) == ("", "better →")


def test_a_long_name_is_cut() -> None:
    assert len(gains([("W" * 200, 0.1, 0.0, 0.2)]).rows[0].words.text) == 22


@pytest.mark.parametrize("rows", [[], [("turned round", 0.1, 0.2, 0.3)], [("turned round", 0.1, 0.0, 0.05)]])
def test_what_cannot_be_is_refused(rows: list[tuple[str, float, float, float]]) -> None:
    with pytest.raises(ValueError, match="rows"):
        gains(rows)
