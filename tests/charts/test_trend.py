import re

import pytest

from forecasts.charts.trend import DAY, trend
from tests.charts.samples import score_over_time

TICKS = [(0.0, "0"), (0.5, "0.5")]
LEVEL = (0.25, "even")


def test_months_in_a_row_are_joined_and_one_by_itself_is_not() -> None:
    chart = score_over_time()
    assert [path.count("L") for path in chart.line.split("M")[1:]] == [2]
    assert chart.band.count("M") == 1
    assert len(chart.dots) == 4
    assert [line.x1 for line in chart.whiskers] == [chart.dots[-1].x]


def test_a_value_that_stands_until_the_next_is_joined_however_far() -> None:
    chart = trend([(0, 0.1, None, None), (900 * DAY, 0.2, None, None)], TICKS, LEVEL, joined=True)
    assert chart.line.count("L") == 1
    assert (chart.band, chart.whiskers) == ("", ())


def test_a_single_month_stands_in_the_middle() -> None:
    chart = trend([(0, 0.1, 0.0, 0.2)], TICKS, LEVEL)
    left, right = (float(chart.grid[0].x1), float(chart.grid[0].x2))
    assert float(chart.dots[0].x) == pytest.approx((left + right) / 2)
    assert len(chart.whiskers) == 1


def test_values_and_level_are_on_one_scale() -> None:
    chart = trend([(0, 0.25, None, None)], TICKS, LEVEL)
    assert chart.dots[0].y == chart.level.y1 == chart.level.y2
    bottom, top = (float(line.y1) for line in chart.grid)
    assert float(chart.dots[0].y) == pytest.approx((bottom + top) / 2)


def test_the_band_runs_forwards_above_and_back_below() -> None:
    corners = re.findall(r"[\d.]+ ([\d.]+)", trend([(0, 0.2, 0.1, 0.4), (DAY, 0.2, 0.1, 0.4)], TICKS, LEVEL).band)
    assert [float(y) for y in corners[:2]] < [float(y) for y in corners[2:]]
    assert len(corners) == 4


@pytest.mark.parametrize(
    "points", [[], [(0, 0.6, None, None)], [(0, 0.1, 0.0, 0.7)], [(DAY, 0.1, None, None), (0, 0.1, None, None)]]
)
def test_what_cannot_be_drawn_is_refused(points: list[tuple[int, float, float | None, float | None]]) -> None:
    with pytest.raises(ValueError, match="points"):
        trend(points, TICKS, LEVEL)
