import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.charts import reliability
from forecasts.charts.reliability import LEFT, RIGHT, STRIP, TOP
from tests.charts.samples import BAND, BLOCKS, TICKS, calibration

SIDE = 440 - LEFT - RIGHT


def x(tick: float) -> float:
    return round(LEFT + tick / 10_000 * SIDE, 2)


def y(rate: float) -> float:
    return round(TOP + (1 - rate) * SIDE, 2)


def test_the_plot_is_a_square_with_its_diagonal_from_corner_to_corner() -> None:
    diagonal = calibration().diagonal
    across, up = float(diagonal.x2) - float(diagonal.x1), float(diagonal.y1) - float(diagonal.y2)
    assert across == up == SIDE


def test_blocks_are_horizontal_segments_at_their_rate() -> None:
    chart = reliability.diagram([(1_000, 5_000, 0.25)], [], [(1_000, 2, 0), (5_000, 2, 1)])
    assert chart.curve == f"M{x(1_000):g} {y(0.25):g}H{x(5_000):g}"


def test_the_band_runs_along_its_upper_edge_and_back_along_the_lower() -> None:
    chart = reliability.diagram([(0, 10_000, 0.5)], [(0, 0.0, 0.25), (10_000, 0.75, 1.0)], [(0, 1, 0)])
    assert chart.band == f"M{x(0):g} {y(0.25):g}L{x(10_000):g} {y(1):g}L{x(10_000):g} {y(0.75):g}L{x(0):g} {y(0):g}Z"


def test_without_a_band_there_is_no_band() -> None:
    assert reliability.diagram(BLOCKS, [], TICKS).band == ""


def test_risers_link_neighbours_but_never_cross_an_empty_bin() -> None:
    neighbours = reliability.diagram([(1_000, 1_000, 0.1), (2_000, 2_000, 0.3)], [], [(1_000, 1, 0)])
    apart = reliability.diagram([(1_000, 1_000, 0.1), (2_001, 2_001, 0.3)], [], [(1_000, 1, 0)])
    assert neighbours.risers == f"M{x(1_000):g} {y(0.1):g}L{x(2_000):g} {y(0.3):g}"
    assert apart.risers == ""


def test_a_dot_stands_at_what_was_said_and_how_often_it_happened() -> None:
    dots = calibration().dots
    assert [(float(dot.x), float(dot.y)) for dot in dots] == [
        (x(1_000), y(1 / 10)),
        (x(3_000), y(3 / 10)),
        (x(7_000), y(26 / 40)),
    ]


def test_the_area_of_a_dot_goes_with_the_count() -> None:
    small, _, large = (float(dot.r) for dot in calibration().dots)
    assert (large / small) ** 2 == pytest.approx(40 / 10)


def test_many_distinct_values_have_no_dots() -> None:
    table = [(tick, 1, 0) for tick in range(0, 26 * 100, 100)]
    assert reliability.diagram([(0, 2_500, 0.0)], [], table[:25]).dots != ()
    assert reliability.diagram([(0, 2_500, 0.0)], [], table).dots == ()


def test_values_without_weight_are_not_drawn() -> None:
    chart = reliability.diagram([(1_000, 2_000, 0.5)], [], [(1_000, 2, 1), (2_000, 0, 0)])
    assert len(chart.dots) == len(chart.bars) == 1


def test_the_histogram_shares_the_axis_and_its_heights_go_with_the_root_of_the_count() -> None:
    bars = calibration().bars
    assert [float(bar.x) + float(bar.width) / 2 for bar in bars] == pytest.approx([x(1_000), x(3_000), x(7_000)])
    assert [float(bar.height) for bar in bars] == pytest.approx([STRIP * math.sqrt(10 / 40)] * 2 + [STRIP], abs=0.01)


def test_both_axes_are_labelled_from_0_to_100_percent() -> None:
    chart = calibration()
    assert [label.text.split("\N{NO-BREAK SPACE}")[0] for label in chart.x_labels] == [
        "0",
        "20",
        "40",
        "60",
        "80",
        "100",
    ]
    assert [label.text for label in chart.y_labels] == [label.text for label in chart.x_labels]


