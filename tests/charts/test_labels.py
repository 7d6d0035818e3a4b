from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from forecasts.charts.labels import LETTER, MARGIN, lanes, shortened, spread


def test_labels_far_apart_stay_where_they_are() -> None:
    assert spread([100, 10], 20, 0, 200) == [100, 10]


def test_labels_that_touch_become_a_stack_around_their_mean() -> None:
    assert spread([100, 104, 180], 20, 0, 200) == [102 - 10, 102 + 10, 180]


def test_a_stack_is_kept_within_the_plot() -> None:
    assert spread([0, 0], 20, 0, 200) == [0, 20]
    assert spread([200, 200], 20, 0, 200) == [180, 200]


@given(st.lists(st.floats(0, 200), max_size=6))
def test_labels_are_never_closer_than_the_gap_and_never_outside(heights: list[float]) -> None:
    placed = sorted(spread(heights, 38, 0, 200))
    assert all(low + 38 <= high + 1e-6 for low, high in pairwise(placed))
    assert all(-1e-6 <= height <= 200 + 1e-6 for height in placed)


def test_long_names_end_in_an_ellipsis() -> None:
    assert shortened("Federal Reserve", 9) == "Federal…"
    assert shortened("Crowd", 9) == "Crowd"


def test_an_earlier_label_stands_above_the_later_one_it_reaches_over() -> None:
    assert lanes([(100, "Criteria changed"), (110, "Deadline")], 440) == [(1, "start"), (0, "start")]


def test_a_label_that_would_leave_the_chart_reads_to_the_left() -> None:
    long = 8 * LETTER + 2 * MARGIN
    assert lanes([(440 - long, "Deadline")], 440) == [(0, "start")]
    assert lanes([(441 - long, "Deadline")], 440) == [(0, "end")]


@given(
    st.lists(
        st.tuples(st.floats(50, 430), st.sampled_from(["Deadline", "Resolved yes", "Criteria changed"])), max_size=6
    )
)
def test_labels_in_one_lane_never_overlap(labels: list[tuple[float, str]]) -> None:
    boxes: dict[int, list[tuple[float, float]]] = {}
    for (x, text), (lane, anchor) in zip(labels, lanes(labels, 440), strict=True):
        long = len(text) * LETTER + 2 * MARGIN
        boxes.setdefault(lane, []).append((x, x + long) if anchor == "start" else (x - long, x))
    for in_lane in boxes.values():
        assert all(left[1] <= right[0] for left, right in pairwise(sorted(in_lane)))


def test_nothing_to_place_is_nothing_placed() -> None:
    assert spread([], 20, 0, 100) == []
    assert lanes([], 440) == []
