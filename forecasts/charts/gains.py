"""What was gained over each reference: a dot with its interval, and a line where there is no difference."""

from collections.abc import Sequence
from dataclasses import dataclass

from forecasts.charts.labels import shortened
from forecasts.charts.scale import Linear, round_ticks
from forecasts.charts.shapes import Anchor, Dot, Label, Line
from forecasts.language.figures import ENGLISH, Spelling, number

Gain = tuple[str, float, float | None, float | None]
"""Name, gain, and the ends of its interval, if it has one."""

ROW, WORDS = 54, 20
SIDE, TOP, FOOT = 8, 4, 52
MOST_LETTERS = 22  # as wide as letters get, they stay clear of the gain
REACH = 12


@dataclass(frozen=True)
class GainRow:
    words: Label
    value: Label
    zero: Line
    interval: Line
    dot: Dot


@dataclass(frozen=True)
class GainsChart:
    view_box: str
    rows: tuple[GainRow, ...]
    x_labels: tuple[Label, ...]
    worse: Label
    better: Label


def gains(
    rows: Sequence[Gain],
    *,
    worse: str = "← worse",
    better: str = "better →",
    spelling: Spelling = ENGLISH,
    width: int = 440,
) -> GainsChart:
    """Geometry of one row per gain, `width` units wide; above 0 is to the right. `worse` and `better` name the sides.

    Raises ValueError without rows, or where an interval does not hold its gain.
    """
    if not rows:
        raise ValueError("rows must be one at least")
    ends = [(value if low is None else low, value if high is None else high) for _, value, low, high in rows]
    if not all(low <= value <= high for (_, value, _, _), (low, high) in zip(rows, ends, strict=True)):
        raise ValueError("rows must have low <= gain <= high")
    lowest, highest = min(0.0, *(low for low, _ in ends)), max(0.0, *(high for _, high in ends))
    ticks = round_ticks(lowest, max(highest, lowest + 0.001), 4)
    x = Linear(ticks[0], ticks[-1], SIDE, width - SIDE)
    foot = TOP + ROW * len(rows)
    return GainsChart(
        view_box=f"0 0 {width} {foot + FOOT}",
        rows=tuple(
            _row(row, end, x, TOP + ROW * i, spelling) for i, (row, end) in enumerate(zip(rows, ends, strict=True))
        ),
        x_labels=tuple(
            Label(x.at(tick), number(foot + 12), spelling.of(signed(tick)), _anchor(tick, ticks)) for tick in ticks
        ),
        worse=Label("0", number(foot + 36), worse if ticks[0] < 0 else "", "start"),
        better=Label(number(width), number(foot + 36), better if ticks[-1] > 0 else "", "end"),
    )


def signed(value: float, form: str = "g") -> str:
    """A difference of scores as it is written on an axis; 0 has no sign.

    >>> signed(0.1), signed(-0.05), signed(0.0)
    ('+0.1', '−0.05', '0')
    """
    return f"{'' if not value else '+' if value > 0 else '−'}{abs(value):{form}}"


def _anchor(tick: float, ticks: Sequence[float]) -> Anchor:
    return "start" if tick == ticks[0] else "end" if tick == ticks[-1] else "middle"


def _row(row: Gain, ends: tuple[float, float], x: Linear, top: float, spelling: Spelling) -> GainRow:
    name, value, _, _ = row
    words, middle = number(top + WORDS / 2), top + WORDS + 14
    level = number(middle)
    return GainRow(
        words=Label("0", words, shortened(name, MOST_LETTERS), "start"),
        value=Label(number(x.end + SIDE), words, spelling.of(signed(round(value, 3), ".3f")), "end"),
        zero=Line(x.at(0), number(middle - REACH), x.at(0), number(middle + REACH)),
        interval=Line(x.at(ends[0]), level, x.at(ends[1]), level),
        dot=Dot(x.at(value), level, "6"),
    )
