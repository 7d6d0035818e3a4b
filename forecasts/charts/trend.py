"""A number over time, month by month, with the band of its interval; one scale, and a line to hold it against."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from forecasts.charts.dates import date_ticks
from forecasts.charts.scale import Linear
from forecasts.charts.shapes import Dot, Label, Line
from forecasts.language.figures import ENGLISH, Spelling, number

Point = tuple[int, float, float | None, float | None]
"""Microseconds since 1970, value, and the ends of its interval, if it has one."""

DAY = 86_400 * 10**6
LEFT, RIGHT, TOP, FOOT = 64, 24, 36, 50
KEY = 34
PLOT_HEIGHT = 200
WIDEST_GAP = 62 * DAY  # from one month to the next but one: beyond, nothing is joined
ALONE = 20 * DAY
MARGIN_OF = 25  # of the span: so much of it is left free on either side
ROUNDING = 1e-9


@dataclass(frozen=True)
class TrendChart:
    """`whiskers` are the intervals of months that stand alone, where there is no band to draw. `key` is a piece of the
    `level` beside its name, above the plot.
    """

    view_box: str
    grid: tuple[Line, ...]
    x_ticks: tuple[Line, ...]
    x_labels: tuple[Label, ...]
    y_labels: tuple[Label, ...]
    band: str
    line: str
    whiskers: tuple[Line, ...]
    dots: tuple[Dot, ...]
    level: Line
    key: Line
    level_label: Label


def trend(
    points: Sequence[Point],
    y_ticks: Sequence[tuple[float, str]],
    level: tuple[float, str],
    *,
    joined: bool = False,
    spelling: Spelling = ENGLISH,
    width: int = 440,
) -> TrendChart:
    """Geometry of `points`, in order of time, `width` units wide.

    `y_ticks` are (value, text) and span the axis; `level` is (value, text) of a line across. Months further than the
    next but one are not joined, unless they are `joined` because the value stands in between. Raises ValueError naming
    the argument.
    """
    _check(points, y_ticks)
    first, last = points[0][0], points[-1][0]
    aside = max((last - first) // MARGIN_OF, ALONE)
    x = Linear(first - aside, last + aside, LEFT, width - RIGHT)
    y = Linear(y_ticks[0][0], y_ticks[-1][0], TOP + PLOT_HEIGHT, TOP)
    runs = [list(points)] if joined else list(_runs(points))
    placed = {at: (x.at(at), y.at(value)) for at, value, _, _ in points}
    left, right, foot = number(x.start), number(x.end), number(y.start)
    dates = date_ticks(int(x.low), int(x.high), spelling=spelling)
    return TrendChart(
        view_box=f"0 0 {width} {number(y.start + FOOT)}",
        grid=tuple(Line(left, y.at(value), right, y.at(value)) for value, _ in y_ticks),
        x_ticks=tuple(Line(x.at(at), foot, x.at(at), number(y.start + 5)) for at, _, _ in dates),
        x_labels=tuple(Label(x.at(at), number(y.start + 22), text, "middle", under) for at, text, under in dates),
        y_labels=tuple(Label(number(x.start - 8), y.at(value), text, "end") for value, text in y_ticks),
        band="".join(_band(run, x, y) for run in runs if len(run) > 1),
        line="".join(f"M{'L'.join(' '.join(placed[point[0]]) for point in run)}" for run in runs if run[1:]),
        whiskers=tuple(_whisker(run[0], x, y) for run in runs if len(run) == 1 and run[0][2] is not None),
        dots=tuple(Dot(*place, "3.5") for place in placed.values()),
        level=Line(left, y.at(level[0]), right, y.at(level[0])),
        key=Line("0", "10", number(KEY), "10"),
        level_label=Label(number(KEY + 8), "10", level[1], "start"),
    )


def _check(points: Sequence[Point], y_ticks: Sequence[tuple[float, str]]) -> None:
    if not points or any(one[0] >= other[0] for one, other in pairwise(points)):
        raise ValueError("points must be one at least, in order of time")
    low, high = y_ticks[0][0], y_ticks[-1][0]
    values = [value for _, *values in points for value in values if value is not None]
    if not all(low - ROUNDING <= value <= high + ROUNDING for value in values):
        raise ValueError(f"points must lie within the ticks, {low} to {high}")


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Stretches of months that follow each other."""
    run = [points[0]]
    for before, point in pairwise(points):
        if point[0] - before[0] > WIDEST_GAP:
            yield run
            run = []
        run.append(point)
    yield run


def _band(run: Sequence[Point], x: Linear, y: Linear) -> str:
    """A closed outline, forwards along the upper ends and back along the lower ones; none unless all have ends."""
    ends = [(at, low, high) for at, _, low, high in run if low is not None and high is not None]
    if len(ends) < len(run):
        return ""
    outline = [(x.at(at), y.at(low), y.at(high)) for at, low, high in ends]
    upper = [f"{at} {high}" for at, _, high in outline]
    lower = [f"{at} {low}" for at, low, _ in reversed(outline)]
    return f"M{'L'.join(upper + lower)}Z"


def _whisker(point: Point, x: Linear, y: Linear) -> Line:
    at, value, low, high = point
    return Line(x.at(at), y.at(value if low is None else low), x.at(at), y.at(value if high is None else high))
