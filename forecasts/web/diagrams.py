"""What was said against what happened, as charts: the reliability diagram, the lay groups, and where outcomes fell."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.charts import groups as lay
from forecasts.charts import histogram, reliability
from forecasts.localised import count, percent, spell, spelling
from forecasts.models import PredictionKind
from forecasts.queries.calibration import Calibration
from forecasts.queries.derived import BASE_RATE
from forecasts.queries.figures import Figure as Estimate
from forecasts.queries.figures import Group, Held, Reference, Spread, Thinned
from forecasts.scoring.values import MILLION, TICKS, Bin, Corp

from . import words
from .figures import Figure
from .openings import THEY_SAID

RELIABILITY = gettext_lazy(
    "How often things happened at each level of forecast: on the diagonal, as often as was said. The pale band is "
    "where a perfectly calibrated forecaster’s curve would fall 9 times in 10. The bars count the forecasts, by the "
    "square root of their number."
)
EXTREMES = gettext_lazy(
    "Both axes by log odds: what lies near 0 and 100 % is drawn apart, because most of the log score is lost there."
)
GROUPS = gettext_lazy(
    "Each row is a group of forecasts. The upright line is what was said on average, the dot how often it happened, "
    "the thick bar its 95 % interval, each family of related predictions counted as one."
)
SPREAD = gettext_lazy(
    "Had the forecasts said how likely each value was, every tenth of them would hold as many outcomes: the bars would "
    "reach the dotted line, and stay in the pale band 9 times in 10."
)
INTERVALS = gettext_lazy(
    "The upright line is how often the intervals were to hold what happened, the dot how often they did, the thick bar "
    "its 95 % interval."
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
        base_rate=_base_rate(found.base_rate.value) if found.base_rate else None,
        said=_("What was forecast"),
        happened=_("How often it happened"),
        extremes=extremes,
        spelling=spelling(),
    )
    return Figure(
        kind="reliability",
        id="extremes" if extremes else "calibration",
        chart=chart,
        title=_calibration_of(found.predictions),
        desc=_("What was said against how often it happened. %(rows)s") % {"rows": described(found.bins)},
        caption=f"{RELIABILITY} {EXTREMES}" if extremes else str(RELIABILITY),
        columns=(_("Said"), _("On average"), _("Forecasts"), _("Happened"), _("Share")),
        rows=tuple(_bin_row(found, row) for row in found.bins if row.weight),
        figures=(*corp_figures(found.corp, found.thinned, found.query.kind), *_skill(found.references)),
        counts=(words.predictions(found.predictions), _forecasts(found.forecasts)),
    )


def _calibration_of(n: int) -> str:
    return ngettext("Calibration of %(n)s prediction", "Calibration of %(n)s predictions", n) % {"n": count(n)}


def _forecasts(n: int) -> str:
    return ngettext("%(n)s forecast", "%(n)s forecasts", n) % {"n": count(n)}


def _base_rate(rate: float) -> tuple[float, str]:
    """With its words in the diagram."""
    return rate, _("base rate %(rate)s") % {"rate": percent(round(rate * 100) * 100)}


def described(bins: Iterable[Bin]) -> str:
    """Bins in words, for those who do not see the diagram."""
    rows = [row for row in bins if row.weight]
    told = (
        _("said %(said)s: %(share)s happened")
        % {"said": percent(round(row.mean * 100) * 100), "share": words.whole_percent(row.rate)}
        for row in rows
    )
    return f"{'; '.join(told)}."


def corp_figures(found: Corp, tested: Thinned | None, kind: str = PredictionKind.BINARY) -> tuple[str, ...]:
    """The parts of a score, as they stand in the corner of its diagram."""
    is_binary = kind == PredictionKind.BINARY
    score = _("Brier score %(value)s") if is_binary else _("Brier score per option %(value)s")
    lost = _("miscalibration %(value)s (p = %(p)s)") if tested else _("miscalibration %(value)s")
    p = spell(f"{tested.p_value:.2g}") if tested else ""
    return (
        score % {"value": words.score_words(found.score)},
        lost % {"value": words.score_words(found.miscalibration), "p": p},
        _("discrimination %(value)s") % {"value": words.score_words(found.discrimination)},
        _("uncertainty %(value)s") % {"value": words.score_words(found.uncertainty)},
    )


def headline_reference(rows: Iterable[Reference]) -> Reference | None:
    """The one that is hardest to beat without knowing anything: the base rate, or else the first there is."""
    return next(iter(sorted(rows, key=lambda row: row.forecaster != BASE_RATE)), None)


def _skill(rows: Iterable[Reference]) -> Iterator[str]:
    row = headline_reference(rows)
    if row and row.ratio is not None:
        is_rate = row.forecaster == BASE_RATE
        told = _("skill %(skill)s over base rate") if is_rate else _("skill %(skill)s over even guess")
        yield told % {"skill": words.signed_percent(row.ratio)}


def _bin_row(found: Calibration, row: Bin) -> tuple[str, ...]:
    return (
        words.span(f"{row.low:.0%}", f"{row.high:.0%}"),
        percent(round(row.mean * TICKS)),
        _amount(found, row.weight),
        _amount(found, row.weight_yes),
        words.whole_percent(row.rate),
    )


def _amount(found: Calibration, weight: int) -> str:
    """Forecasts as they are counted: one each, or whole windows of time of which each covers a part."""
    return words.amount(weight / MILLION) if found.query.counting == "time" else count(weight)


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
        chart=lay.dots(
            drawn,
            [_("Said about %(share)s") % {"share": percent(round(said / 100) * 100)} for said, *_rest in drawn],
            [_happened(yes, n) for _said, yes, n, *_rest in drawn],
            spelling=spelling(),
        ),
        title=_("What was said, and how often it happened"),
        desc=" ".join(words.frequency_sentence(THEY_SAID, frequency(group)) for group in found.groups),
        caption=str(GROUPS),
        columns=(_("Said"), _("On average"), _("Forecasts"), _("Happened"), _("Share"), _("95 % interval")),
        rows=tuple(_group_row(group) for group in found.groups),
    )


def _happened(yes: int, n: int) -> str:
    told = ngettext("happened %(yes)s of %(n)s times", "happened %(yes)s of %(n)s times", n)
    return told % {"yes": yes, "n": n}


def _held_words(inside: int, n: int) -> str:
    told = ngettext("held %(inside)s of %(n)s times", "held %(inside)s of %(n)s times", n)
    return told % {"inside": inside, "n": n}


def _ends(rate: Estimate) -> tuple[float, float]:
    """The interval of a rate, kept within 0 and 1; the rate itself where there is none."""
    low, high = (rate.value if end is None else min(max(end, 0.0), 1.0) for end in (rate.low, rate.high))
    return low, high


def _group_row(group: Group) -> tuple[str, ...]:
    said, happened, of = frequency(group)
    return (
        words.span(percent(group.low), percent(group.high)),
        percent(said),
        count(of),
        count(happened),
        words.whole_percent(group.rate.value),
        words.interval_percent(group.rate.low, group.rate.high) or _("none"),
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
        (
            words.span(words.whole_percent(n * step / 100), words.whole_percent((n + 1) * step / 100)),
            words.amount(fell),
            words.whole_percent(share),
        )
        for n, (fell, share) in enumerate(zip(counts, found.shares, strict=True))
    )
    return Figure(
        kind="pit",
        id="spread",
        chart=histogram.pit(
            counts,
            (found.low * found.n, found.high * found.n),
            where=_("Where the outcome fell in the forecast range"),
            spelling=spelling(),
        ),
        title=ngettext(
            "Where %(n)s outcome fell in the forecasts", "Where %(n)s outcomes fell in the forecasts", found.n
        )
        % {"n": count(found.n)},
        desc="; ".join(f"{where}: {share}" for where, _, share in rows) + ".",
        caption=str(SPREAD),
        columns=(_("Of the forecast"), _("Outcomes"), _("Share")),
        rows=rows,
    )


def _held(rows: tuple[Held, ...]) -> Figure:
    drawn = [(round(row.nominal * TICKS), row.inside, row.n, *_ends(row.rate)) for row in rows]
    return Figure(
        kind="groups",
        id="intervals",
        chart=lay.dots(
            drawn,
            [_("The middle %(share)s") % {"share": words.whole_percent(row.nominal)} for row in rows],
            [_held_words(row.inside, row.n) for row in rows],
            spelling=spelling(),
        ),
        title=_("How often intervals held what happened"),
        desc=" ".join(words.held_sentence(row.nominal, row.inside, row.n) for row in rows),
        caption=str(INTERVALS),
        columns=(_("Interval"), _("Held"), _("Of"), _("Share"), _("95 % interval")),
        rows=tuple(
            (
                _("middle %(share)s") % {"share": words.whole_percent(row.nominal)},
                count(row.inside),
                count(row.n),
                words.whole_percent(row.rate.value),
                words.interval_percent(row.rate.low, row.rate.high) or _("none"),
            )
            for row in rows
        ),
    )
