"""Proposals and what became of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.actions import accept_proposal, close_dispute, reject_proposal
from forecasts.models import Dispute, DisputeStatus, Proposal, ProposalStatus, RejectReason, Resolution

from .assessments import readiness_badge
from .base import Acting, ReadOnlyAdmin, Verb
from .evidence import quote_in_context, warnings_of
from .fields import RowForm


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
    list_filter = ("status",)
    list_select_related = ("prediction", "by_user")
    date_hierarchy = "proposed_at"
    verbs = (
        Verb("accept", "Accept", "resolve_predictions", AcceptForm, _accept, _waits),
        Verb("reject", "Reject or not yet", "resolve_predictions", RejectForm, _reject, _waits),
    )
    shown = ("statement", "criteria", "result", "proposer", "evidence", "enough")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [
            ("The prediction", {"fields": ("statement", "criteria")}),
            (
                "What is proposed",
                {"fields": ("result", "known_at", "proposer", "proposed_at", "rationale", "confidence")},
            ),
            ("Evidence", {"fields": ("enough", "evidence", "evidence_exception")}),
            ("Decision", {"fields": ("status", "decided_at", "reject_reason", "decision_note")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *self.shown]

    @admin.display(description="proposed outcome")
    def result(self, row: Proposal) -> str:
        return row.result_words

    @admin.display(description="proposed by")
    def proposer(self, row: Proposal) -> str:
        return row.proposer_words

    @admin.display(description="statement")
    def statement(self, row: Proposal) -> SafeString:
        return format_html('<a href="/desk/forecasts/prediction/{}/change/">{}</a>', row.prediction_id, row.prediction)

    @admin.display(description="criteria")
    def criteria(self, row: Proposal) -> str:
        deadline = row.prediction.resolves_by
        return f"{row.prediction.criteria} (deadline {deadline:%Y-%m-%d %H:%M} UTC)" if deadline else ""

    @admin.display(description="findings")
    def evidence(self, row: Proposal) -> SafeString | str:
        clauses = row.clauses.select_related("finding__snapshot", "finding__source")
        parts = (
            (
                each.finding_id,
                each.finding.title,
                f"{each.finding.published_at:%Y-%m-%d %H:%M} UTC" if each.finding.published_at else "undated",
                quote_in_context(each.finding),
                warnings_of(each.finding),
            )
            for each in clauses
        )
        link = '<div><a href="/desk/forecasts/finding/{}/change/">{}</a> ({}){}{}</div>'
        return format_html_join("", link, parts) or "none"

    @admin.display(description="enough to decide")
    def enough(self, row: Proposal) -> SafeString | str:
        return readiness_badge(row.prediction)


@admin.register(Resolution)
class ResolutionAdmin(ReadOnlyAdmin):
    list_display = ("prediction", "result_words", "known_at", "resolved_at", "supersedes")
    list_select_related = ("prediction", "supersedes")
    search_fields = ("prediction__statement",)
    date_hierarchy = "resolved_at"


class AnswerForm(RowForm):
    status = forms.ChoiceField(choices=[("answered", "answer"), ("dismissed", "dismiss")])
    answer = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "cols": 80}), help_text="Readers see it.")


def _answer(acting: Acting, row: Dispute, given: Mapping[str, Any]) -> str:
    close_dispute(dispute=row, status=given["status"], answer=given["answer"], at=acting.at, by=acting.by)
    return "Answered in public."


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ("prediction", "reason", "due_at", "status")
    list_filter = ("status", "reason")
    list_select_related = ("prediction",)
    verbs = (
        Verb(
            "answer", "Answer", "resolve_predictions", AnswerForm, _answer, lambda row: row.status == DisputeStatus.OPEN
        ),
    )
