"""The score of a scorecard in words, for every kind of prediction, and beside what was known beforehand."""

from dataclasses import dataclass

from forecasts.models import PredictionKind
from forecasts.queries.calibration import Calibration
from forecasts.queries.figures import Figure, Reference

from . import words

BRIER = {
    PredictionKind.BINARY: "0 is perfect, and always saying 50\xa0% gets 0.250",
    PredictionKind.MULTIPLE_CHOICE: "summed over the options, 0 is perfect and 2 the worst",
}


@dataclass(frozen=True)
class ReferenceLine:
    """What a reference scored on the same predictions, and how much better the forecasts were."""

    name: str
    url: str
    brier: str
    gain: str
    interval: str
    predictions: int


@dataclass(frozen=True)
class Score:
    """`sentence` is empty where too few are settled; `against_even` is only said of yes or no."""

    sentence: str
    against_even: str
    references: tuple[ReferenceLine, ...]


def score_of(found: Calibration) -> Score:
    kind, brier = PredictionKind(found.query.kind), found.brier
    is_binary = kind == PredictionKind.BINARY
    return Score(
        sentence=_brier(brier, kind) if brier else _points(found.baseline),
        against_even=words.against_even(brier.value, brier.low, brier.high) if brier and is_binary else "",
        references=tuple(map(_reference, found.references)),
    )


def _brier(brier: Figure, kind: PredictionKind) -> str:
    ends = words.score_interval(brier.low, brier.high, kind.worst_brier or 1.0)
    return f"The mean Brier score is {words.score_words(brier.value)}{_interval(ends)}: {BRIER[kind]}."


def _points(baseline: Figure | None) -> str:
    """Of numbers and dates, whose losses have units of their own: points over an even guess."""
    if baseline is None:
        return ""
    ends = "" if baseline.low is None or baseline.high is None else f"{baseline.low:+.1f} to {baseline.high:+.1f}"
    return (
        f"Over an even guess across the range, {baseline.value:+.1f} points were gained per prediction"
        f"{_interval(ends)}: 0 is no better than that guess, and larger is better."
    )


def _interval(ends: str) -> str:
    return f" (95\xa0% interval {ends})" if ends else ""


def _reference(row: Reference) -> ReferenceLine:
    gain = row.gain
    ends = "" if gain.low is None or gain.high is None else f"{gain.low:+.3f} to {gain.high:+.3f}"
    url = f"/forecasters/{row.forecaster}/"
    return ReferenceLine(row.name, url, words.score_words(row.brier), f"{gain.value:+.3f}", ends, row.predictions)
