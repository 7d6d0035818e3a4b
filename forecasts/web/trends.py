"""A history as charts: the score, the gap between what was said and what happened, and the monitor."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence

from forecasts.charts.scale import round_ticks
from forecasts.charts.trend import Point, trend
from forecasts.queries.clock import microseconds
from forecasts.queries.figures import Figure as Estimate
from forecasts.queries.history import History, Monitor

from . import words
from .figures import Figure

MOST_POWERS = 6
SCORE = (
    "The mean Brier score of the predictions whose deadline lay in the twelve months up to each month, with its "
    "95\xa0% interval. Lower is better."
)
GAP = (
    "How much more was said on average than happened, over the twelve months up to each month, with its 95\xa0% "
    "interval. On the dotted line, as often as was said; above it, the forecasts were too high."
)
MONITOR = (
    "Evidence against “the probabilities are right”, by factors of ten. It may be looked at every day: if they are "
    "right, it ever reaches 20 in at most 1 of 20 such records."
)


def history_figures(found: History | None) -> tuple[Figure, ...]:
    """As many as there is anything to draw of."""
    if found is None:
        return ()
    drawn = (_score(found), _gap(found), _monitor(found.monitor) if found.monitor else None)
    return tuple(figure for figure in drawn if figure)


def _score(found: History) -> Figure | None:
    rows = [(month.month, month.rolling) for month in found.months]
    shown = [(month, mean.predictions, mean.brier) for month, mean in rows if mean.brier]
    if not shown:
        return None
    points = list(_points([(month, brier) for month, _, brier in shown]))
    most = max(0.26, *(value for point in points for value in _values(point)))
    return Figure(
        kind="trend",
        id="score-over-time",
        chart=trend(
            points,
            [(tick, f"{tick:g}") for tick in round_ticks(0, most)],
            (words.BRIER_OF_EVEN, "always saying 50\xa0%"),
        ),
        title="Score over time",
        desc="; ".join(f"{month}: {words.score_words(brier.value)}" for month, _, brier in shown) + ".",
        caption=SCORE,
        columns=("Month of deadline", "Predictions", "Brier score", "95 % interval"),
        rows=tuple(
            (month, f"{n:,}", words.score_words(brier.value), words.score_interval(brier.low, brier.high) or "none")
            for month, n, brier in reversed(shown)
        ),
    )


def _gap(found: History) -> Figure | None:
    shown = [(month.month, month.rolling.predictions, month.gap) for month in found.months if month.gap]
    if not shown:
        return None
    points = list(_points([(month, gap) for month, _, gap in shown]))
    reach = max(0.1, *(abs(value) for point in points for value in _values(point)))
    ticks = round_ticks(-reach, reach, 6)
    return Figure(
        kind="trend",
        id="calibration-over-time",
        chart=trend(points, [(tick, words.signed_percent(tick)) for tick in ticks], (0.0, "as often as was said")),
        title="Calibration over time",
        desc="; ".join(f"{month}: {words.signed_percent(gap.value)}" for month, _, gap in shown) + ".",
        caption=GAP,
        columns=("Month of deadline", "Predictions", "Said less happened", "95 % interval"),
        rows=tuple(
            (month, f"{n:,}", words.signed_percent(gap.value), words.signed_interval(gap.low, gap.high) or "none")
            for month, n, gap in reversed(shown)
        ),
    )


def _monitor(found: Monitor) -> Figure | None:
    if not found.months:
        return None
    points: list[Point] = [(_at(row.month), row.log10, None, None) for row in found.months]
    alarm = math.log10(found.level)
    seen = [row.log10 for row in found.months]
    powers = round_ticks(math.floor(min(0.0, *seen)), math.ceil(max(2.0, *seen)), MOST_POWERS)
    ticks = [(power, _power(power)) for power in powers if power.is_integer()]
    stops = f" Drawn up to {found.stops_before}, when the first deadline waits for us." if found.stops_before else ""
    return Figure(
        kind="trend",
        id="monitor",
        chart=trend(points, ticks, (alarm, f"{found.level}: an alarm"), joined=True),
        title="Evidence against calibration",
        desc=words.monitor_sentence(found.alarm, found.months[-1].log10, found.level, found.months[-1].n),
        caption=f"{MONITOR} It assumes that {found.assumes}.{stops}",
        columns=("Month of deadline", "Separate predictions", "Evidence"),
        rows=tuple((row.month, f"{row.n:,}", words.evidence_words(row.log10)) for row in reversed(found.months)),
    )


def _power(power: float) -> str:
    """A power of ten as a factor of evidence."""
    return f"{10**power:,.0f}" if power >= 0 else f"1/{10**-power:,.0f}"


def _points(rows: Sequence[tuple[str, Estimate]]) -> Iterator[Point]:
    return ((_at(month), each.value, each.low, each.high) for month, each in rows)


def _values(point: Point) -> Iterator[float]:
    return (value for value in point[1:] if value is not None)


def _at(month: str) -> int:
    return microseconds(dt.datetime.fromisoformat(f"{month}-01").replace(tzinfo=dt.UTC))
