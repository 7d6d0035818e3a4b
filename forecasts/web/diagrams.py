"""What was said against what happened, as charts: the reliability diagram, the lay groups, and where outcomes fell."""

from collections.abc import Iterable, Iterator

from forecasts.charts import groups as lay
from forecasts.charts import histogram, reliability
from forecasts.language.figures import number, percent
from forecasts.models import PredictionKind
from forecasts.queries.calibration import Calibration
from forecasts.queries.derived import BASE_RATE
from forecasts.queries.figures import Figure as Estimate
from forecasts.queries.figures import Group, Held, Reference, Spread, Thinned
from forecasts.scoring.values import MILLION, TICKS, Bin, Corp

from . import words
from .figures import Figure

RELIABILITY = (
    "How often things happened at each level of forecast: on the diagonal, as often as was said. The pale band is "
    "where a perfectly calibrated forecaster’s curve would fall 9 times in 10. The bars count the forecasts, by the "
    "square root of their number."
)
EXTREMES = (
    "Both axes by log odds: what lies near 0 and 100\xa0% is drawn apart, because most of the log score is lost there."
)
GROUPS = (
    "Each row is a group of forecasts. The upright line is what was said on average, the dot how often it happened, "
    "the thick bar its 95\xa0% interval, each family of related predictions counted as one."
)
SPREAD = (
    "Had the forecasts said how likely each value was, every tenth of them would hold as many outcomes: the bars would "
    "reach the dotted line, and stay in the pale band 9 times in 10."
)
INTERVALS = (
    "The upright line is how often the intervals were to hold what happened, the dot how often they did, the thick bar "
    "its 95\xa0% interval."
)


def reliability_of(found: Calibration, *, extremes: bool = False) -> Figure | None:
    """The diagram, or with `extremes` the same on log odds; None where no curve may be shown."""
    if found.corp is None:
        return None
    table = found.table
    chart = reliability.diagram(
        [(block.low_tick, block.high_tick, block.rate) for block in found.corp.blocks],
        found.thinned.band if found.thinned else (),
        tuple(zip(table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist(), strict=True)),
        base_rate=found.base_rate.value if found.base_rate else None,
        extremes=extremes,
    )
    score = "Brier score" if found.query.kind == PredictionKind.BINARY else "Brier score per option"
    return Figure(
        kind="reliability",
        id="extremes" if extremes else "calibration",
        chart=chart,
        title=f"Calibration of {words.counted(found.predictions, 'prediction')}",
        desc=f"What was said against how often it happened. {described(found.bins)}",
        caption=f"{RELIABILITY} {EXTREMES}" if extremes else RELIABILITY,
        columns=("Said", "On average", "Forecasts", "Happened", "Share"),
        rows=tuple(_bin_row(found, row) for row in found.bins if row.weight),
        figures=(*corp_figures(found.corp, found.thinned, score), *_skill(found.references)),
        counts=(words.counted(found.predictions, "prediction"), words.counted(found.forecasts, "forecast")),
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


def headline_reference(rows: Iterable[Reference]) -> Reference | None:
    """The one that is hardest to beat without knowing anything: the base rate, or else the first there is."""
    return next(iter(sorted(rows, key=lambda row: row.forecaster != BASE_RATE)), None)


def _skill(rows: Iterable[Reference]) -> Iterator[str]:
    row = headline_reference(rows)
    if row and row.ratio is not None:
        over = "base rate" if row.forecaster == BASE_RATE else "even guess"
        yield f"skill {words.signed_percent(row.ratio)} over {over}"


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


def frequency(group: Group) -> words.Frequency:
    return round(group.mean * TICKS), group.yes, group.n


def groups_of(found: Calibration) -> Figure | None:
    """At most five groups for the lay reader."""
    if not (found.groups and found.shows_scores):
        return None
    drawn = [(*frequency(group), *_ends(group.rate)) for group in found.groups]
    return Figure(
        kind="groups",
        id="groups",
        chart=lay.dots(drawn),
        title="What was said, and how often it happened",
        desc=" ".join(words.frequency_sentence("they said", frequency(group)) for group in found.groups),
        caption=GROUPS,
        columns=("Said", "On average", "Forecasts", "Happened", "Share", "95 % interval"),
        rows=tuple(_group_row(group) for group in found.groups),
    )


def _ends(rate: Estimate) -> tuple[float, float]:
    """The interval of a rate, kept within 0 and 1; the rate itself where there is none."""
    low, high = (rate.value if end is None else min(max(end, 0.0), 1.0) for end in (rate.low, rate.high))
    return low, high


def _group_row(group: Group) -> tuple[str, ...]:
    said, happened, of = frequency(group)
    return (
        f"{percent(group.low)} to {percent(group.high)}",
        percent(said),
        f"{of:,}",
        f"{happened:,}",
        words.whole_percent(group.rate.value),
        words.interval_percent(group.rate.low, group.rate.high) or "none",
    )


def spread_of(found: Calibration) -> tuple[Figure, ...]:
    """Of numbers and dates: where outcomes fell in their forecasts, and how often intervals held them."""
    if found.spread is None:
        return ()
    return (*([_pit(found.spread)] if found.shows_curve else []), _held(found.spread.intervals))


def _pit(found: Spread) -> Figure:
    counts = [share * found.n for share in found.shares]
    step = 100 // len(counts)
    rows = tuple(
        (f"{n * step}\xa0% to {(n + 1) * step}\xa0%", number(count), words.whole_percent(share))
        for n, (count, share) in enumerate(zip(counts, found.shares, strict=True))
    )
    return Figure(
        kind="pit",
        id="spread",
        chart=histogram.pit(counts, (found.low * found.n, found.high * found.n)),
        title=f"Where {words.counted(found.n, 'outcome')} fell in the forecasts",
        desc="; ".join(f"{where}: {share}" for where, _, share in rows) + ".",
        caption=SPREAD,
        columns=("Of the forecast", "Outcomes", "Share"),
        rows=rows,
    )


def _held(rows: tuple[Held, ...]) -> Figure:
    drawn = [(round(row.nominal * TICKS), row.inside, row.n, *_ends(row.rate)) for row in rows]
    return Figure(
        kind="groups",
        id="intervals",
        chart=lay.dots(drawn, [f"The middle {words.whole_percent(row.nominal)}" for row in rows], "held"),
        title="How often intervals held what happened",
        desc=" ".join(words.held_sentence(row.nominal, row.inside, row.n) for row in rows),
        caption=INTERVALS,
        columns=("Interval", "Held", "Of", "Share", "95 % interval"),
        rows=tuple(
            (
                f"middle {words.whole_percent(row.nominal)}",
                f"{row.inside:,}",
                f"{row.n:,}",
                words.whole_percent(row.rate.value),
                words.interval_percent(row.rate.low, row.rate.high) or "none",
            )
            for row in rows
        ),
    )
