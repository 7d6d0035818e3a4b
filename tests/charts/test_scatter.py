import pytest

from forecasts.charts.scatter import scatter
from tests.charts.samples import many_forecasters


def test_more_discrimination_is_up_and_more_miscalibration_to_the_right() -> None:
    desk, _, lab = (spot.dot for spot in many_forecasters().spots)
    assert float(lab.x) > float(desk.x)
    assert float(lab.y) < float(desk.y)


def test_along_a_line_what_is_lost_is_won() -> None:
    chart = many_forecasters()
    left, right = float(chart.x_labels[0].x), float(chart.x_labels[-1].x)
    bottom, top = float(chart.y_labels[0].y), float(chart.y_labels[-1].y)
    across, up = (float(ticks[-1].text) - float(ticks[0].text) for ticks in (chart.x_labels, chart.y_labels))
    for line in chart.iso:
        run = (float(line.x2) - float(line.x1)) / (right - left) * across
        rise = (float(line.y1) - float(line.y2)) / (bottom - top) * up
        assert rise == pytest.approx(run, abs=1e-4)


def test_lines_are_named_by_the_score_where_all_share_an_uncertainty() -> None:
    shared, other = many_forecasters(), scatter([("a", 0.01, 0.1)], None)
    assert all(0 < float(label.text) < 0.25 for label in shared.iso_labels)
    assert all(label.text.startswith("−") for label in other.iso_labels)


def test_up_to_eight_are_named_and_all_are_numbered() -> None:
    chart = many_forecasters()
    assert [label.text for label in chart.key] == ["1  Policy desk", "2  R & D <desk>", "3  Lab"]
    crowd = scatter([(f"Lab {n}", 0.01, 0.1) for n in range(30)], 0.25)
    assert crowd.key == ()
    assert [spot.label.text for spot in crowd.spots] == [str(n) for n in range(1, 31)]


def test_numbers_of_equals_stand_clear_of_each_other() -> None:
    levels = [float(spot.label.y) for spot in scatter([("a", 0.01, 0.1), ("b", 0.01, 0.1)], 0.25).spots]
    assert abs(levels[0] - levels[1]) >= 19


@pytest.mark.parametrize("rows", [[], [("a", -0.1, 0.1)]])
def test_what_cannot_be_is_refused(rows: list[tuple[str, float, float]]) -> None:
    with pytest.raises(ValueError, match="rows"):
        scatter(rows, 0.25)
