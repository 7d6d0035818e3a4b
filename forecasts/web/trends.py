"""A history as charts: the score, the gap between what was said and what happened, and the monitor."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.charts.scale import round_ticks
from forecasts.charts.trend import Point, trend
from forecasts.localised import count, percent, spell, spelling
from forecasts.queries.clock import microseconds
from forecasts.queries.figures import Figure as Estimate
from forecasts.queries.history import History, Monitor
from forecasts.scoring.values import TICKS

from . import words
from .figures import Figure

MOST_POWERS = 6
NAMED = 9  # up to 1,000,000,000 a power is written out
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SCORE = gettext_lazy(
    "The mean Brier score of the predictions whose deadline lay in the twelve months up to each month, with its "
    "95 % interval. Lower is better."
)
GAP = gettext_lazy(
    "How much more was said on average than happened, over the twelve months up to each month, with its 95 % "
    "interval. On the dotted line, as often as was said; above it, the forecasts were too high."
)
MONITOR = gettext_lazy(
    "Evidence against “the probabilities are right”, by factors of ten. It may be looked at every day: if they are "
    "right, it ever reaches 20 in at most 1 of 20 such records."
)

ASSUMES = gettext_lazy(
    "It assumes that outcomes are independent of each other given the forecasts; one forecast per family of "
    "predictions counts."
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
    said = {month: words.score_words(brier.value) for month, _, brier in shown}
    most = max(0.26, *(value for point in points for value in _values(point)))
    return Figure(
        kind="trend",
        id="score-over-time",
        chart=trend(
            points,
            [(tick, spell(f"{tick:g}")) for tick in round_ticks(0, most)],
            (words.BRIER_OF_EVEN, _("always saying %(even)s") % {"even": percent(TICKS / 2)}),
            spelling=spelling(),
        ),
        title=_("Score over time"),
        desc="; ".join(f"{month}: {score}" for month, score in said.items()) + ".",
        caption=str(SCORE),
        columns=(_("Month of deadline"), _("Predictions"), _("Brier score"), _("95 % interval")),
        rows=tuple(
            (month, count(n), said[month], words.score_interval(brier.low, brier.high) or _("none"))
            for month, n, brier in reversed(shown)
        ),
    )


def _gap(found: History) -> Figure | None:
    shown = [(month.month, month.rolling.predictions, month.gap) for month in found.months if month.gap]
    if not shown:
        return None
    points = list(_points([(month, gap) for month, _, gap in shown]))
    said = {month: words.signed_percent(gap.value) for month, _, gap in shown}
    reach = max(0.1, *(abs(value) for point in points for value in _values(point)))
    ticks = round_ticks(-reach, reach, 6)
    return Figure(
        kind="trend",
        id="calibration-over-time",
        chart=trend(
            points,
            [(tick, words.signed_percent(tick)) for tick in ticks],
            (0.0, _("as often as was said")),
            spelling=spelling(),
        ),
        title=_("Calibration over time"),
        desc="; ".join(f"{month}: {difference}" for month, difference in said.items()) + ".",
        caption=str(GAP),
        columns=(_("Month of deadline"), _("Predictions"), _("Said less happened"), _("95 % interval")),
        rows=tuple(
            (month, count(n), said[month], words.signed_interval(gap.low, gap.high) or _("none"))
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
    stops = _("Drawn up to %(month)s, when the first deadline waits for us.") % {"month": found.stops_before}
    return Figure(
        kind="trend",
        id="monitor",
        chart=trend(
            points,
            ticks,
            (alarm, _("%(level)s: an alarm") % {"level": found.level}),
            joined=True,
            spelling=spelling(),
        ),
        title=_("Evidence against calibration"),
        desc=words.monitor_sentence(found.alarm, found.months[-1].log10, found.level, found.months[-1].n),
        caption=" ".join((str(MONITOR), str(ASSUMES), *([stops] if found.stops_before else []))),
        columns=(_("Month of deadline"), _("Separate predictions"), _("Evidence")),
        rows=tuple((row.month, count(row.n), words.evidence_words(row.log10)) for row in reversed(found.months)),
    )


def _power(power: float) -> str:
    """A power of ten as a factor of evidence; a long record of nonsense goes beyond what has a name."""
    if abs(power) > NAMED:
        return "10" + f"{power:.0f}".translate(RAISED)
    return spell(f"{10**power:,.0f}" if power >= 0 else f"1/{10**-power:,.0f}")


def _points(rows: Sequence[tuple[str, Estimate]]) -> Iterator[Point]:
    return ((_at(month), each.value, each.low, each.high) for month, each in rows)


def _values(point: Point) -> Iterator[float]:
    return (value for value in point[1:] if value is not None)


def _at(month: str) -> int:
    return microseconds(dt.datetime.fromisoformat(f"{month}-01").replace(tzinfo=dt.UTC))
