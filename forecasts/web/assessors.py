"""The track record of a rule or an assessor in words and figures; every number comes from queries.assessors."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.charts import denominators, reliability
from forecasts.language.figures import percent
from forecasts.queries.assessors import Assessor, Proposals
from forecasts.queries.claims import Confidence, Share
from forecasts.scoring.uncertainty import LIST_BELOW
from forecasts.scoring.values import TICKS, Bin

from . import words
from .diagrams import corp_figures, described
from .figures import Figure


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
    numbers = {name: f"{getattr(spoken, name):,}" for name in ("k", "n", "predictions")}
    if spoken is found.proposals.agreement:
        told = ngettext(
            "Of %(n)s proposal that editors decided, %(k)s still stands",
            "Of %(n)s proposals that editors decided, %(k)s still stand",
            spoken.n,
        )
    else:
        told = ngettext(
            "Of %(n)s claim that can be judged by now, %(k)s was right",
            "Of %(n)s claims that can be judged by now, %(k)s were right",
            spoken.n,
        )
    if spoken.rate:
        return f"{told % numbers} ({words.whole_percent(spoken.rate.value)})."
    few = ngettext(
        "on %(predictions)s prediction, too few to speak of a share, which needs %(least)s",
        "on %(predictions)s predictions, too few to speak of a share, which needs %(least)s",
        spoken.predictions,
    )
    return f"{told % numbers}: {few % {**numbers, 'least': LIST_BELOW}}."


def _nothing_yet(made: int) -> str:
    if not made:
        return _("It has proposed nothing yet, and nothing that it claimed can be judged.")
    return ngettext(
        "Its only proposal was neither accepted nor rejected.",
        "None of its %(made)s proposals was accepted or rejected yet.",
        made,
    ) % {"made": f"{made:,}"}


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
        lines.append(_line(_("said “%(relation)s”") % {"relation": claim.relation}, claim.said))
        lines.append(_line(_("of these, believed by our rules"), claim.believed))
    return tuple(lines)


def _line(label: str, found: Share) -> ShareLine:
    rate = words.whole_percent(found.rate.value) if found.rate else _("too few")
    return ShareLine(label, f"{found.n:,}", f"{found.k:,}", rate if found.n else "–", _ends(found))


def _ends(found: Share) -> str:
    return words.interval_percent(found.rate.low, found.rate.high) if found.rate else ""


def _brier(found: Confidence) -> str:
    if found.brier is None:
        return ""
    ends = words.score_interval(found.brier.low, found.brier.high)
    interval = _(" (95\xa0%% interval %(ends)s)") % {"ends": ends} if ends else ""
    return _(
        "Taken as the probability that a claim is right, its confidence has a mean Brier score of "
        "%(score)s%(interval)s: 0 is perfect, and always saying 50\xa0%% gets 0.250."
    ) % {"score": words.score_words(found.brier.value), "interval": interval}


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
        counts=(words.counted(found.predictions, "prediction"), words.counted(found.claims, "claim")),
    )


def _bin_row(row: Bin) -> tuple[str, ...]:
    return (
        f"{row.low:.0%} to {row.high:.0%}",
        percent(round(row.mean * TICKS)),
        f"{row.weight:,}",
        f"{row.weight_yes:,}",
        words.whole_percent(row.rate),
    )
