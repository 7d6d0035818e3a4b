"""The score of a scorecard in words, for every kind of prediction, and beside what was known beforehand."""

from dataclasses import dataclass

from forecasts.charts import gains, murphy
from forecasts.models import PredictionKind
from forecasts.queries.calibration import Calibration
from forecasts.queries.elementary import Elementary
from forecasts.queries.figures import PENDING, Reference
from forecasts.queries.figures import Figure as Estimate

from . import words
from .diagrams import headline_reference
from .figures import Figure

BRIER = {
    PredictionKind.BINARY: "0 is perfect, and always saying 50\xa0% gets 0.250",
    PredictionKind.MULTIPLE_CHOICE: "summed over the options, 0 is perfect and 2 the worst",
}
REFERENCES = (
    "How much lower the Brier score was than that of what was known beforehand, on the same predictions at the same "
    "moments: right of the line is better. The thick bar is the 95\xa0% interval."
)
MURPHY = (
    "Lower is better. Each threshold stands for a reader who acts when the forecast is above it; whoever is lower at "
    "every one did better under every proper score. Below, the first less the second, on the same scale. The band "
    "holds the difference 9 times in 10 at each threshold by itself, so that of many some leave it by chance."
)


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
    """`sentence` is empty where too few are settled; `against_even` is only said of yes or no, with an interval."""

    sentence: str
    against_even: str
    references: tuple[ReferenceLine, ...]
    gains: Figure | None
    murphy: Figure | None


def score_of(found: Calibration) -> Score:
    kind, brier = PredictionKind(found.query.kind), found.brier
    is_binary = kind == PredictionKind.BINARY
    reference = headline_reference(row for row in found.references if row.murphy)
    return Score(
        sentence=_brier(brier, kind) if brier else _points(found.baseline),
        against_even=words.against_even(brier.value, brier.low, brier.high) if brier and is_binary else "",
        references=tuple(map(_reference, found.references)),
        gains=_gains(found.references) if found.references else None,
        murphy=murphy_of(reference.murphy, "these forecasts", reference.name)
        if reference and reference.murphy
        else None,
    )


def _brier(brier: Estimate, kind: PredictionKind) -> str:
    ends = words.score_interval(brier.low, brier.high, kind.worst_brier or 1.0)
    return f"The mean Brier score is {words.score_words(brier.value)}{_interval(brier, ends)}: {BRIER[kind]}."


def _points(baseline: Estimate | None) -> str:
    """Of numbers and dates, whose losses have units of their own: points over an even guess."""
    if baseline is None:
        return ""
    low, value, high = (words.points(each) for each in (baseline.low, baseline.value, baseline.high))
    ends = f"{low} to {high}" if low and high else ""
    return (
        f"Over an even guess across the range, {value} points were gained per prediction"
        f"{_interval(baseline, ends)}: 0 is no better than that guess, and larger is better."
    )


def _interval(figure: Estimate, ends: str) -> str:
    """The interval, or why there is none."""
    if ends:
        return f" (95\xa0% interval {ends})"
    return " (its interval is being computed)" if figure.method == PENDING else f" ({figure.method})"


def _reference(row: Reference) -> ReferenceLine:
    ends = words.signed_scores(row.gain.low, row.gain.high)
    url, gain = f"/forecasters/{row.forecaster}/", words.signed_score(row.gain.value)
    return ReferenceLine(row.name, url, words.score_words(row.brier), gain, ends, row.predictions)


def _gains(rows: tuple[Reference, ...]) -> Figure:
    lines = [_reference(row) for row in rows]
    return Figure(
        kind="gains",
        id="references",
        chart=gains.gains([(row.name, row.gain.value, row.gain.low, row.gain.high) for row in rows]),
        title="Beside what was known beforehand",
        desc=" ".join(f"Better than {line.name} by {line.gain}, {line.interval or 'no interval'}." for line in lines),
        caption=REFERENCES,
        columns=("Reference", "Predictions", "Its score", "Better by", "95 % interval"),
        rows=tuple(
            (line.name, f"{line.predictions:,}", line.brier, line.gain, line.interval or "none") for line in lines
        ),
    )


def murphy_of(found: Elementary, ours: str, theirs: str) -> Figure:
    """Two forecasters under every proper score; a tenth of the thresholds stand in the table."""
    band = list(zip(found.low, found.high, strict=True))
    rows = zip(found.thetas, found.ours, found.theirs, band, strict=True)
    return Figure(
        kind="murphy",
        id="every-score",
        chart=murphy.murphy(found.thetas, (ours, found.ours), (theirs, found.theirs), band),
        title="Under every proper score",
        desc=words.murphy_sentence(ours, theirs, found.ours, found.theirs, band),
        caption=MURPHY,
        columns=("Threshold", ours, theirs, "Difference, 90 % interval"),
        rows=tuple(
            (words.whole_percent(theta), words.score_words(a), words.score_words(b), words.signed_scores(*ends))
            for theta, a, b, ends in list(rows)[::4]
        ),
    )
