"""The track records of rules and assessors: what they proposed and claimed, and what became of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.text import slugify

from forecasts.models import Proposal, ProposalStatus, RejectReason

from .claims import Claims, Confidence, Share, claims_by_assessor, confidence, share
from .score_rows import cluster_of

ASSESSOR = "assessor:"
NO_RESULT = (None, None)


@dataclass(frozen=True)
class Proposals:
    """made = waiting + accepted + rejected + superseded. An editor decided on accepted and rejected ones.

    accepted = standing + overturned: overturned once a correction put another result in the proposed one's place.
    Superseded ones were still waiting when editors settled the prediction themselves; where those came to another
    result, they count as decided, and against it. `agreement` is the share of decided ones that still stand.
    """

    made: int
    waiting: int
    accepted: int
    rejected: int
    superseded: int
    rejected_for: tuple[tuple[str, int], ...]
    overturned: int
    agreement: Share

    @property
    def decided(self) -> int:
        return self.agreement.n

    @property
    def standing(self) -> int:
        return self.agreement.k


@dataclass(frozen=True)
class Assessor:
    """A rule or an assessor by the name under which it proposes, such as `rule:confirming_report`."""

    name: str
    proposals: Proposals
    claims: Claims | None

    @property
    def slug(self) -> str:
        return slugify(self.name.replace(":", "-"))

    @property
    def title(self) -> str:
        """Its name for readers: “Rule: confirming report”."""
        words = self.name.replace(":", ": ").replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def url(self) -> str:
        return f"/assessors/{self.slug}/"

    @cached_property
    def confidence(self) -> Confidence | None:
        """None for a rule, which claims nothing and is as sure of all it proposes."""
        return confidence(self.claims.rows) if self.claims else None


def assessors() -> tuple[Assessor, ...]:
    """Everyone that proposed on, or assessed a report for, a public prediction, by name."""
    made: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    rows = Proposal.objects.filter(by_rule__gt="", prediction__published_at__isnull=False).order_by("pk")
    for row in rows.values(
        "by_rule", "status", "reject_reason", "outcome", "void_reason", "prediction", "prediction__group",
        "prediction__current_resolution__outcome", "prediction__current_resolution__void_reason",
    ):  # fmt: skip
        made[row["by_rule"]].append(row)
    claims = {f"{ASSESSOR}{name}": found for name, found in claims_by_assessor().items()}
    names = sorted({*made, *claims})
    return tuple(Assessor(name, _proposals(made.get(name, ())), claims.get(name)) for name in names)


def assessor(slug: str) -> Assessor | None:
    """One of them; None where none has that slug."""
    return next((row for row in assessors() if row.slug == slug), None)


def _proposals(rows: Sequence[Mapping[str, Any]]) -> Proposals:
    by_status = Counter(row["status"] for row in rows)
    reasons = Counter(str(RejectReason(row["reject_reason"]).label) for row in rows if row["reject_reason"])
    decided = [row for row in rows if _is_decided(row)]
    hits = [
        (row["prediction"], cluster_of(row["prediction"], row["prediction__group"]), _stands(row)) for row in decided
    ]
    agreement = share(hits)
    return Proposals(
        made=len(rows),
        waiting=by_status[ProposalStatus.WAITING],
        accepted=by_status[ProposalStatus.ACCEPTED],
        rejected=by_status[ProposalStatus.REJECTED],
        superseded=by_status[ProposalStatus.SUPERSEDED],
        rejected_for=tuple(sorted(reasons.items(), key=lambda each: (-each[1], each[0]))),
        overturned=by_status[ProposalStatus.ACCEPTED] - agreement.k,
        agreement=agreement,
    )


def _is_decided(row: Mapping[str, Any]) -> bool:
    if row["status"] == ProposalStatus.SUPERSEDED:
        return _result_now(row) not in (NO_RESULT, (row["outcome"], row["void_reason"]))
    return row["status"] in (ProposalStatus.ACCEPTED, ProposalStatus.REJECTED)


def _result_now(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["prediction__current_resolution__outcome"], row["prediction__current_resolution__void_reason"]


def _stands(row: Mapping[str, Any]) -> bool:
    """Whether it was accepted and its result is still the prediction's."""
    return row["status"] == ProposalStatus.ACCEPTED and _result_now(row) == (row["outcome"], row["void_reason"])
