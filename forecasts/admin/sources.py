"""Sources: added, changed, checked now, and tested before they are saved."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from forecasts.actions import check_now, save_source
from forecasts.errors import Refused
from forecasts.jobs.trial import try_source
from forecasts.models import EvidenceSource

from .base import Acting, ActionAdmin, ActionForm, Verb, acting
from .fields import RowForm
from .specs import spec_help
from .trials import TrialPage, trial_page

TEST = "_test"  # the name of the button


def _check_now(acting: Acting, row: EvidenceSource, given: Mapping[str, Any]) -> str:
    if check_now(source=row, at=acting.at, by=acting.by):
        return "It is due now; the next free worker checks it."
    return "It is being checked at this moment."


def _try_again(acting: Acting, row: EvidenceSource, given: Mapping[str, Any]) -> str:
    row.paused, row.paused_reason = False, ""
    save_source(source=row, at=acting.at, by=acting.by)
    return "It counts as healthy again and is due now."


class SourceForm(ActionForm):
    spec = forms.JSONField(required=False, widget=forms.Textarea(attrs={"rows": 4, "cols": 80, "spellcheck": "false"}))
    is_tested = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spec"].help_text = format_html("A JSON object, {{}} where there is nothing to say.{}", spec_help())

    def clean_spec(self) -> Any:
        spec = self.cleaned_data["spec"] or {}
        if not isinstance(spec, dict):
            raise forms.ValidationError('Give a JSON object such as {"text": "summary"}, or nothing.')
        return spec

    def is_valid(self) -> bool:
        """Never after a test fetch: the page is shown again, with what was typed, and nothing is saved."""
        return super().is_valid() and not self.is_tested


@admin.register(EvidenceSource)
class EvidenceSourceAdmin(ActionAdmin):
    right = "operate_sources"
    form = SourceForm
    change_form_template = "desk/source_form.html"
    list_display = ("title", "kind", "last_good_check_at", "next_check_at", "failure_count", "paused")
    list_filter = ("kind", "paused")
    search_fields = ("title", "url")
    status = ("last_good_check_at", "failure_count", "crash_count", "next_check_at", "moved", "last_checks")
    verbs = (
        Verb("check", "Check now", "operate_sources", RowForm, _check_now, lambda row: not row.paused),
        Verb(
            "again",
            "Try again",
            "operate_sources",
            RowForm,
            _try_again,
            lambda row: row.paused or row.failure_count > 0,
            on_desk=True,
            at_once=True,
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = (
            "title", "kind", "url", "spec", "search_all", "weight", "is_primary", "follow_links", "forecaster",
            "interval", "shortest_interval", "paused", "paused_reason",
        )  # fmt: skip
        return (*own, *self.status) if obj else own

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.status if obj else ()

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        return save_source(source=row, at=acting.at, by=acting.by)

    @admin.display(description="moved for good to")
    def moved(self, row: EvidenceSource) -> str:
        return f"{row.moved_to}, as said at the last {row.moved_count} checks" if row.moved_to else "-"

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

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id else None
        may_test = self.has_change_permission(request, row)
        context = {**(extra_context or {}), "may_test": may_test}
        if request.method == "POST" and TEST in request.POST:
            if not may_test:
                raise PermissionDenied
            context["trial"] = self._tested(request, row)
        return super().changeform_view(request, object_id, form_url, context)

    def _tested(self, request: HttpRequest, row: EvidenceSource | None) -> TrialPage | None:
        """What a fetch with the form as it was sent brings; None when it is not even a form that could be saved."""
        form = super().get_form(request, row, change=row is not None)(request.POST, instance=row)
        if not form.is_valid():
            return None
        try:
            return trial_page(try_source(form.save(commit=False), acting(request).by))
        except Refused as refused:
            request.refused = refused  # type: ignore[attr-defined]  # shown beside its field, as when saving
            return None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.is_tested = request.method == "POST" and TEST in request.POST
        return form
