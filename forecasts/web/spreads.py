"""What everybody says now of options, of a number or of a date, as one table."""

from collections.abc import Iterable
from dataclasses import dataclass

from forecasts.language.figures import percent
from forecasts.models import MEDIAN, Curve, Forecast, Prediction, PredictionKind, central, range_texts
from forecasts.queries.prediction_page import PredictionPage

from .words import counted

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
    ends = " to ".join(range_texts(prediction))
    if kind == PredictionKind.DATE:
        return f"{ends}, or not by then"
    beyond = {"below": prediction.open_below, "above": prediction.open_above}
    return ", or ".join([ends, *(where for where, is_open in beyond.items() if is_open)])


def in_full(row: Forecast) -> str:
    """All that a forecast says, on one line; empty for a withdrawal."""
    prediction = row.prediction
    if row.values is None:
        return row.said
    if prediction.kind == PredictionKind.MULTIPLE_CHOICE:
        parts = zip(prediction.options, row.values, strict=True)
        return ", ".join(f"{option} {percent(tick)}" for option, tick in parts if tick)
    curve = Curve(prediction, row.values)
    return f"{row.said}, {percent(IN_FULL)} from {_interval(curve, IN_FULL)}"


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
    more = f" {counted(left_out, 'more forecaster')} in the list above." if left_out > 0 else ""
    return Spread(
        title="Option by option",
        caption=f"The latest forecasts, the newest first.{more}",
        columns=("Option", *(row.forecaster.name for row in shown)),
        lines=tuple(lines),
    )


def _intervals(page: PredictionPage, standing: list[Forecast]) -> Spread:
    return Spread(
        title="Medians and intervals",
        caption="The latest forecasts, the newest first. As much lies below an interval as above it.",
        columns=("Forecaster", "Median", *(f"Central {percent(share)}" for share in CENTRAL)),
        lines=(*(_line(row) for row in standing), *_outcome(page)),
    )


def _line(row: Forecast) -> SpreadLine:
    curve = Curve(row.prediction, row.values or ())
    return SpreadLine(row.forecaster.name, (curve.words(MEDIAN), *(_interval(curve, share) for share in CENTRAL)))


def _interval(curve: Curve, share: int) -> str:
    low, high = central(share)
    return f"{curve.words(low)} to {curve.words(high)}"


def _outcome(page: PredictionPage) -> Iterable[SpreadLine]:
    if page.resolution and not page.resolution.is_void:
        yield SpreadLine("What happened", (page.resolution.result_words, *("" for _ in CENTRAL)), came_true=True)
