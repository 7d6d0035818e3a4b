"""Watches, checks, snapshots, findings."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.actions import review_finding, save_watch
from forecasts.evidence.changes import Change
from forecasts.models import Check, Finding, FoundBy, LinkedArticle, Review, Snapshot, Watch
from forecasts.queries.page_changes import page_changes
from forecasts.queries.stories import story_of

from .assessments import assessments_of
from .base import Acting, ActionAdmin, ActionForm, ReadOnlyAdmin, Verb
from .fields import HELP_GROUPS, GroupsField, RowForm, RuleField, TermsField
from .periods import by_period

SHOWN_TEXT = 20_000
SHOWN_CHANGES = 50


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
    list_reads = ("since", "prediction__statement", "source__title")
    list_select_related = ("prediction", "source")

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        return save_watch(watch=row, at=acting.at, by=acting.by)


@admin.register(Check)
class CheckAdmin(ReadOnlyAdmin):
    list_display = ("source", "due_at", "status", "items", "error_code")
    list_filter = (by_period("due_at"), "status")
    list_select_related = ("source",)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("sha256", "media_type", "size", "url", "fetched_at", "fault")
    list_filter = (("fault", admin.EmptyFieldListFilter),)
    search_fields = ("sha256", "url")
    fields = (
        *("sha256", "media_type", "size", "url", "final_url", "fetched_at", "verified_at", "fault"),
        *("record", "seen_text"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        """Lists do without the texts; a page of one row reads it when it shows it."""
        return super().get_queryset(request).defer("text", "record")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "seen_text"]

    @admin.display(description="text")
    def seen_text(self, row: Snapshot) -> SafeString:
        return format_html(
            '<pre class="archived" tabindex="0" role="region" aria-label="Text">{}</pre>', row.text[:SHOWN_TEXT]
        )


KEEPS = "keep_predictions"
AT_THE_DESK = {"on_desk": True, "at_once": True}


def _accept(acting: Acting, row: Finding, given: Mapping[str, Any]) -> str:
    review_finding(finding=row, review=Review.ACCEPTED, at=acting.at, by=acting.by)
    return "Accepted as evidence."


def _dismiss(acting: Acting, row: Finding, given: Mapping[str, Any]) -> str:
    review_finding(finding=row, review=Review.DISMISSED, at=acting.at, by=acting.by)
    return "Dismissed; it stays in the record."


def _is_not(review: Review) -> Callable[[Finding], bool]:
    return lambda row: row.review != review


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ("title", "prediction", "found_by", "stance", "relevance", "review", "found_at")
    list_reads = ("title", "found_by", "stance", "relevance", "review", "found_at", "prediction__statement")
    list_filter = ("review", "found_by", "stance")
    search_fields = ("title", "quote")
    list_select_related = ("prediction",)
    fields = (
        "prediction",
        "title",
        "url",
        "published_at",
        "in_context",
        "beware",
        "assessed",
        "why",
        "found_by",
        "stance",
        "relevance",
        "told_by",
        "changes",
        "review",
        "reviewed_by",
        "source",
        "snapshot",
        "behind_link",
    )
    verbs = (
        Verb("accept", "Accept as evidence", KEEPS, RowForm, _accept, _is_not(Review.ACCEPTED), **AT_THE_DESK),
        Verb("dismiss", "Dismiss", KEEPS, RowForm, _dismiss, _is_not(Review.DISMISSED), **AT_THE_DESK),
    )

    shown = ("in_context", "beware", "told_by", "changes", "behind_link", "assessed")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without those that would be empty."""
        empty = {"beware": obj and not obj.warnings, "changes": obj and not page_changes(obj)}
        return [name for name in self.fields if not empty.get(name)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *self.shown]

    @admin.display(description="beware")
    def beware(self, row: Finding) -> SafeString:
        return warnings_of(row)

    @admin.display(description="same story")
    def told_by(self, row: Finding) -> SafeString | str:
        story = story_of(row).exclude(pk=row.pk)
        links = ((reverse("admin:forecasts_finding_change", args=(other.pk,)), other.title) for other in story)
        return format_html_join("", '<p><a href="{}">{}</a></p>', links) or "told here only"

    @admin.display(description="what changed on the page")
    def changes(self, row: Finding) -> SafeString:
        """Gone as deleted, new as inserted text; a block worded anew is both."""
        found = page_changes(row)
        shown = format_html_join("", "{}", ((_change(each),) for each in found[:SHOWN_CHANGES]))
        left = len(found) - SHOWN_CHANGES
        return format_html("{}{}", shown, f"and {left} more" if left > 0 else "")

    @admin.display(description="quote in context")
    def in_context(self, row: Finding) -> SafeString:
        return quote_in_context(row)

    @admin.display(description="article behind it")
    def behind_link(self, row: Finding) -> str:
        return words_of_link(row)

    @admin.display(description="assessments")
    def assessed(self, row: Finding) -> SafeString | str:
        return assessments_of(row)


def quote_in_context(row: Finding) -> SafeString:
    """The quote, marked, with what stands around it in its item."""
    text, start, end = row.snapshot.text, row.quote_start, row.quote_end
    first, last = row.item_start or 0, row.item_end or len(text)
    before, after = text[max(first, start - 200) : start], text[end : min(last, end + 300)]
    return format_html("<blockquote>{}<mark>{}</mark>{}</blockquote>", before, text[start:end], after)


def words_of_link(row: Finding) -> str:
    """What became of the article that a finding links to."""
    link = LinkedArticle.objects.filter(finding=row).first()
    if link is None:
        return "not followed"
    failed = f"{link.error_code}: {link.error}"
    if link.read_at:
        said = row.prediction.findings.filter(found_by=FoundBy.LINK, found_at=link.read_at).first()
        return f"read at {link.read_at:%Y-%m-%d %H:%M}; " + (f"it is finding {said.pk}" if said else "it adds nothing")
    if link.next_try_at is None:
        return f"given up; {failed}"
    waits = f"to be read from {link.next_try_at:%Y-%m-%d %H:%M} on"
    return f"{waits}; the last try failed, {failed}" if link.error_code else waits


def _change(change: Change) -> SafeString:
    gone = format_html("<del>{}</del>", change.old) if change.old else ""
    come = format_html("<ins>{}</ins>", change.new) if change.new else ""
    return format_html('<p class="change">{} {}</p>', gone, come)


def warnings_of(row: Finding) -> SafeString:
    return format_html_join("", '<p class="beware">{}</p>', ((text,) for text in row.warnings))
