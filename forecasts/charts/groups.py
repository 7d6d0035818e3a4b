"""The lay card: a few groups of forecasts, what was said beside how often it happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from forecasts.charts.scale import Linear, percent_ticks
from forecasts.charts.shapes import Anchor, Dot, Label, Line
from forecasts.language.figures import ENGLISH, Spelling, number
from forecasts.scoring.values import TICKS

MOST_GROUPS = 5
ROW = 54
WORDS = 20
SIDE, TOP, FOOT = 7, 4, 30
ENDS: dict[int, Anchor] = {0: "start", TICKS: "end"}
SAID_REACH = 9

Group = tuple[int, int, int, float, float]


@dataclass(frozen=True)
class GroupRow:
    """`said` is a short upright line where the forecasts stood, `interval` and `happened` are what the world did."""

    words: Label
    counts: Label
    rail: Line
    said: Line
    interval: Line
    happened: Dot


@dataclass(frozen=True)
class GroupsChart:
    view_box: str
    rows: tuple[GroupRow, ...]
    x_labels: tuple[Label, ...]


def dots(
    groups: Sequence[Group],
    names: Sequence[str],
    counts: Sequence[str],
    *,
    spelling: Spelling = ENGLISH,
    width: int = 440,
) -> GroupsChart:
    """Geometry of at most five groups, one row each, `width` units wide.

    A group is (mean forecast in ten-thousandths, happened, of how many, low, high), the last two the Wilson interval of
    the rate, 0..1. `names` say what was said, `counts` how often it happened, of each. Raises ValueError for more than
    five groups or counts and intervals that cannot be.
    """
    if not 0 < len(groups) <= MOST_GROUPS:
        raise ValueError(f"groups must be 1 to {MOST_GROUPS}")
    if not all(0 <= said <= TICKS and 0 <= k <= n > 0 and 0 <= low <= high <= 1 for said, k, n, low, high in groups):
        raise ValueError("groups must have ticks within 0..10000, happened <= of, and 0 <= low <= high <= 1")
    x = Linear(0, TICKS, SIDE, width - SIDE)
    foot = TOP + ROW * len(groups)
    return GroupsChart(
        view_box=f"0 0 {width} {foot + FOOT}",
        rows=tuple(
            _row(group, name, count, x, TOP + ROW * i)
            for i, (group, name, count) in enumerate(zip(groups, names, counts, strict=True))
        ),
        x_labels=tuple(
            Label(number(width * tick / TICKS), number(foot + 12), text, ENDS.get(tick, "middle"))
            for tick, text in percent_ticks(2_500, spelling)
        ),
    )


def _row(group: Group, name: str, count: str, x: Linear, top: float) -> GroupRow:
    said, k, n, low, high = group
    words, level = number(top + WORDS / 2), top + WORDS + 14
    y = number(level)
    return GroupRow(
        words=Label("0", words, name, "start"),
        counts=Label(number(x.end + SIDE), words, count, "end"),
        rail=Line(x.at(0), y, x.at(TICKS), y),
        said=Line(x.at(said), number(level - SAID_REACH), x.at(said), number(level + SAID_REACH)),
        interval=Line(x.at(low * TICKS), y, x.at(high * TICKS), y),
        happened=Dot(x.at(k / n * TICKS), y, "6"),
    )
