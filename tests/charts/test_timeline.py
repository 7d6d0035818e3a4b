from itertools import pairwise

import pytest

from forecasts.charts import timeline
from forecasts.charts.timeline import LEFT, MOST_SERIES, MarkKind
from tests.charts.samples import DAY, probability_over_time


def points(path: str) -> list[str]:
    """A path cut before every M: its separate lines."""
    return ["M" + piece for piece in path.split("M")[1:]]


def test_a_forecast_stands_until_the_next_one() -> None:
    chart = timeline.steps([("Ann", [(0, 0), (50 * DAY, 10_000)])], 0, 100 * DAY)
    low, high = float(chart.grid[0].y1), float(chart.grid[-1].y1)
    right = float(chart.grid[0].x2)
    assert chart.series[0].path == f"M{LEFT} {low:g}H{(LEFT + right) / 2:g}V{high:g}H{right:g}"


def test_a_forecast_from_before_the_opening_stands_from_the_opening() -> None:
    early = timeline.steps([("Ann", [(-9 * DAY, 2_000)])], 0, 100 * DAY)
    prompt = timeline.steps([("Ann", [(0, 2_000)])], 0, 100 * DAY)
    assert early == prompt


def test_the_line_is_lifted_while_a_forecast_is_withdrawn() -> None:
    chart = timeline.steps([("Ann", [(0, 2_000), (40 * DAY, None), (60 * DAY, 3_000)])], 0, 100 * DAY)
    assert len(points(chart.series[0].path)) == 2


def test_the_label_of_a_forecaster_who_withdrew_says_what_stood_last() -> None:
    chart = timeline.steps([("Ann", [(0, 2_000), (40 * DAY, None)])], 0, 100 * DAY)
    assert chart.series[0].label.text == "20\N{NO-BREAK SPACE}%"


def test_lines_end_at_until_and_never_after_the_close() -> None:
    now = timeline.steps([("Ann", [(0, 2_000)])], 0, 100 * DAY, until=50 * DAY)
    late = timeline.steps([("Ann", [(0, 2_000)])], 0, 100 * DAY, until=500 * DAY)
    left, right = float(now.grid[0].x1), float(now.grid[0].x2)
    assert float(now.series[0].end.x) == pytest.approx((left + right) / 2, abs=0.01)
    assert late == timeline.steps([("Ann", [(0, 2_000)])], 0, 100 * DAY)


def test_a_forecast_at_the_close_or_after_it_is_not_drawn() -> None:
    chart = timeline.steps([("Ann", [(100 * DAY, 2_000)]), ("Bo", [(99 * DAY, 2_000)])], 0, 100 * DAY)
    assert [(series.number, series.label.under) for series in chart.series] == [(2, "Bo")]


def test_labels_of_equal_forecasts_do_not_touch() -> None:
    chart = timeline.steps([(name, [(0, 5_000)]) for name in "abcdef"], 0, 100 * DAY)
    heights = sorted(float(series.label.y) for series in chart.series)
    assert all(high - low == pytest.approx(38) for low, high in pairwise(heights))


def test_a_label_stands_beside_the_end_of_its_line_where_there_is_room() -> None:
    chart = timeline.steps([("Ann", [(0, 5_000)])], 0, 100 * DAY, until=10 * DAY)
    beside = float(chart.series[0].label.x) - float(chart.series[0].end.x)
    assert beside == pytest.approx(timeline.LEADER + 4, abs=0.01)


def test_a_label_that_would_reach_over_the_edge_stands_in_the_margin() -> None:
    chart = timeline.steps([("Ann", [(0, 5_000)])], 0, 100 * DAY, until=95 * DAY)
    assert float(chart.series[0].label.x) == pytest.approx(float(chart.grid[0].x2) + timeline.LEADER + 4, abs=0.01)


def test_marks_hang_above_the_plot_and_reach_its_floor() -> None:
    chart = probability_over_time()
    ceiling, floor = float(chart.grid[-1].y1), float(chart.grid[0].y1)
    for mark in chart.marks:
        assert float(mark.label.y) < ceiling
        assert float(mark.line.y2) == floor


def test_marks_without_text_are_short_ticks_on_the_axis() -> None:
    (tick,) = probability_over_time().evidence
    assert float(tick.y2) - float(tick.y1) == timeline.TICK_HEIGHT


def test_the_axis_reaches_the_last_mark() -> None:
    chart = timeline.steps([], 0, 50 * DAY, [(100 * DAY, "resolution", "Resolved yes")])
    assert chart.marks[0].line.x1 == chart.grid[0].x2


def test_a_prediction_without_forecasts_still_has_its_axes() -> None:
    chart = timeline.steps([], 0, 100 * DAY)
    assert (len(chart.grid), chart.series, chart.marks) == (5, (), ())


@pytest.mark.parametrize(
    ("argument", "series", "marks"),
    [
        ("series", [("a", [(0, 1)])] * (MOST_SERIES + 1), []),
        ("series", [("a", [(2, 1), (1, 1)])], []),
        ("series", [("a", [(0, 10_001)])], []),
        ("marks", [], [(0, "birthday", "")]),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    argument: str, series: list[tuple[str, timeline.Steps]], marks: list[tuple[int, MarkKind, str]]
) -> None:
    with pytest.raises(ValueError, match=f"^{argument}"):
        timeline.steps(series, 0, 100 * DAY, marks)


def test_a_window_without_extent_is_refused() -> None:
    with pytest.raises(ValueError, match="high"):
        timeline.steps([], DAY, DAY)
