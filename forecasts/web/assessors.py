"""The track record of a rule or an assessor in words and figures; every number comes from queries.assessors."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.charts import denominators, reliability
from forecasts.localised import count, percent, spelling
from forecasts.models import Relation
from forecasts.queries.assessors import Assessor, Proposals
from forecasts.queries.claims import Confidence, Share
from forecasts.scoring.uncertainty import LIST_BELOW, Verdict
from forecasts.scoring.values import TICKS, Bin

from . import words
from .diagrams import corp_figures, described
from .figures import Figure

SAID = {Relation.CONFIRMS: gettext_lazy("said “confirms”"), Relation.REFUTES: gettext_lazy("said “refutes”")}


@dataclass(frozen=True)
class ShareLine:
    """A share as a row of a table; `rate` says so where there are too few to speak of one."""

    label: str
    n: str
    k: str
    rate: str
    interval: str


@dataclass(frozen=True)
class Record:
    """The page of one of them. `interval` is that of the share in the sentence."""

    assessor: Assessor
    sentence: str
    interval: str
    bar: denominators.DenominatorsChart | None
    became: tuple[tuple[str, int], ...]
    claims: tuple[ShareLine, ...]
    brier: str
    verdict: str
    diagram: Figure | None


def record(found: Assessor) -> Record:
    sure, proposals = found.confidence, found.proposals
    spoken = _spoken(found)
    return Record(
        assessor=found,
        sentence=sentence(found),
        interval=_ends(spoken),
        bar=_bar(proposals),
        became=_became(proposals),
        claims=_claims(found),
        brier=_brier(sure) if sure and sure.brier else "",
        verdict=str(words.VERDICT_WORDS[Verdict(sure.verdict)]) if sure else "",
        diagram=_diagram(sure) if sure and sure.corp else None,
    )


def _spoken(found: Assessor) -> Share:
    """What the sentence speaks of: decisions of editors, or before there are any, claims that can be judged."""
    speaks_of_claims = not found.proposals.decided and found.claims and found.claims.settled
    return found.claims.right if speaks_of_claims and found.claims else found.proposals.agreement


def sentence(found: Assessor) -> str:
    """How often what it said still stands, in one sentence, correct for every n."""
    spoken = _spoken(found)
    if not spoken.n:
        return _nothing_yet(found.proposals.made)
    numbers = {name: count(getattr(spoken, name)) for name in ("k", "n", "predictions")}
    told = _decisions(spoken) if spoken is found.proposals.agreement else _judged(spoken)
    if spoken.rate:
        return _("%(told)s (%(share)s).") % {"told": told % numbers, "share": words.whole_percent(spoken.rate.value)}
    few = ngettext(
        "%(told)s: on %(predictions)s prediction, too few to speak of a share, which needs %(least)s.",
        "%(told)s: on %(predictions)s predictions, too few to speak of a share, which needs %(least)s.",
        spoken.predictions,
    )
    return few % {**numbers, "told": told % numbers, "least": LIST_BELOW}


def _decisions(spoken: Share) -> str:
    return ngettext(
        "Of %(n)s proposal that editors decided, %(k)s still stands",
        "Of %(n)s proposals that editors decided, %(k)s still stand",
        spoken.n,
    )


def _judged(spoken: Share) -> str:
    return ngettext(
        "Of %(n)s claim that can be judged by now, %(k)s was right",
        "Of %(n)s claims that can be judged by now, %(k)s were right",
        spoken.n,
    )


def _nothing_yet(made: int) -> str:
    if not made:
        return _("It has proposed nothing yet, and nothing that it claimed can be judged.")
    return ngettext(
        "Its only proposal was neither accepted nor rejected.",
        "None of its %(made)s proposals was accepted or rejected yet.",
        made,
    ) % {"made": count(made)}


def _became(found: Proposals) -> tuple[tuple[str, int], ...]:
    """Every proposal, by what became of it, rejected ones by reason."""
    return (
        (_("accepted, and still stands"), found.standing),
        (_("accepted, and corrected later"), found.overturned),
        *((_("rejected: %(reason)s") % {"reason": reason}, count) for reason, count in found.rejected_for),
        (_("overtaken: editors settled the prediction themselves"), found.superseded),
        (_("waits for an editor"), found.waiting),
    )


def _bar(found: Proposals) -> denominators.DenominatorsChart | None:
    """The shades mean what they mean on scorecards: full for what holds, pale for what is open, warm for our slips."""
    parts = (
        (_("stand"), found.standing),
        (_("wait"), found.waiting),
        (_("corrected later"), found.overturned),
        (_("rejected"), found.rejected),
        (_("overtaken"), found.superseded),
    )
    return denominators.bar(parts) if found.made else None


def _claims(found: Assessor) -> tuple[ShareLine, ...]:
    if found.claims is None:
        return ()
    lines = []
    for claim in found.claims.relations:
        lines.append(_line(str(SAID[Relation(claim.relation)]), claim.said))
        lines.append(_line(_("of these, believed by our rules"), claim.believed))
    return tuple(lines)


def _line(label: str, found: Share) -> ShareLine:
    rate = words.whole_percent(found.rate.value) if found.rate else _("too few")
    return ShareLine(label, count(found.n), count(found.k), rate if found.n else "–", _ends(found))


def _ends(found: Share) -> str:
    return words.interval_percent(found.rate.low, found.rate.high) if found.rate else ""


def _brier(found: Confidence) -> str:
    if found.brier is None:
        return ""
    ends = words.score_interval(found.brier.low, found.brier.high)
    told = (
        _(
            "Taken as the probability that a claim is right, its confidence has a mean Brier score of %(score)s "
            "(95 %% interval %(ends)s): 0 is perfect, and always saying %(even)s gets %(even_score)s."
        )
        if ends
        else _(
            "Taken as the probability that a claim is right, its confidence has a mean Brier score of %(score)s: "
            "0 is perfect, and always saying %(even)s gets %(even_score)s."
        )
    )
    even = {"even": percent(TICKS / 2), "even_score": words.score_words(words.BRIER_OF_EVEN)}
    return told % {"score": words.score_words(found.brier.value), "ends": ends, **even}


def _diagram(found: Confidence) -> Figure | None:
    if found.corp is None:
        return None
    table = found.table
    chart = reliability.diagram(
        [(block.low_tick, block.high_tick, block.rate) for block in found.corp.blocks],
        found.thinned.band if found.thinned else (),
        tuple(zip(table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist(), strict=True)),
        said=_("Its confidence"),
        happened=_("How often it was right"),
        spelling=spelling(),
    )
    return Figure(
        kind="reliability",
        id="confidence",
        chart=chart,
        title=_("Reliability of its confidence"),
        desc=_("Its confidence against how often it was right. %(rows)s") % {"rows": described(found.bins)},
        caption=_(
            "How often claims were right at each level of its confidence: on the diagonal, as often as it was sure. "
            "The pale band is where a perfectly calibrated curve would fall 9 times in 10. The bars count the claims, "
            "by the square root of their number."
        ),
        columns=(_("Confidence"), _("On average"), _("Claims"), _("Right"), _("Share")),
        rows=tuple(_bin_row(row) for row in found.bins),
        figures=corp_figures(found.corp, found.thinned),
        counts=(words.predictions(found.predictions), _claims_counted(found.claims)),
    )


def _claims_counted(n: int) -> str:
    return ngettext("%(n)s claim", "%(n)s claims", n) % {"n": count(n)}


def _bin_row(row: Bin) -> tuple[str, ...]:
    return (
        words.span(f"{row.low:.0%}", f"{row.high:.0%}"),
        percent(round(row.mean * TICKS)),
        count(row.weight),
        count(row.weight_yes),
        words.whole_percent(row.rate),
    )
