"""Predictions: logged as drafts, amended with a version, opened, forecast, watched, and proposed for resolution."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.actions import (
    amend_prediction,
    log_prediction,
)
from forecasts.actions.values import place_of
from forecasts.errors import Refused
from forecasts.models import EvidenceSource, Prediction, place_text
from forecasts.queries.linting import lint_prediction
from forecasts.queries.prediction_page import checked_words

from .assessments import readiness_badge
from .base import Acting, ActionAdmin, ActionForm, show_refusal
from .bulk import assign_topic, check_sources, close_early, export_ids, remind_editors
from .fields import LinesField
from .filters import TopicFilter
from .ladders import alike_list
from .periods import by_period
from .prediction_verbs import VERBS, is_draft

CRITERIA = ("statement", "kind", "criteria", "fine_print", "resolution_source")
DATES = (
    "opens_at",
    "closes_at",
    "resolves_by",
    "resolves_by_precision",
    "resolves_by_wording",
    "resolves_by_rule",
    "cannot_resolve_early",
)
RANGE = ("options", "options_ordered", "range_min", "range_max", "open_below", "open_above", "log_scale")
ENDS = ("range_min", "range_max")
ORIGIN = ("article", "quote", "rationale", "group")
SUGGESTED = (
    "suggested_forecaster",
    "suggested_tick",
    "suggested_basis",
    "suggested_wording",
    "suggested_wording_table",
    "suggested_rule",
)


class PredictionForm(ActionForm):
    options = LinesField(required=False, help_text="For a choice: 2 to 100 options, one per line.")
    range_min = forms.CharField(
        required=False, label="Range from", help_text="For a number such as 0, or for a date such as 2026-12-31."
    )
    range_max = forms.CharField(
        required=False, label="Range to", help_text="Such as 200; of a date the limit, such as 2030-12-31."
    )
    reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="Why the criteria or dates change. Needed once there is a forecast; readers see it.",
    )

    class Meta:
        model = Prediction
        fields = (*CRITERIA, *DATES, *RANGE, *ORIGIN, *SUGGESTED, "topics")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ENDS:
            if (end := self.initial.get(name)) is not None:
                self.initial[name] = place_text(self.instance.kind, end)

    def clean(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        for name in ENDS:
            try:
                cleaned[name] = place_of(cleaned.get("kind", ""), cleaned[name], name) if cleaned.get(name) else None
            except Refused as refused:
                show_refusal(self, refused)
        return super().clean()


@admin.register(Prediction)
class PredictionAdmin(ActionAdmin):
    right = "keep_predictions"
    form = PredictionForm
    list_display = ("statement", "status", "deadline", "suggested")
    list_reads = ("statement", "status", "resolves_by", "suggested_tick")
    list_filter = (by_period("resolves_by", grows=False), "status", "kind", TopicFilter)
    search_fields = ("statement", "criteria", "slug")
    actions = (assign_topic, close_early, remind_editors, check_sources, export_ids)
    verbs = VERBS
    overview = ("lint", "alike", "forecast_list", "source_list", "evidence_list", "enough", "version_list")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        sets: list[Any] = [
            (None, {"fields": (*CRITERIA, "topics", *(("reason",) if obj else ()))}),
            ("Dates", {"fields": DATES}),
            ("Where it was said", {"fields": ORIGIN}),
            ("Suggested forecast, issued on opening", {"fields": SUGGESTED, "classes": ("collapse",)}),
            ("Options and range", {"fields": RANGE, "classes": () if obj and obj.kind != "binary" else ("collapse",)}),
        ]
        return [("At a glance", {"fields": self.overview}), *sets] if obj else sets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.overview if obj else ()

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        given = dict(form.cleaned_data)
        topics, reason = given.pop("topics"), given.pop("reason")
        if not change:
            return log_prediction(prediction=row, topics=topics, at=acting.at, by=acting.by)
        changes = {name: given[name] for name in form.changed_data if name in given}
        return amend_prediction(
            prediction=row, changes=changes, topics=topics, reason=reason, at=acting.at, by=acting.by
        )

    @admin.display(description="deadline", ordering="resolves_by")
    def deadline(self, row: Prediction) -> str:
        return f"{row.resolves_by:%Y-%m-%d}" if row.resolves_by else ""

    @admin.display(description="suggested")
    def suggested(self, row: Prediction) -> str:
        return "" if row.suggested_tick is None else f"{row.suggested_tick / 100:g} %"

    @admin.display(description="before opening")
    def lint(self, row: Prediction) -> SafeString | str:
        if not is_draft(row):
            return (row.lint_override_reason and f"opened although: {row.lint_override_reason}") or "opened"
        failures = lint_prediction(row)
        lines = ((failure.rule, failure.message, failure.fix) for failure in failures)
        return format_html_join("", "<div><b>{}</b>: {} {}</div>", lines) or "ready to open"

    @admin.display(description="alike, and other deadlines")
    def alike(self, row: Prediction) -> SafeString | str:
        return alike_list(row)

    @admin.display(description="forecasts")
    def forecast_list(self, row: Prediction) -> SafeString | str:
        latest = row.forecasts.select_related("forecaster").order_by("-recorded_at", "-id")[:10]
        lines = ((f"{each.issued_at:%Y-%m-%d %H:%M}", str(each), each.get_provenance_display()) for each in latest)
        return format_html_join("", "<div>{} {} ({})</div>", lines) or "none yet"

    @admin.display(description="sources watched")
    def source_list(self, row: Prediction) -> SafeString | str:
        lines = (
            (each.source_id, each.source.title, checked_words(each.source, timezone.now()), _last_good(each.source))
            for each in row.watches.select_related("source").order_by("pk")
        )
        link = '<div><a href="/desk/forecasts/evidencesource/{}/change/">{}</a> ({}{})</div>'
        return format_html_join("", link, lines) or "none"

    @admin.display(description="evidence")
    def evidence_list(self, row: Prediction) -> SafeString | str:
        lines = ((each.pk, each.title, each.get_stance_display(), each.review) for each in row.findings.all()[:20])
        link = '<div><a href="/desk/forecasts/finding/{}/change/">{}</a> ({}, {})</div>'
        return format_html_join("", link, lines) or "none yet"

    @admin.display(description="enough to decide")
    def enough(self, row: Prediction) -> SafeString | str:
        return readiness_badge(row)

    @admin.display(description="versions")
    def version_list(self, row: Prediction) -> SafeString:
        lines = (
            (
                each.number,
                f"{each.at:%Y-%m-%d %H:%M}",
                ", ".join(each.new) if each.old else "logged",
                format_html(" “{}”", each.reason) if each.reason else "",
            )
            for each in row.versions.order_by("-number")
        )
        return format_html_join("", "<div>{} of {}: {}{}</div>", lines)


def _last_good(source: EvidenceSource) -> str:
    checked = source.last_good_check_at
    return f", last checked well {checked:%Y-%m-%d %H:%M} UTC" if checked else ""
