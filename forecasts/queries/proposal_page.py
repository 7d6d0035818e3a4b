"""What an approver looks at before deciding a proposal: what was said on one side, what was found on the other."""

from dataclasses import dataclass

from forecasts.models import Forecast, Proposal, ProposalFinding, ProposalStatus

LATEST = 5


@dataclass(frozen=True)
class ProposalPage:
    """`earlier` and `later` are the neighbours among those that wait, in the order of the desk."""

    proposal: Proposal
    clauses: tuple[ProposalFinding, ...]
    forecasts: tuple[Forecast, ...]
    earlier: int | None
    later: int | None

    @property
    def is_waiting(self) -> bool:
        return self.proposal.status == ProposalStatus.WAITING


def proposal_page(proposal: Proposal) -> ProposalPage:
    clauses = proposal.clauses.select_related("finding__snapshot", "finding__source").order_by("pk")
    forecasts = proposal.prediction.forecasts.select_related("forecaster", "prediction").order_by("-issued_at", "-pk")
    order = Proposal.objects.filter(status=ProposalStatus.WAITING).exclude(pk=proposal.pk)
    before = order.filter(proposed_at__lte=proposal.proposed_at).order_by("-proposed_at", "-pk")
    after = order.filter(proposed_at__gt=proposal.proposed_at).order_by("proposed_at", "pk")
    return ProposalPage(
        proposal=proposal,
        clauses=tuple(clauses),
        forecasts=tuple(forecasts[:LATEST]),
        earlier=before.values_list("pk", flat=True).first(),
        later=after.values_list("pk", flat=True).first(),
    )
