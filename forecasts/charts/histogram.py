"""Histograms: of forecast values under a reliability diagram, and of the probability integral transform (PIT)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

from forecasts.charts.scale import Linear, Scale, percent_ticks
from forecasts.charts.shapes import Bar, Label, Line
from forecasts.language.figures import ENGLISH, Spelling, number
from forecasts.scoring.values import TICKS

MOST_SINGLE_VALUES = 101
BINS = 50  # of two percentage points on a linear axis
SPIKE_WIDTH = 2.4

LEFT, RIGHT, TOP, BOTTOM = 24, 24, 12, 52
GAP = 2


def value_bars(ticks: Sequence[tuple[int, int]], x: Scale, base: float, height: float) -> tuple[Bar, ...]:
    """Bars for forecast values on the axis `x`, standing on `base` and at most `height` high.

    `ticks` are (ten-thousandths, weight > 0). At most 101 distinct values stand alone as spikes; more are put into
    fifty bins of one width, left-closed, 100 % in the last. Heights go with the square root of the weight, so that a
    single forecast stays visible beside hundreds; the table has the counts.
    """
    if len(ticks) <= MOST_SINGLE_VALUES:
        columns = [(x.place(tick) - SPIKE_WIDTH / 2, SPIKE_WIDTH, weight) for tick, weight in ticks]
    else:
        wide = (x.end - x.start) / BINS
        columns = [(x.start + place * wide, wide, weight) for place, weight in _binned(ticks, x).items()]
    most = max(weight for _, _, weight in columns)
    heights = [height * sqrt(weight / most) for _, _, weight in columns]
    return tuple(
        Bar(number(left), number(base - high), number(width), number(high))
        for (left, width, _), high in zip(columns, heights, strict=True)
    )


def _binned(ticks: Sequence[tuple[int, int]], x: Scale) -> dict[int, int]:
    """Weight by the number of the bin, all of one width on the axis."""
    bins: dict[int, int] = {}
    for tick, weight in ticks:
        # Rounded, so that a tick at the edge of a bin lies in the one that begins there.
        place = floor(round((x.place(tick) - x.start) / (x.end - x.start) * BINS, 9))
        bins[min(place, BINS - 1)] = bins.get(min(place, BINS - 1), 0) + weight
    return bins


@dataclass(frozen=True)
class PitChart:
    """A PIT histogram: flat when the stated distributions are calibrated. The band is a pale box around flat."""

    view_box: str
    bars: tuple[Bar, ...]
    band: Bar | None
    flat: Line
    axis: Line
    x_labels: tuple[Label, ...]
    x_title: Label


def pit(
    counts: Sequence[float],
    band: tuple[float, float] | None = None,
    *,
    where: str = "Where the outcome fell in the forecast range",
    spelling: Spelling = ENGLISH,
    size: int = 440,
) -> PitChart:
    """Geometry of a PIT histogram of equal bins over 0 to 100 %.

    `counts` per bin from left to right; `band` = (low, high) in counts, where a bin of a calibrated forecaster would
    fall 9 times in 10. Heights are proportional to counts from zero, `where` names the axis. Raises ValueError when
    there is nothing to count.
    """
    if sum(counts) <= 0 or min(counts) < 0:
        raise ValueError("counts must not be negative and not all be zero")
    height = size * 0.6
    base = height - BOTTOM
    x = Linear(0, TICKS, LEFT, size - RIGHT)
    y = Linear(0, max(*counts, *(band or (0, 0))), base, TOP)
    width = (x.end - x.start) / len(counts)
    flat = y.at(sum(counts) / len(counts))
    return PitChart(
        view_box=f"0 0 {size} {number(height)}",
        bars=tuple(
            Bar(number(x.start + i * width + GAP / 2), y.at(n), number(width - GAP), number(base - y.place(n)))
            for i, n in enumerate(counts)
        ),
        band=band and Bar(x.at(0), y.at(band[1]), number(x.end - x.start), number(y.place(band[0]) - y.place(band[1]))),
        flat=Line(x.at(0), flat, x.at(TICKS), flat),
        axis=Line(x.at(0), number(base), x.at(TICKS), number(base)),
        x_labels=tuple(Label(x.at(tick), number(base + 20), text) for tick, text in percent_ticks(2_500, spelling)),
        x_title=Label(x.at(TICKS), number(base + 43), where, "end"),
    )
