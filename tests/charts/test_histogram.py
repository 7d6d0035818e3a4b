import pytest

from forecasts.charts.histogram import pit, value_bars
from forecasts.charts.scale import Linear

AXIS = Linear(0, 10_000, 0, 500)


def test_up_to_101_values_stand_alone() -> None:
    ticks = [(tick, 1) for tick in range(0, 10_001, 100)]
    assert len(ticks) == 101
    assert len(value_bars(ticks, AXIS, 50, 40)) == 101


def test_more_values_are_put_into_bins_of_two_points_closed_on_the_left() -> None:
    ticks = [(tick, 1) for tick in [*range(102), 199, 200, 9_799, 9_999, 10_000]]
    bars = value_bars(ticks, AXIS, 50, 40)
    assert [bar.x for bar in bars] == ["0", "10", "480", "490"]  # 0, 2, 96 and 98 % of 500
    assert {bar.width for bar in bars} == {"10"}
    heights = [float(bar.height) for bar in bars]
    assert heights == pytest.approx([40, 40 * (1 / 103) ** 0.5, 40 * (1 / 103) ** 0.5, 40 * (2 / 103) ** 0.5], abs=0.01)


def test_pit_bars_are_proportional_to_their_counts() -> None:
    chart = pit([1, 2, 4, 0])
    heights = [float(bar.height) for bar in chart.bars]
    assert [height / heights[0] for height in heights] == pytest.approx([1, 2, 4, 0], abs=0.01)


def test_the_flat_line_is_the_mean_count() -> None:
    chart = pit([1, 3])
    tallest, floor = float(chart.bars[1].y), float(chart.axis.y1)
    assert float(chart.flat.y1) == pytest.approx(floor - (floor - tallest) * 2 / 3, abs=0.01)


def test_the_band_spans_the_counts_it_was_given_and_fits_in() -> None:
    chart = pit([1, 2], (1, 3))
    assert chart.band is not None
    floor, one = float(chart.axis.y1), float(chart.bars[0].height)
    assert float(chart.band.height) == pytest.approx((3 - 1) * one, abs=0.02)
    assert float(chart.band.y) == pytest.approx(floor - 3 * one, abs=0.02)


def test_a_pit_without_a_band_has_none() -> None:
    assert pit([1, 2]).band is None


@pytest.mark.parametrize("counts", [[], [0, 0], [3, -1]])
def test_nothing_to_count_is_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        pit(counts)
