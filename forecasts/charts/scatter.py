"""Many forecasters at once: miscalibration across, discrimination up, and lines along which the score is the same.

After Dimitriadis, Gneiting & Jordan 2021, doi:10.1073/pnas.2016191118: score = miscalibration - discrimination +
uncertainty, so that on a line of slope one the two make up for each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forecasts.charts.labels import LINE, shortened, spread
from forecasts.charts.scale import Linear, round_ticks
from forecasts.charts.shapes import Dot, Label, Line
from forecasts.language.figures import ENGLISH, Spelling, number

LEFT, RIGHT, TOP, FOOT = 64, 24, 38, 50
PLOT_HEIGHT = 300
MOST_NAMED = 8
MOST_LETTERS = 24
KEY = 22
LEAST_SPAN = 0.004
ASIDE = 14

Placed = tuple[str, float, float]
"""Name, miscalibration, discrimination."""


@dataclass(frozen=True)
class Spot:
    """A dot with its number, moved clear of the others'."""

    dot: Dot
    leader: Line
    label: Label


@dataclass(frozen=True)
class ScatterChart:
    view_box: str
    key: tuple[Label, ...]
    grid: tuple[Line, ...]
    x_labels: tuple[Label, ...]
    y_labels: tuple[Label, ...]
    x_title: Label
    y_title: Label
    iso: tuple[Line, ...]
    iso_labels: tuple[Label, ...]
    spots: tuple[Spot, ...]


def scatter(
    rows: Sequence[Placed],
    uncertainty: float | None,
    *,
    worse: str = "Miscalibration (less is better)",
    better: str = "Discrimination (more is better)",
    spelling: Spelling = ENGLISH,
    width: int = 440,
) -> ScatterChart:
    """Geometry of at least one forecaster. Dots have the numbers of `rows`; up to eight are named above the plot.

    `uncertainty` is the one that they share, so that lines can be named by the score; None where they have different
    ones, and then they are named by what is gained over it. `worse` and `better` name the axes. Raises
    ValueError for a part below zero.
    """
    if not rows or min(min(across, up) for _, across, up in rows) < 0:
        raise ValueError("rows must be one at least, with parts of 0 or more")
    named = rows if len(rows) <= MOST_NAMED else ()
    top = TOP + KEY * len(named)
    across, up = _ticks([row[1] for row in rows]), _ticks([row[2] for row in rows])
    x = Linear(across[0], across[-1], LEFT, width - RIGHT)
    y = Linear(up[0], up[-1], top + PLOT_HEIGHT, top)
    left, right = number(x.start), number(x.end)
    lines = list(_iso(across, up))
    return ScatterChart(
        view_box=f"0 0 {width} {number(y.start + FOOT)}",
        key=tuple(
            Label("0", number(8 + KEY * place), f"{place + 1}  {shortened(name, MOST_LETTERS)}", "start")
            for place, (name, _, _) in enumerate(named)
        ),
        grid=tuple(Line(left, y.at(tick), right, y.at(tick)) for tick in up),
        x_labels=tuple(Label(x.at(tick), number(y.start + 20), spelling.of(f"{tick:g}")) for tick in across),
        y_labels=tuple(Label(number(LEFT - 8), y.at(tick), spelling.of(f"{tick:g}"), "end") for tick in up),
        x_title=Label(right, number(y.start + 43), worse, "end"),
        y_title=Label("0", number(top - 20), better, "start"),
        iso=tuple(Line(x.at(start), y.at(gain + start), x.at(end), y.at(gain + end)) for gain, start, end in lines),
        iso_labels=tuple(
            Label(
                number(x.place(end) - 6),
                number(y.place(gain + end) + 14),
                spelling.of(_named(gain, uncertainty)),
                "end",
            )
            for gain, _, end in lines
            if x.place(end) > x.start + 60
        ),
        spots=_spots(rows, x, y),
    )


def _ticks(values: Sequence[float]) -> tuple[float, ...]:
    """Around the values with some air, never below 0."""
    low, high = min(values), max(values)
    air = max((high - low) / 4, LEAST_SPAN / 2)
    return round_ticks(max(low - air, 0.0), high + air, 4)


def _iso(across: Sequence[float], up: Sequence[float]) -> Iterator[tuple[float, float, float]]:
    """What is gained over the uncertainty, and from where to where across its line runs within the plot."""
    for gain in round_ticks(up[0] - across[-1], up[-1] - across[0], 6):
        start, end = max(across[0], up[0] - gain), min(across[-1], up[-1] - gain)
        if start < end:
            yield gain, start, end


def _named(gain: float, uncertainty: float | None) -> str:
    if uncertainty is None:
        return f"{'+' if gain < 0 else '−' if gain else ''}{abs(gain):g}"
    return f"{uncertainty - gain:.3f}"


def _spots(rows: Sequence[Placed], x: Linear, y: Linear) -> tuple[Spot, ...]:
    heights = spread([y.place(up) for _, _, up in rows], LINE, y.end, y.start)
    return tuple(
        _spot(place, x.place(across), y.place(up), height)
        for place, ((_, across, up), height) in enumerate(zip(rows, heights, strict=True), start=1)
    )


def _spot(place: int, across: float, up: float, height: float) -> Spot:
    return Spot(
        dot=Dot(number(across), number(up), "5"),
        leader=Line(number(across), number(up), number(across + ASIDE), number(height)),
        label=Label(number(across + ASIDE + 3), number(height), str(place), "start"),
    )
