"""Probability over time on one prediction, as a chart and as a table."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.charts import timeline
from forecasts.charts.labels import shortened
from forecasts.localised import count, spelling
from forecasts.models import Forecast, PredictionKind
from forecasts.queries.clock import microseconds
from forecasts.queries.prediction_page import PredictionPage, Series

from .spreads import in_full

MOST_ROWS = 100
Mark = tuple[int, timeline.MarkKind, str]


@dataclass(frozen=True)
class History:
    """`chart` shows at most six forecasters of yes or no; `rows` the latest changes of all, newest first."""

    title: str
    chart: timeline.TimelineChart | None
    desc: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str], ...]
    id: str = "history"


def history(page: PredictionPage, now: dt.datetime) -> History:
    """The forecasts of `page` as they stand at `now`."""
    spoken = [series for series in page.series if any(row.tick is not None for row in series.forecasts)]
    drawn = spoken[: timeline.MOST_SERIES]
    changes = sorted((row for series in page.series for row in _changes(series)), key=lambda row: row.issued_at)
    return History(
        title=_("Probability over time") if page.prediction.kind == PredictionKind.BINARY else _("Forecasts over time"),
        chart=_chart(page, drawn, now),
        desc=". ".join(f"{series.name}: {_path(series)}" for series in drawn),
        caption=_caption(len(spoken) - len(drawn), max(len(changes) - MOST_ROWS, 0)),
        columns=(_("When (UTC)"), _("Forecaster"), _("Said"), _("Given as")),
        rows=tuple(_row(row) for row in reversed(changes[-MOST_ROWS:])),
    )


def _caption(undrawn: int, left_out: int) -> str:
    """What the lines and ticks mean, and what is not in the picture or the table."""
    parts = [_("A forecast stands until the next one. Short ticks on the axis are pieces of evidence.")]
    if undrawn:
        told = ngettext(
            "%(n)s more forecaster in the table only.", "%(n)s more forecasters in the table only.", undrawn
        )
        parts.append(told % {"n": count(undrawn)})
    if left_out:
        told = ngettext(
            "The table leaves out the %(n)s oldest change.", "The table leaves out the %(n)s oldest changes.", left_out
        )
        parts.append(told % {"n": count(left_out)})
    return " ".join(parts)


def _chart(page: PredictionPage, drawn: list[Series], now: dt.datetime) -> timeline.TimelineChart | None:
    row = page.prediction
    if not drawn or row.opens_at is None or row.closes_at is None:
        return None
    ends = min(now, page.resolution.known_at) if page.resolution else now
    return timeline.steps(
        list(zip(_names(drawn), (series.steps for series in drawn), strict=True)),
        microseconds(row.opens_at),
        microseconds(row.closes_at),
        tuple(_marks(page, now)),
        until=microseconds(ends),
        spelling=spelling(),
    )


def _names(drawn: list[Series]) -> list[str]:
    """What stands beside each line: the names, without the words they all begin with if cut names would look alike."""
    names = [series.name for series in drawn]
    if len({shortened(name, timeline.MOST_LETTERS) for name in names}) == len(names):
        return names
    split = [name.split() for name in names]
    shared = sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*split, strict=False)))
    return [" ".join(words[shared:]) or name for words, name in zip(split, names, strict=True)]


def _marks(page: PredictionPage, now: dt.datetime) -> Iterator[Mark]:
    """What happened besides the forecasts: the resolution or the deadline, changes of criteria, and evidence.

    A report that claims to be from the future is marked at `now`: its date must not stretch the axis.
    """
    row, resolution = page.prediction, page.resolution
    if resolution:
        result = _("Void") if resolution.is_void else resolution.result_words
        yield microseconds(resolution.known_at), "resolution", result
    elif row.resolves_by:
        yield microseconds(row.resolves_by), "deadline", _("Deadline")
    for version in page.versions:
        if version.after_first_forecast:
            yield microseconds(version.at), "criteria", _("Criteria changed")
    for finding in page.findings:
        yield microseconds(min(finding.published_at or finding.found_at, now)), "evidence", ""


def _changes(series: Series) -> Iterator[Forecast]:
    """The forecasts that say something else than the one before."""
    before: object = object()
    for row in series.forecasts:
        said = (row.tick, row.values, row.is_withdrawal)
        if said != before:
            yield row
        before = said


def _path(series: Series) -> str:
    first, last = (_said(row) for row in (series.forecasts[0], series.forecasts[-1]))
    return first if len(series.forecasts) == 1 else _("from %(first)s to %(last)s") % {"first": first, "last": last}


def _said(row: Forecast) -> str:
    return row.said or _("withdrawn")


def _row(row: Forecast) -> tuple[str, str, str, str]:
    said = in_full(row) or _("withdrawn")
    return (f"{row.issued_at:%Y-%m-%d %H:%M}", row.forecaster.name, said, row.get_basis_display())
