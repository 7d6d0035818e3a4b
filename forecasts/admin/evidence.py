"""Sources, watches, checks, snapshots, findings."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from forecasts.actions import check_now, review_finding, save_source, save_watch
from forecasts.models import Check, EvidenceSource, Finding, Review, Snapshot, Watch

from .assessments import assessments_of
from .base import Acting, ActionAdmin, ActionForm, ReadOnlyAdmin, Verb
from .fields import HELP_GROUPS, GroupsField, RowForm, RuleField, TermsField

SHOWN_TEXT = 20_000


def _check_now(acting: Acting, row: EvidenceSource, given: Mapping[str, Any]) -> str:
    if check_now(source=row, at=acting.at, by=acting.by):
        return "It is due now; the next free worker checks it."
    return "It is being checked at this moment."


@admin.register(EvidenceSource)
class EvidenceSourceAdmin(ActionAdmin):
    right = "operate_sources"
    list_display = ("title", "kind", "last_good_check_at", "next_check_at", "failure_count", "paused")
    list_filter = ("kind", "paused")
    search_fields = ("title", "url")
    status = ("last_good_check_at", "failure_count", "crash_count", "next_check_at", "last_checks")
    verbs = (Verb("check", "Check now", "operate_sources", RowForm, _check_now, lambda row: not row.paused),)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = ("title", "kind", "url", "spec", "interval", "shortest_interval", "paused", "paused_reason")
        return (*own, *self.status) if obj else own

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.status if obj else ()

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        return save_source(source=row, at=acting.at, by=acting.by)

    @admin.display(description="last checks")
    def last_checks(self, row: EvidenceSource) -> SafeString:
        lines = [
            f"{check.due_at:%Y-%m-%d %H:%M:%S}  {check.status}  {check.items} items  {check.error}"
            for check in row.checks.order_by("-due_at")[:10]
        ]
        return format_html("<pre>{}</pre>", "\n".join(lines) or "none yet")

    @property
    def ledger_name(self) -> str:
        return "source"


class WatchForm(ActionForm):
    groups = GroupsField(required=False, help_text=HELP_GROUPS)
    exclusions = TermsField(required=False)
    confirms = GroupsField(required=False, help_text="If an item matches all of these too, a rule proposes yes.")
    rule = RuleField(required=False, label="Rule over a data series", help_text="Instead of words.")

    class Meta:
        model = Watch
        fields = ("prediction", "source", "groups", "exclusions", "confirms", "rule")


@admin.register(Watch)
class WatchAdmin(ActionAdmin):
    right = "keep_predictions"
    form = WatchForm
    list_display = ("prediction", "source", "since")
    autocomplete_fields = ("prediction", "source")
    list_select_related = ("prediction", "source")

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        return save_watch(watch=row, at=acting.at, by=acting.by)


@admin.register(Check)
class CheckAdmin(ReadOnlyAdmin):
    list_display = ("source", "due_at", "status", "items", "error_code")
    list_filter = ("status",)
    date_hierarchy = "due_at"
    list_select_related = ("source",)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("sha256", "media_type", "size", "url", "fetched_at")
    search_fields = ("sha256", "url")
    fields = ("sha256", "media_type", "size", "url", "final_url", "fetched_at", "record", "seen_text")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "seen_text"]

    @admin.display(description="text")
    def seen_text(self, row: Snapshot) -> SafeString:
        return format_html('<pre class="archived">{}</pre>', row.text[:SHOWN_TEXT])


def _accept(acting: Acting, row: Finding, given: Mapping[str, Any]) -> str:
    review_finding(finding=row, review=Review.ACCEPTED, at=acting.at, by=acting.by)
    return "Accepted as evidence."


def _dismiss(acting: Acting, row: Finding, given: Mapping[str, Any]) -> str:
    review_finding(finding=row, review=Review.DISMISSED, at=acting.at, by=acting.by)
    return "Dismissed; it stays in the record."


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ("title", "prediction", "stance", "relevance", "review", "found_at")
    list_filter = ("review", "stance")
    search_fields = ("title", "quote")
    list_select_related = ("prediction",)
    fields = (
        "prediction",
        "title",
        "url",
        "published_at",
        "in_context",
        "assessed",
        "why",
        "stance",
        "relevance",
        "review",
        "reviewed_by",
        "source",
        "snapshot",
    )
    verbs = (
        Verb(
            "accept", "Accept as evidence", "keep_predictions", RowForm, _accept, lambda row: row.review != "accepted"
        ),
        Verb("dismiss", "Dismiss", "keep_predictions", RowForm, _dismiss, lambda row: row.review != "dismissed"),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "in_context", "assessed"]

    @admin.display(description="quote in context")
    def in_context(self, row: Finding) -> SafeString:
        return quote_in_context(row)

    @admin.display(description="assessments")
    def assessed(self, row: Finding) -> SafeString | str:
        return assessments_of(row)


def quote_in_context(row: Finding) -> SafeString:
    """The quote, marked, in the text of its snapshot."""
    text, start, end = row.snapshot.text, row.quote_start, row.quote_end
    before, after = text[max(0, start - 200) : start], text[end : end + 300]
    return format_html("<blockquote>{}<mark>{}</mark>{}</blockquote>", before, text[start:end], after)
