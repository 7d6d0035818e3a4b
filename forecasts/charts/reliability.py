"""The reliability diagram: what was said against how often it happened, in a square with equal scales.

After Dimitriadis, Gneiting & Jordan 2021, doi:10.1073/pnas.2016191118: the curve is the isotonic (PAV) fit in blocks,
and the band stands around the diagonal, because it answers where a calibrated forecaster's curve would fall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from forecasts.charts.histogram import value_bars
from forecasts.charts.scale import Linear, LogOdds, Scale, percent_ticks
from forecasts.charts.shapes import Anchor, Bar, Dot, Label, Line
from forecasts.language.figures import ENGLISH, Spelling, number, percent
from forecasts.scoring.values import TICKS

Block = tuple[int, int, float]
Row = tuple[int, int, int]

LEFT, RIGHT, TOP = 56, 22, 38
WIDE = (76, 34)  # the same two where labels have decimals
STRIP_GAP, STRIP, FOOT = 10, 44, 50
LABEL_STEP = 2_000
MOST_DOTS = 25
DOT_RADIUS, LEAST_RADIUS = 10.0, 2.5
WIDEST_RISER = 1_000
EXTREMES = ((1, True), (10, False), (100, True), (1_000, False), (5_000, True), (9_000, False), (9_900, True),
            (9_990, False), (9_999, True))  # fmt: skip
INSET = 10


@dataclass(frozen=True)
class ReliabilityChart:
    """`figures` and `counts` are where text goes inside the plot: down from the top left, up from the bottom right."""

    view_box: str
    grid: tuple[Line, ...]
    x_labels: tuple[Label, ...]
    y_labels: tuple[Label, ...]
    x_title: Label
    y_title: Label
    diagonal: Line
    band: str
    curve: str
    risers: str
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    strip: Line
    base_rate: Line | None
    base_rate_label: Label | None
    figures: Label
    counts: Label


def diagram(
    blocks: Sequence[Block],
    band: Sequence[tuple[int, float, float]],
    ticks: Sequence[Row],
    *,
    base_rate: tuple[float, str] | None = None,
    said: str = "What was forecast",
    happened: str = "How often it happened",
    extremes: bool = False,
    spelling: Spelling = ENGLISH,
    size: int = 440,
) -> ReliabilityChart:
    """Geometry of a reliability diagram `size` units wide.

    `blocks` are the curve: (lowest tick, highest tick, rate); `band` is (tick, low, high) or empty; both in order.
    `ticks` is the tick table: (tick, weight, weight where it happened). `base_rate` is the rate of a line across, with
    its words. Ticks are ten-thousandths, rates 0..1. `said` and `happened` name the axes. With `extremes` both go by
    log odds, which opens what lies near 0 and 100 %.
    Raises ValueError naming the argument when a value is out of range.
    """
    spoken = [row for row in ticks if row[1] > 0]
    _check(blocks, band, spoken, base_rate[0] if base_rate else None)
    before, after = WIDE if extremes else (LEFT, RIGHT)
    side = size - before - after
    x: Scale = LogOdds(before, before + side) if extremes else Linear(0, TICKS, before, before + side)
    y: Scale = LogOdds(TOP + side, TOP) if extremes else Linear(0, TICKS, TOP + side, TOP)
    labels = _extremes(spelling) if extremes else percent_ticks(LABEL_STEP, spelling)
    lines = [tick for tick, _ in EXTREMES] if extremes else [tick for tick, _ in labels]
    strip = TOP + side + STRIP_GAP + STRIP
    low, high, left, right = y.at(0), y.at(TICKS), x.at(0), x.at(TICKS)
    return ReliabilityChart(
        view_box=f"0 0 {size} {number(strip + FOOT)}",
        grid=tuple(Line(left, y.at(tick), right, y.at(tick)) for tick in lines),
        x_labels=tuple(Label(x.at(tick), number(strip + 20), text) for tick, text in labels),
        y_labels=tuple(Label(number(before - 8), y.at(tick), text, "end") for tick, text in labels),
        x_title=Label(right, number(strip + 43), said, "end"),
        y_title=Label("0", number(TOP - 24), happened, "start"),
        diagonal=Line(left, low, right, high),
        band=_band(band, x, y),
        curve="".join(f"M{x.at(first)} {y.at(rate * TICKS)}H{x.at(last)}" for first, last, rate in blocks),
        risers=_risers(blocks, x, y),
        dots=_dots(spoken, x, y),
        bars=value_bars([(tick, weight) for tick, weight, _ in spoken], x, strip, STRIP),
        strip=Line(left, number(strip), right, number(strip)),
        base_rate=base_rate and Line(left, y.at(base_rate[0] * TICKS), right, y.at(base_rate[0] * TICKS)),
        base_rate_label=base_rate and _base_rate_label(*base_rate, x, y),
        figures=Label(number(x.start + INSET), number(y.end + INSET + 10), "", "start"),
        counts=Label(number(x.end - INSET), number(y.start - INSET), "", "end"),
    )


def _extremes(spelling: Spelling) -> tuple[tuple[int, str], ...]:
    return tuple((tick, percent(tick, spelling)) for tick, told in EXTREMES if told)


def _check(
    blocks: Sequence[Block],
    band: Sequence[tuple[int, float, float]],
    spoken: Sequence[Row],
    base_rate: float | None,
) -> None:
    if not spoken or not all(0 <= tick <= TICKS and 0 <= happened <= weight for tick, weight, happened in spoken):
        raise ValueError("ticks must lie within 0..10000 with some weight, of which no more happened than there is")
    if not all(0 <= first <= last <= TICKS and 0 <= rate <= 1 for first, last, rate in blocks):
        raise ValueError("blocks must run from a lower to a higher tick within 0..10000, with rates within 0..1")
    if not all(0 <= low <= high <= 1 for _, low, high in band):
        raise ValueError("band must have 0 <= low <= high <= 1")
    if base_rate is not None and not 0 <= base_rate <= 1:
        raise ValueError("base_rate must lie within 0..1")


def _band(band: Sequence[tuple[int, float, float]], x: Scale, y: Scale) -> str:
    """A closed outline: along the upper edge to the right, back along the lower."""
    if not band:
        return ""
    upper = [f"{x.at(tick)} {y.at(high * TICKS)}" for tick, _, high in band]
    lower = [f"{x.at(tick)} {y.at(low * TICKS)}" for tick, low, _ in reversed(band)]
    return f"M{'L'.join(upper + lower)}Z"


def _risers(blocks: Sequence[Block], x: Scale, y: Scale) -> str:
    """Thin links between neighbouring blocks; none over a gap wider than ten points, where they would claim a curve."""
    return "".join(
        f"M{x.at(last)} {y.at(rate * TICKS)}L{x.at(first)} {y.at(next_rate * TICKS)}"
        for (_, last, rate), (first, _, next_rate) in pairwise(blocks)
        if first - last <= WIDEST_RISER
    )


def _dots(spoken: Sequence[Row], x: Scale, y: Scale) -> tuple[Dot, ...]:
    """For each value that was forecast, how often it then happened, the area by weight; when the values are few."""
    if len(spoken) > MOST_DOTS:
        return ()
    most = max(weight for _, weight, _ in spoken)
    return tuple(
        Dot(x.at(tick), y.at(happened / weight * TICKS), number(max(DOT_RADIUS * sqrt(weight / most), LEAST_RADIUS)))
        for tick, weight, happened in spoken
    )


def _base_rate_label(base_rate: float, words: str, x: Scale, y: Scale) -> Label:
    """Just above its line, at the end that the curve and the figures in the corners leave free."""
    places: tuple[tuple[float, float, Anchor], ...] = (
        (0.2, 0.2, "start"),
        (0.6, 1.0, "end"),
        (0.7, 0.0, "start"),
        (1.0, 0.8, "end"),
    )
    along, anchor = next((along, anchor) for below, along, anchor in places if base_rate <= below)
    above = number(y.place(base_rate * TICKS) - 11)
    return Label(x.at(along * TICKS), above, words, anchor)
