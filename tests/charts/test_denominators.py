import pytest

from forecasts.charts.denominators import GAP, LEAST_WIDTH, bar


def test_the_parts_fill_the_whole_bar() -> None:
    chart = bar([("resolved", 30), ("still open", 10)], width=400)
    first, second = (part.bar for part in chart.parts)
    assert first is not None
    assert second is not None
    assert chart.total == 40
    assert float(second.x) == pytest.approx(float(first.width) + GAP)
    assert float(second.x) + float(second.width) == pytest.approx(400, abs=0.02)


def test_widths_go_with_the_counts_beyond_the_least_width() -> None:
    first, second = (part.bar for part in bar([("resolved", 30), ("still open", 10)]).parts)
    assert first is not None
    assert second is not None
    assert float(first.width) - LEAST_WIDTH == pytest.approx(3 * (float(second.width) - LEAST_WIDTH), abs=0.02)


def test_one_among_ten_thousand_is_still_seen() -> None:
    small = bar([("resolved", 9_999), ("void", 1)]).parts[1].bar
    assert small is not None
    assert float(small.width) >= LEAST_WIDTH


def test_an_empty_part_keeps_its_shade_and_has_no_bar() -> None:
    parts = bar([("resolved", 3), ("overdue", 0), ("void", 1)]).parts
    assert [part.number for part in parts] == [1, 2, 3]
    assert parts[1].bar is None


@pytest.mark.parametrize("counts", [[], [("resolved", 0)], [("resolved", 2), ("void", -1)]])
def test_nothing_to_divide_is_refused(counts: list[tuple[str, int]]) -> None:
    with pytest.raises(ValueError, match="counts"):
        bar(counts)
