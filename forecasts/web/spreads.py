"""What everybody says now of options, of a number or of a date, as one table."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.localised import count, percent
from forecasts.models import MEDIAN, Curve, Forecast, Prediction, PredictionKind, central, place_words, range_texts
from forecasts.queries.prediction_page import PredictionPage

from .words import span

MOST_COLUMNS = 6
CENTRAL = (5_000, 8_000, 9_000)
IN_FULL = 8_000


@dataclass(frozen=True)
class SpreadLine:
    """A row of the table; `came_true` marks the option or the outcome that it was."""

    name: str
    cells: tuple[str, ...]
    came_true: bool = False


@dataclass(frozen=True)
class Spread:
    title: str
    caption: str
    columns: tuple[str, ...]
    lines: tuple[SpreadLine, ...]


def spread(page: PredictionPage) -> Spread | None:
    """The latest forecasts that stand; None for yes or no, and where nobody says anything."""
    standing = [series.latest for series in page.series if not series.latest.is_withdrawal]
    if page.prediction.kind == PredictionKind.BINARY or not standing:
        return None
    standing.sort(key=lambda row: (row.issued_at, row.pk), reverse=True)
    is_choice = page.prediction.kind == PredictionKind.MULTIPLE_CHOICE
    return _options(page, standing) if is_choice else _intervals(page, standing)


def range_words(prediction: Prediction) -> str:
    """Where the number or the date is thought to lie; empty for the other kinds."""
    kind = PredictionKind(prediction.kind)
    if not kind.has_range:
        return ""
    ends = span(*(place_words(kind, end) for end in range_texts(prediction)))
    if kind == PredictionKind.DATE:
        return _("%(range)s, or not by then") % {"range": ends}
    told = {
        (False, False): "%(range)s",
        (True, False): _("%(range)s, or below"),
        (False, True): _("%(range)s, or above"),
        (True, True): _("%(range)s, or below, or above"),
    }
    return told[prediction.open_below, prediction.open_above] % {"range": ends}


def in_full(row: Forecast) -> str:
    """All that a forecast says, on one line; empty for a withdrawal."""
    prediction = row.prediction
    if row.values is None:
        return row.said
    if prediction.kind == PredictionKind.MULTIPLE_CHOICE:
        parts = zip(prediction.options, row.values, strict=True)
        return ", ".join(f"{option} {percent(tick)}" for option, tick in parts if tick)
    curve = Curve(prediction, row.values)
    low, high = (curve.words(level) for level in central(IN_FULL))
    said = {"said": row.said, "share": percent(IN_FULL), "low": low, "high": high}
    return _("%(said)s, %(share)s from %(low)s to %(high)s") % said


def _options(page: PredictionPage, standing: list[Forecast]) -> Spread:
    shown, left_out = standing[:MOST_COLUMNS], len(standing) - MOST_COLUMNS
    won = page.resolution.outcome if page.resolution else ""
    lines = (
        SpreadLine(
            name=option,
            cells=tuple(percent(row.values[place]) for row in shown if row.values),
            came_true=won == str(place),
        )
        for place, option in enumerate(page.prediction.options)
    )
    more = _more(left_out) if left_out > 0 else ""
    return Spread(
        title=_("Option by option"),
        caption=" ".join((_("The latest forecasts, the newest first."), more)).rstrip(),
        columns=(_("Option"), *(row.forecaster.name for row in shown)),
        lines=tuple(lines),
    )


def _more(n: int) -> str:
    told = ngettext("%(n)s more forecaster in the list above.", "%(n)s more forecasters in the list above.", n)
    return told % {"n": count(n)}


def _intervals(page: PredictionPage, standing: list[Forecast]) -> Spread:
    return Spread(
        title=_("Medians and intervals"),
        caption=_("The latest forecasts, the newest first. As much lies below an interval as above it."),
        columns=(
            _("Forecaster"),
            _("Median"),
            *(_("Central %(share)s") % {"share": percent(each)} for each in CENTRAL),
        ),
        lines=(*(_line(row) for row in standing), *_outcome(page)),
    )


def _line(row: Forecast) -> SpreadLine:
    curve = Curve(row.prediction, row.values or ())
    return SpreadLine(row.forecaster.name, (curve.words(MEDIAN), *(_interval(curve, share) for share in CENTRAL)))


def _interval(curve: Curve, share: int) -> str:
    low, high = central(share)
    return span(curve.words(low), curve.words(high))


def _outcome(page: PredictionPage) -> Iterable[SpreadLine]:
    if page.resolution and not page.resolution.is_void:
        yield SpreadLine(_("What happened"), (page.resolution.result_words, *("" for _ in CENTRAL)), came_true=True)
