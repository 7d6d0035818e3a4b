"""The Murphy diagram: two forecasters under every proper score at once, and below it the band of their difference.

After Ehm, Gneiting, Jordan & Krüger 2016, doi:10.1111/rssb.12154. Both panels have the same unit and the same scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from forecasts.charts.labels import shortened
from forecasts.charts.scale import Linear, percent_ticks, round_ticks
from forecasts.charts.shapes import Label, Line
from forecasts.language.figures import ENGLISH, Spelling, number
from forecasts.scoring.values import TICKS

LEFT, RIGHT, TOP, FOOT = 64, 24, 62, 50
TALL, GAP = 320, 34
MOST_LETTERS = 22
KEY = 34


@dataclass(frozen=True)
class Curve:
    """`number` picks colour and dash; the key is a short line of the same before the name."""

    number: int
    path: str
    key: str
    label: Label


@dataclass(frozen=True)
class MurphyChart:
    view_box: str
    grid: tuple[Line, ...]
    zero: Line
    x_labels: tuple[Label, ...]
    y_labels: tuple[Label, ...]
    x_title: Label
    difference_title: Label
    curves: tuple[Curve, ...]
    band: str
    difference: str


def murphy(
    thetas: Sequence[float],
    ours: tuple[str, Sequence[float]],
    theirs: tuple[str, Sequence[float]],
    band: Sequence[tuple[float, float]],
    *,
    threshold: str = "Threshold at which one acts",
    difference: str = "Difference",
    spelling: Spelling = ENGLISH,
    width: int = 440,
) -> MurphyChart:
    """Geometry of two named curves over `thetas`, 0 to 1 in order, and of the band of ours less theirs. `threshold` and
    `difference` name the axis and the lower panel.

    Raises ValueError naming the argument unless all are of one length.
    """
    if not len(thetas) == len(ours[1]) == len(theirs[1]) == len(band) > 1 or list(thetas) != sorted(thetas):
        raise ValueError("thetas must ascend, with one value of each curve and of the band for each")
    most = round_ticks(0, max(*ours[1], *theirs[1], 0.01), 4)
    ends = round_ticks(min(0.0, *(low for low, _ in band)), max(0.0, *(high for _, high in band), most[-1] / 20), 10)
    unit = TALL / (most[-1] + ends[-1] - ends[0])
    x = Linear(0, 1, LEFT, width - RIGHT)
    y = Linear(0, most[-1], TOP + most[-1] * unit, TOP)
    top = y.start + GAP
    d = Linear(ends[0], ends[-1], top + (ends[-1] - ends[0]) * unit, top)
    left, right = number(x.start), number(x.end)
    shown = [(tick, d) for tick in (ends[0], 0.0, ends[-1])]
    values = [a - b for a, b in zip(ours[1], theirs[1], strict=True)]
    return MurphyChart(
        view_box=f"0 0 {width} {number(d.start + FOOT)}",
        grid=tuple(Line(left, y.at(tick), right, y.at(tick)) for tick in most),
        zero=Line(left, d.at(0), right, d.at(0)),
        x_labels=tuple(
            Label(x.at(t / TICKS), number(d.start + 20), text) for t, text in percent_ticks(2_500, spelling)
        ),
        y_labels=_y_labels(most, y, shown, spelling),
        x_title=Label(right, number(d.start + 43), threshold, "end"),
        difference_title=Label(left, number(top - 12), difference, "start"),
        curves=tuple(_curve(n, name, _path(thetas, curve, x, y)) for n, (name, curve) in enumerate((ours, theirs), 1)),
        band=f"{_path(thetas, [high for _, high in band], x, d)}L{_back(thetas, band, x, d)}Z",
        difference=_path(thetas, values, x, d),
    )


def _y_labels(
    most: Sequence[float], y: Linear, shown: Sequence[tuple[float, Linear]], spelling: Spelling
) -> tuple[Label, ...]:
    """Of both panels; in the lower one only the ends and 0, as far as they stand clear of each other."""
    labels = [Label(number(LEFT - 8), y.at(tick), spelling.of(f"{tick:g}"), "end") for tick in most]
    taken: list[float] = []
    for tick, d in sorted(shown, key=lambda row: abs(row[0])):
        place = d.place(tick)
        if all(abs(place - other) >= 19 for other in taken):
            taken.append(place)
            labels.append(Label(number(LEFT - 8), number(place), spelling.of(f"{tick:g}".replace("-", "−")), "end"))
    return tuple(labels)


def _curve(n: int, name: str, path: str) -> Curve:
    level = 12 + 22 * (n - 1)
    return Curve(
        n, path, f"M0 {level}H{KEY}", Label(number(KEY + 8), number(level), shortened(name, MOST_LETTERS), "start")
    )


def _path(thetas: Sequence[float], values: Sequence[float], x: Linear, y: Linear) -> str:
    return f"M{'L'.join(f'{x.at(at)} {y.at(value)}' for at, value in zip(thetas, values, strict=True))}"


def _back(thetas: Sequence[float], band: Sequence[tuple[float, float]], x: Linear, y: Linear) -> str:
    pairs = zip(reversed(thetas), reversed(band), strict=True)
    return "L".join(f"{x.at(at)} {y.at(low)}" for at, (low, _) in pairs)
