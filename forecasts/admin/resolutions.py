"""Proposals, decided on one page, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from forecasts.actions import accept_proposal, close_dispute, reject_proposal
from forecasts.models import (
    Dispute,
    DisputeStatus,
    Finding,
    Proposal,
    ProposalFinding,
    ProposalStatus,
    RejectReason,
    Resolution,
)
from forecasts.queries.proposal_page import proposal_page

from .assessments import readiness_badge
from .base import OF_PREDICTION, Acting, ReadOnlyAdmin, Verb
from .evidence import quote_in_context, warnings_of
from .fields import RowForm
from .periods import by_period


class AcceptForm(RowForm):
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="For readers. For a correction say what changed and why; empty keeps the proposal's rationale.",
    )


def _accept(acting: Acting, row: Proposal, given: Mapping[str, Any]) -> str:
    resolution = accept_proposal(proposal=row, note=given["note"], at=acting.at, by=acting.by)
    return f"Accepted: {resolution}. Scores follow."


class RejectForm(RowForm):
    reason = forms.ChoiceField(choices=RejectReason.choices)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 80}))


def _reject(acting: Acting, row: Proposal, given: Mapping[str, Any]) -> str:
    reject_proposal(proposal=row, reason=given["reason"], note=given["note"], at=acting.at, by=acting.by)
    return "Rejected; the reason stays in the record."


def _waits(row: Proposal) -> bool:
    return row.status == ProposalStatus.WAITING


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ("prediction", "result", "proposer", "proposed_at", "status")
    list_filter = (by_period("proposed_at"), "status")
    list_select_related = ("prediction", "by_user")
    list_reads = ("outcome", "void_reason", "by_rule", "by_user__username", "proposed_at", "status", *OF_PREDICTION)
    verbs = (
        Verb("accept", "Accept", "resolve_predictions", AcceptForm, _accept, _waits),
        Verb("reject", "Reject or not yet", "resolve_predictions", RejectForm, _reject, _waits),
    )
    change_form_template = "desk/proposal.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        return super().get_queryset(request).select_related("prediction__article", "by_user", "decided_by")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was said on one side, what was found on the other, and the decision below: no form of the row itself."""
        row = self.get_object(request, object_id) if object_id else None
        shown = self._shown(request, row) if row else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def _shown(self, request: HttpRequest, row: Proposal) -> dict[str, Any]:
        page = proposal_page(row)
        may = [verb for verb in self.verbs if request.user.has_perm(f"forecasts.{verb.right}")]
        return {
            "page": page,
            "title": "Proposal",
            "clauses": [_clause(each) for each in page.clauses],
            "decisions": [(verb, verb.form(row, auto_id=f"{verb.name}_%s")) for verb in may],
            "enough": readiness_badge(row.prediction),
        }

    @admin.display(description="proposed outcome")
    def result(self, row: Proposal) -> str:
        return row.result_words

    @admin.display(description="proposed by")
    def proposer(self, row: Proposal) -> str:
        return row.proposer_words


@dataclass(frozen=True)
class ShownClause:
    """A finding with its quote in context, and the clause it satisfies."""

    finding: Finding
    clause: str
    quote: SafeString
    warnings: SafeString


def _clause(row: ProposalFinding) -> ShownClause:
    return ShownClause(row.finding, row.clause, quote_in_context(row.finding), warnings_of(row.finding))


@admin.register(Resolution)
class ResolutionAdmin(ReadOnlyAdmin):
    list_display = ("prediction", "result_words", "known_at", "resolved_at", "supersedes")
    list_select_related = ("prediction", "supersedes__prediction")
    list_reads = (
        "outcome", "void_reason", "known_at", "resolved_at", "supersedes__outcome", "supersedes__void_reason",
        *OF_PREDICTION, *(f"supersedes__{name}" for name in OF_PREDICTION),
    )  # fmt: skip
    search_fields = ("prediction__statement",)
    list_filter = (by_period("resolved_at"),)


class AnswerForm(RowForm):
    status = forms.ChoiceField(choices=[("answered", "answer"), ("dismissed", "dismiss")])
    answer = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "cols": 80}), help_text="Readers see it.")


def _answer(acting: Acting, row: Dispute, given: Mapping[str, Any]) -> str:
    close_dispute(dispute=row, status=given["status"], answer=given["answer"], at=acting.at, by=acting.by)
    return "Answered in public."


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ("prediction", "reason", "due_at", "status")
    ordering = ("due_at", "pk")
    list_filter = ("status", "reason")
    list_select_related = ("prediction",)
    verbs = (
        Verb(
            "answer",
            "Answer",
            "resolve_predictions",
            AnswerForm,
            _answer,
            lambda row: row.status == DisputeStatus.OPEN,
            on_desk=True,
        ),
    )
