"""The score of a scorecard in words, for every kind of prediction, and beside what was known beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.charts import gains, murphy
from forecasts.localised import count, percent, spelling
from forecasts.models import PredictionKind
from forecasts.queries.calibration import Calibration
from forecasts.queries.elementary import Elementary
from forecasts.queries.figures import PENDING, TOO_FEW, Reference
from forecasts.queries.figures import Figure as Estimate
from forecasts.scoring.values import TICKS

from . import words
from .diagrams import headline_reference
from .figures import Figure
from .pairs import murphy_sentence

BRIER = {
    PredictionKind.BINARY: gettext_lazy(
        "The mean Brier score is %(score)s (%(interval)s): "
        "0 is perfect, and always saying %(even)s gets %(even_score)s."
    ),
    PredictionKind.MULTIPLE_CHOICE: gettext_lazy(
        "The mean Brier score is %(score)s (%(interval)s): summed over the options, 0 is perfect and 2 the worst."
    ),
}
POINTS = gettext_lazy(
    "Over an even guess across the range, %(value)s points were gained per prediction (%(interval)s): "
    "0 is no better than that guess, and larger is better."
)
NO_INTERVAL = {
    PENDING: gettext_lazy("its interval is being computed"),
    TOO_FEW: gettext_lazy("too few independent predictions for an interval"),
}
NOT_ASKED = gettext_lazy("its interval is computed once somebody asks for it")
REFERENCES = gettext_lazy(
    "How much lower the Brier score was than that of what was known beforehand, on the same predictions at the same "
    "moments: right of the line is better. The thick bar is the 95 % interval."
)
MURPHY = gettext_lazy(
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

    @property
    def told(self) -> str:
        """What stands after its name."""
        return ngettext(
            "scores %(brier)s on %(n)s prediction", "scores %(brier)s on %(n)s predictions", self.predictions
        ) % {"brier": self.brier, "n": count(self.predictions)}


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
        murphy=murphy_of(reference.murphy, _("these forecasts"), reference.name)
        if reference and reference.murphy
        else None,
    )


def _brier(brier: Estimate, kind: PredictionKind) -> str:
    ends = words.score_interval(brier.low, brier.high, kind.worst_brier or 1.0)
    even = {"even": percent(TICKS / 2), "even_score": words.score_words(words.BRIER_OF_EVEN)}
    return BRIER[kind] % {"score": words.score_words(brier.value), "interval": _interval(brier, ends), **even}


def _points(baseline: Estimate | None) -> str:
    """Of numbers and dates, whose losses have units of their own: points over an even guess."""
    if baseline is None:
        return ""
    low, value, high = (words.points(each) for each in (baseline.low, baseline.value, baseline.high))
    ends = words.span(low, high) if low and high else ""
    return POINTS % {"value": value, "interval": _interval(baseline, ends)}


def _interval(figure: Estimate, ends: str) -> str:
    """The interval, or why there is none."""
    return _("95 %% interval %(ends)s") % {"ends": ends} if ends else str(NO_INTERVAL.get(figure.method, NOT_ASKED))


def _reference(row: Reference) -> ReferenceLine:
    ends = words.signed_scores(row.gain.low, row.gain.high)
    url, gain = f"/forecasters/{row.forecaster}/", words.signed_score(row.gain.value)
    return ReferenceLine(row.name, url, words.score_words(row.brier), gain, ends, row.predictions)


def _gains(rows: tuple[Reference, ...]) -> Figure:
    lines = [_reference(row) for row in rows]
    return Figure(
        kind="gains",
        id="references",
        chart=gains_of([(row.name, row.gain.value, row.gain.low, row.gain.high) for row in rows]),
        title=_("Beside what was known beforehand"),
        desc=" ".join(map(_better, lines)),
        caption=str(REFERENCES),
        columns=(_("Reference"), _("Predictions"), _("Its score"), _("Better by"), _("95 % interval")),
        rows=tuple(
            (line.name, count(line.predictions), line.brier, line.gain, line.interval or _("none")) for line in lines
        ),
    )


def gains_of(rows: Sequence[gains.Gain]) -> gains.GainsChart:
    return gains.gains(rows, worse=_("← worse"), better=_("better →"), spelling=spelling())


def _better(line: ReferenceLine) -> str:
    told = _("Better than %(name)s by %(gain)s, %(interval)s.")
    return told % {"name": line.name, "gain": line.gain, "interval": line.interval or _("no interval")}


def murphy_of(found: Elementary, ours: str, theirs: str) -> Figure:
    """Two forecasters under every proper score; a tenth of the thresholds stand in the table."""
    band = list(zip(found.low, found.high, strict=True))
    rows = zip(found.thetas, found.ours, found.theirs, band, strict=True)
    return Figure(
        kind="murphy",
        id="every-score",
        chart=murphy.murphy(
            found.thetas,
            (ours, found.ours),
            (theirs, found.theirs),
            band,
            threshold=_("Threshold at which one acts"),
            difference=_("Difference"),
            spelling=spelling(),
        ),
        title=_("Under every proper score"),
        desc=murphy_sentence(ours, theirs, found.ours, found.theirs, band),
        caption=str(MURPHY),
        columns=(_("Threshold"), ours, theirs, _("Difference, 90 % interval")),
        rows=tuple(
            (words.whole_percent(theta), words.score_words(a), words.score_words(b), words.signed_scores(*ends))
            for theta, a, b, ends in list(rows)[::4]
        ),
    )
