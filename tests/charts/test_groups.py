import pytest

from forecasts.charts.groups import SIDE, Group, dots
from tests.charts.samples import lay_card

LONG = 440 - 2 * SIDE


def test_each_row_has_what_was_said_and_how_often_it_happened() -> None:
    row = lay_card().rows[1]
    assert (row.words.text, row.words.anchor) == ("Said about 70 %", "start")
    assert (row.counts.text, row.counts.anchor) == ("happened 26 of 40 times", "end")


def test_what_was_said_what_happened_and_its_interval_share_one_scale() -> None:
    row = lay_card().rows[0]
    assert float(row.said.x1) == pytest.approx(SIDE + 0.1 * LONG, abs=0.01)
    assert float(row.happened.x) == pytest.approx(SIDE + 1 / 10 * LONG, abs=0.01)
    assert float(row.interval.x1) == pytest.approx(SIDE + 0.02 * LONG, abs=0.01)
    assert float(row.interval.x2) == pytest.approx(SIDE + 0.4 * LONG, abs=0.01)


GOOD: Group = (5_000, 1, 2, 0.1, 0.9)


@pytest.mark.parametrize(
    "groups", [[], [GOOD] * 6, [(5_000, 3, 2, 0.1, 0.9)], [(5_000, 0, 0, 0.1, 0.9)], [(5_000, 1, 2, 0.9, 0.1)]]
)
def test_what_cannot_be_is_refused(groups: list[Group]) -> None:
    with pytest.raises(ValueError, match="groups"):
        dots(groups, [""] * len(groups), [""] * len(groups))
