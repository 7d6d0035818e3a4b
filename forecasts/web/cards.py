"""The card of a calibration: sentence, verdict, denominators, figures and the tables under them, ready for a template.

Nothing is computed here but coordinates and words; every number comes from queries.calibration.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from forecasts.charts import denominators, groups, reliability
from forecasts.language.figures import number, percent
from forecasts.models import Basis, PredictionKind
from forecasts.queries.calibration import Calibration
from forecasts.queries.figures import Group, Held, Thinned
from forecasts.scoring.uncertainty import Verdict
from forecasts.scoring.values import MILLION, TICKS, Bin, Corp

from . import words
from .scores import Score, score_of

Rows = tuple[tuple[str, ...], ...]
ALWAYS_TOLD = 4
HEADLINE = 0.8  # the central interval that the sentence speaks of
BECOMING = (
    ("open", "is still open", "are still open"),
    ("overdue", "is not yet rated by us", "are not yet rated by us"),
    ("early", "was resolved early", "were resolved early"),
    ("void", "is void", "are void"),
    ("not_counted", "had no forecast that could count", "had no forecast that could count"),
)


@dataclass(frozen=True)
class Figure:
    """A chart with its words, and the same numbers as a table."""

    chart: reliability.ReliabilityChart | groups.GroupsChart
    title: str
    desc: str
    columns: tuple[str, ...]
    rows: Rows
    figures: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    calibration: Calibration
    sentence: str
    interval: str
    verdict: str
    explanation: str
    bar: denominators.DenominatorsChart | None
    diagram: Figure | None
    groups: Figure | None
    score: Score
    bounds: tuple[str, ...]


def card(found: Calibration, who: str = "they") -> Card:
    """The card of `found`; `who` said it, in the words of the sentence."""
    spoken = _spoken(found) if found.shows_scores else None
    return Card(
        calibration=found,
        sentence=_sentence(found, who, spoken),
        interval=_interval(found, spoken),
        verdict=_verdict(found),
        explanation=words.VERDICTS[Verdict(found.verdict)],
        bar=_bar(found),
        diagram=_diagram(found) if found.corp else None,
        groups=_groups(found) if found.groups and found.shows_scores else None,
        score=score_of(found),
        bounds=_bounds(found),
    )


def _opening(found: Calibration, who: str) -> str:
    return f"the words {who} used implied" if found.query.basis == Basis.IMPLIED else f"{who} said"


def _spoken(found: Calibration) -> Group | None:
    by_numbers = {_frequency(group): group for group in found.groups}
    chosen = words.spoken_group(tuple(by_numbers))
    return by_numbers[chosen] if chosen else None


def _frequency(group: Group) -> words.Frequency:
    return round(group.mean * TICKS), group.yes, group.n


def _sentence(found: Calibration, who: str, spoken: Group | None) -> str:
    counts = found.denominators
    if not found.predictions:
        becoming = [(getattr(counts, name), one, many) for name, one, many in BECOMING]
        return words.none_sentence(counts.made, becoming)
    if not found.shows_scores:
        return words.few_sentence(counts.made, found.predictions)
    if found.query.kind != PredictionKind.BINARY:
        return _other_sentence(found)
    if spoken:
        return words.frequency_sentence(_opening(found, who), _frequency(spoken))
    table = found.table
    said = float((table.p * table.weight).sum()) / table.total
    return words.average_sentence(_opening(found, who), said, table.total_yes / table.total)


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
    return found.verdict if found.shows_curve else Verdict.TOO_EARLY


def _bar(found: Calibration) -> denominators.DenominatorsChart | None:
    """All that was made, by what became of it. Scoring may lag behind a decision: no part is below zero meanwhile."""
    counts = found.denominators
    early = 0 if found.query.cohort == "all" else counts.early
    settled = counts.due + counts.early - early
    parts = [
        ("settled and counted", found.predictions),
        ("still open", counts.open),
        ("not yet rated by us", counts.overdue),
        ("void", counts.void),
        ("resolved early, not counted yet", early),
        ("settled, no forecast that could count", max(settled - found.predictions, 0)),
    ]
    while parts[ALWAYS_TOLD:] and not parts[-1][1]:
        parts.pop()
    return denominators.bar(parts) if any(count for _, count in parts) else None


def _bounds(found: Calibration) -> tuple[str, ...]:
    ends = found.bounds
    told = (
        words.bounds_sentence("overdue", ends.overdue_no, ends.overdue_yes),
        words.bounds_sentence("void", ends.void_no, ends.void_yes),
    )
    return tuple(sentence for sentence in told if sentence)


def _diagram(found: Calibration) -> Figure | None:
    if found.corp is None:
        return None
    table, is_binary = found.table, found.query.kind == PredictionKind.BINARY
    spoken = tuple(zip(table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist(), strict=True))
    chart = reliability.diagram(
        [(block.low_tick, block.high_tick, block.rate) for block in found.corp.blocks],
        found.thinned.band if found.thinned else (),
        spoken,
        base_rate=found.base_rate.value if found.base_rate else None,
    )
    return Figure(
        chart=chart,
        title=f"Calibration of {words.counted(found.predictions, 'prediction')}",
        desc=f"What was said against how often it happened. {described(found.bins)}",
        columns=("Said", "On average", "Forecasts", "Happened", "Share"),
        rows=tuple(_bin_row(found, row) for row in found.bins if row.weight),
        figures=corp_figures(found.corp, found.thinned, f"Brier score{'' if is_binary else ' per option'}"),
        counts=(
            words.counted(found.predictions, "prediction"),
            words.counted(found.forecasts, "forecast"),
        ),
    )


def described(bins: Iterable[Bin]) -> str:
    """Bins in words, for those who do not see the diagram."""
    rows = [row for row in bins if row.weight]
    told = (f"said {percent(round(row.mean * 100) * 100)}: {words.whole_percent(row.rate)} happened" for row in rows)
    return f"{'; '.join(told)}."


def corp_figures(found: Corp, tested: Thinned | None, score: str = "Brier score") -> tuple[str, ...]:
    """The parts of a score, as they stand in the corner of its diagram."""
    p = f" (p = {tested.p_value:.2g})" if tested else ""
    return (
        f"{score} {words.score_words(found.score)}",
        f"miscalibration {words.score_words(found.miscalibration)}{p}",
        f"discrimination {words.score_words(found.discrimination)}",
        f"uncertainty {words.score_words(found.uncertainty)}",
    )


def _bin_row(found: Calibration, row: Bin) -> tuple[str, ...]:
    return (
        f"{row.low:.0%} to {row.high:.0%}",
        percent(round(row.mean * TICKS)),
        _amount(found, row.weight),
        _amount(found, row.weight_yes),
        words.whole_percent(row.rate),
    )


def _amount(found: Calibration, weight: int) -> str:
    """Forecasts as they are counted: one each, or whole windows of time of which each covers a part."""
    return number(weight / MILLION) if found.query.counting == "time" else f"{weight:,}"


def _groups(found: Calibration) -> Figure:
    drawn = [(*_frequency(group), *_ends(group)) for group in found.groups]
    return Figure(
        chart=groups.dots(drawn),
        title="What was said, and how often it happened",
        desc=" ".join(words.frequency_sentence("they said", _frequency(group)) for group in found.groups),
        columns=("Said", "On average", "Forecasts", "Happened", "Share", "95 % interval"),
        rows=tuple(_group_row(group) for group in found.groups),
    )


def _ends(group: Group) -> tuple[float, float]:
    """The interval of the rate, kept within 0 and 1; the rate itself where there is none."""
    rate = group.rate
    low, high = (rate.value if end is None else min(max(end, 0.0), 1.0) for end in (rate.low, rate.high))
    return low, high


def _group_row(group: Group) -> tuple[str, ...]:
    said, happened, of = _frequency(group)
    return (
        f"{percent(group.low)} to {percent(group.high)}",
        percent(said),
        f"{of:,}",
        f"{happened:,}",
        words.whole_percent(group.rate.value),
        words.interval_percent(group.rate.low, group.rate.high) or "none",
    )