@pytest.mark.parametrize("rate", [0.0, 0.124, 0.45, 0.65, 1.0])
def test_the_base_rate_is_a_level_line_with_its_label_above(rate: float) -> None:
    chart = calibration(rate)
    assert chart.base_rate is not None
    assert chart.base_rate_label is not None
    assert (float(chart.base_rate.y1), float(chart.base_rate.y2)) == (y(rate), y(rate))
    assert float(chart.base_rate_label.y) < y(rate)
    assert chart.base_rate_label.text == "base rate"


def test_without_a_base_rate_there_is_no_line_and_no_label() -> None:
    assert (calibration(None).base_rate, calibration(None).base_rate_label) == (None, None)


@pytest.mark.parametrize(
    ("argument", "blocks", "band", "ticks", "base_rate"),
    [
        ("ticks", BLOCKS, BAND, [], None),
        ("ticks", BLOCKS, BAND, [(1_000, 0, 0)], None),
        ("ticks", BLOCKS, BAND, [(10_001, 1, 0)], None),
        ("ticks", BLOCKS, BAND, [(1_000, 1, 2)], None),
        ("blocks", [(2_000, 1_000, 0.5)], BAND, TICKS, None),
        ("blocks", [(1_000, 2_000, 1.5)], BAND, TICKS, None),
        ("blocks", [(1_000, 2_000, math.nan)], BAND, TICKS, None),
        ("band", BLOCKS, [(1_000, 0.5, 0.4)], TICKS, None),
        ("base_rate", BLOCKS, BAND, TICKS, 1.01),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    argument: str,
    blocks: list[reliability.Block],
    band: list[tuple[int, float, float]],
    ticks: list[reliability.Row],
    base_rate: float | None,
) -> None:
    with pytest.raises(ValueError, match=f"^{argument}"):
        reliability.diagram(blocks, band, ticks, base_rate=None if base_rate is None else (base_rate, ""))


@given(st.dictionaries(st.integers(0, 10_000), st.integers(1, 10**9), min_size=1, max_size=150))
def test_every_bar_stands_on_the_strip_and_within_it(table: dict[int, int]) -> None:
    chart = reliability.diagram([(0, 10_000, 0.5)], [], [(tick, weight, 0) for tick, weight in sorted(table.items())])
    floor = float(chart.strip.y1)
    for bar in chart.bars:
        assert float(bar.y) + float(bar.height) == pytest.approx(floor, abs=0.011)
        assert float(bar.height) <= STRIP


def test_by_log_odds_the_plot_stays_a_square_and_the_extremes_have_room() -> None:
    chart = reliability.diagram(BLOCKS, BAND, TICKS, extremes=True)
    diagonal = chart.diagonal
    across, up = float(diagonal.x2) - float(diagonal.x1), float(diagonal.y1) - float(diagonal.y2)
    assert across == pytest.approx(up)
    assert [label.text.replace("\N{NO-BREAK SPACE}", " ") for label in chart.x_labels] == [
        "0.01 %", "1 %", "50 %", "99 %", "99.99 %",
    ]  # fmt: skip
    first, second = (float(label.x) for label in chart.x_labels[:2])
    assert second - first > across / 5


def test_by_log_odds_what_never_and_always_happened_stays_within_the_plot() -> None:
    chart = reliability.diagram([(0, 0, 0.0), (10_000, 10_000, 1.0)], [], [(0, 5, 0), (10_000, 5, 5)], extremes=True)
    assert [(dot.x, dot.y) for dot in chart.dots] == [
        (chart.diagonal.x1, chart.diagonal.y1),
        (chart.diagonal.x2, chart.diagonal.y2),
    ]


def test_many_values_by_log_odds_are_put_into_bins_of_one_width() -> None:
    ticks = [(tick, 1, 0) for tick in range(0, 10_001, 50)]
    chart = reliability.diagram([(0, 10_000, 0.0)], [], ticks, extremes=True)
    assert len({bar.width for bar in chart.bars}) == 1
    assert len(chart.bars) <= 50
