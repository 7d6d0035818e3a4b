"""The card of a calibration: sentence, verdict, denominators, figures and the tables under them, ready for a template.

Nothing is computed here but coordinates and words; every number comes from queries.calibration.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.charts import denominators
from forecasts.models import Basis, PredictionKind
from forecasts.queries.calibration import Calibration
from forecasts.queries.figures import Group, Held
from forecasts.scoring.uncertainty import Verdict

from . import words
from .diagrams import frequency, groups_of, reliability_of, spread_of
from .figures import Figure
from .openings import BECOMING, FORECASTERS_SAID, FORECASTERS_WORDS, THEIR_WORDS, THEY_SAID
from .scores import Score, score_of

ALWAYS_TOLD = 4
HEADLINE = 0.8  # the central interval that the sentence speaks of


@dataclass(frozen=True)
class Card:
    calibration: Calibration
    sentence: str
    interval: str
    verdict: str
    explanation: str
    bar: denominators.DenominatorsChart | None
    made: str
    diagrams: tuple[Figure, ...]
    groups: Figure | None
    score: Score
    bounds: tuple[str, ...]


def card(found: Calibration, *, of_everybody: bool = False, extremes: bool = False) -> Card:
    """The card of `found`, which forecasters said, or with one person in mind they. `extremes` adds the diagram by log
    odds.
    """
    spoken = _spoken(found) if found.shows_scores else None
    return Card(
        calibration=found,
        sentence=_sentence(found, of_everybody, spoken),
        interval=_interval(found, spoken),
        verdict=_verdict(found),
        explanation=str(words.VERDICTS[Verdict(found.verdict)]),
        bar=_bar(found),
        made=_made(found),
        diagrams=_diagrams(found, extremes),
        groups=groups_of(found),
        score=score_of(found),
        bounds=_bounds(found),
    )


def _opening(found: Calibration, of_everybody: bool) -> str:
    if found.query.basis == Basis.IMPLIED:
        return FORECASTERS_WORDS if of_everybody else THEIR_WORDS
    return FORECASTERS_SAID if of_everybody else THEY_SAID


def _spoken(found: Calibration) -> Group | None:
    by_numbers = {frequency(group): group for group in found.groups}
    chosen = words.spoken_group(tuple(by_numbers))
    return by_numbers[chosen] if chosen else None


def _sentence(found: Calibration, of_everybody: bool, spoken: Group | None) -> str:
    counts = found.denominators
    if not found.predictions:
        return words.none_sentence(counts.made, {name: getattr(counts, name) for name in BECOMING})
    if not found.shows_scores:
        return words.few_sentence(counts.made, found.predictions)
    if found.query.kind != PredictionKind.BINARY:
        return _other_sentence(found)
    if spoken:
        return words.frequency_sentence(_opening(found, of_everybody), frequency(spoken))
    table = found.table
    said = float((table.p * table.weight).sum()) / table.total
    return words.average_sentence(_opening(found, of_everybody), said, table.total_yes / table.total)


def _other_sentence(found: Calibration) -> str:
    """Of several options, how much the one that happened had been given; of numbers and dates, what intervals held."""
    if PredictionKind(found.query.kind).has_range:
        held = _held(found)
        return (
            words.held_sentence(held.nominal, held.inside, held.n)
            if held
            else words.scoring_sentence(found.predictions)
        )
    given = found.table.p @ found.table.weight_yes
    return words.given_sentence(float(given) / found.table.total_yes)


def _held(found: Calibration) -> Held | None:
    return next((held for held in found.spread.intervals if held.nominal == HEADLINE), None) if found.spread else None


def _interval(found: Calibration, spoken: Group | None) -> str:
    """Of the share that the sentence names."""
    rate = spoken.rate if spoken else held.rate if (held := _held(found)) else None
    return words.interval_percent(rate.low, rate.high) if rate else ""


def _verdict(found: Calibration) -> str:
    """Empty where no verdict is ever given."""
    if found.query.kind != PredictionKind.BINARY:
        return ""
    return str(words.VERDICT_WORDS[Verdict(found.verdict) if found.shows_curve else Verdict.TOO_EARLY])


def _bar(found: Calibration) -> denominators.DenominatorsChart | None:
    """All that was made, by what became of it. Scoring may lag behind a decision: no part is below zero meanwhile."""
    counts = found.denominators
    early = 0 if found.query.cohort == "all" else counts.early
    settled = counts.due + counts.early - early
    parts = [
        (_("settled and counted"), found.predictions),
        (_("still open"), counts.open),
        (_("not yet rated by us"), counts.overdue),
        (_("void"), counts.void),
        (_("resolved early, not counted yet"), early),
        (_("settled, no forecast that could count"), max(settled - found.predictions, 0)),
    ]
    while parts[ALWAYS_TOLD:] and not parts[-1][1]:
        parts.pop()
    return denominators.bar(parts) if any(count for _, count in parts) else None


def _made(found: Calibration) -> str:
    """What the bar counts: its number stands before, and other kinds of predictions stand in the lists."""
    made = found.denominators.made
    told = ngettext("prediction of %(kind)s made", "predictions of %(kind)s made", made)
    return told % {"kind": PredictionKind(found.query.kind).label}


def _bounds(found: Calibration) -> tuple[str, ...]:
    ends = found.bounds
    told = (
        words.overdue_bounds(ends.overdue_no, ends.overdue_yes),
        words.void_bounds(ends.void_no, ends.void_yes),
    )
    return tuple(sentence for sentence in told if sentence)


def _diagrams(found: Calibration, extremes: bool) -> tuple[Figure, ...]:
    drawn = (reliability_of(found), reliability_of(found, extremes=True) if extremes else None, *spread_of(found))
    return tuple(figure for figure in drawn if figure)
