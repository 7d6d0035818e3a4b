import re
from itertools import pairwise

import pytest

from forecasts.charts.murphy import murphy
from tests.charts.samples import every_score


def heights(path: str) -> list[float]:
    return [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", path)]


def test_both_panels_have_the_same_scale() -> None:
    chart = every_score()
    ours, theirs = (heights(curve.path) for curve in chart.curves)
    difference = heights(chart.difference)
    # Half way, theirs costs 0.4 and ours 0.2, so that the difference reaches as far down as ours reaches up.
    assert ours[2] - theirs[2] == pytest.approx(difference[2] - float(chart.zero.y1), abs=0.02)
    assert ours[0] - ours[2] == pytest.approx(difference[2] - difference[0], abs=0.02)


def test_the_band_holds_the_difference() -> None:
    chart = every_score()
    ends, middle = heights(chart.band), heights(chart.difference)
    upper, lower = ends[:5], ends[5:][::-1]
    assert all(high <= y <= low for high, y, low in zip(upper, middle, lower, strict=True))


def test_each_curve_has_a_number_and_a_name() -> None:
    assert [(curve.number, curve.label.text) for curve in every_score().curves] == [
        (1, "these forecasts"),
        (2, "Even guess"),
    ]


def test_labels_of_the_lower_panel_stand_clear_of_each_other() -> None:
    chart = murphy([0, 1], ("a", [0.0, 0.4]), ("b", [0.0, 0.4]), [(0.0, 0.0), (-0.001, 0.001)])
    lower = sorted(float(label.y) for label in chart.y_labels if float(label.y) > float(chart.grid[0].y1) + 1)
    assert all(after - before >= 19 for before, after in pairwise(lower))


@pytest.mark.parametrize(
    ("thetas", "ours", "band"),
    [
        ([0, 1], [0.1], [(0, 0), (0, 0)]),
        ([0, 1], [0.1, 0.2], [(0, 0)]),
        ([1, 0], [0, 0], [(0, 0)] * 2),
        ([0], [0], [(0, 0)]),
    ],
)
def test_what_does_not_fit_is_refused(thetas: list[float], ours: list[float], band: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="thetas"):
        murphy(thetas, ("a", ours), ("b", [0.0] * len(thetas)), band)
