"""What every admin page here has in common: it saves through an action, deletes nothing, and shows the ledger."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, Model, TextField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst

from forecasts.errors import Refused
from forecasts.models import LedgerEntry

from .fields import MomentInput
from .lists import DeskList, FirstPages, filter_view
from .rows import RowField, RowsField

OF_PREDICTION = tuple(
    f"prediction__{name}"
    for name in ("statement", "kind", "options", "range_min", "range_max", "open_below", "open_above")
)
"""What a prediction's name and the words for its outcomes and its values follow from."""
CHECKBOX = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="Select for an action: {}">'


@dataclass(frozen=True)
class Acting:
    """Who acts, and when: captured once per request and passed to the action."""

    by: User
    at: dt.datetime


def acting(request: HttpRequest) -> Acting:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return Acting(by=request.user, at=timezone.now())


def show_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Put each problem beside its field, `spec.text` beside `spec`; at the top when the form has no such field."""
    for problem in refused.problems:
        field = problem.field.partition(".")[0]
        form.add_error(field if field in form.fields else None, str(problem))


@dataclass(frozen=True)
class Verb:
    """Something that can be done to a row: a button, a small form, and the action behind it.

    `run` gets who acts, the row and the cleaned form; it returns what to tell the editor.
    """

    name: str
    label: str
    right: str
    form: Callable[..., forms.Form]
    run: Callable[[Acting, Any, Mapping[str, Any]], str]
    fits: Callable[[Any], bool] = lambda row: True
    on_desk: bool = False  # offered beside a row that waits there
    at_once: bool = False  # nothing has to be filled in: a click does it


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]  # one base for the forms of all models
    """A model form that leaves what may be written to the action, and shows what the action refused."""

    refused: Refused | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # The action names field, value and what is accepted; the constraint behind it could only name itself.
        self._validate_constraints = False
        if self.refused:
            show_refusal(self, self.refused)
        return cleaned


class ActionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # one base for the admins of all models
    """Base of all admins here. `right` is needed to add and change; None makes the noun read-only."""

    form = ActionForm
    right: str | None = None
    may_add = True
    verbs: tuple[Verb, ...] = ()
    change_list_template = "desk/change_list.html"
    change_form_template = "desk/change_form.html"
    object_history_template = "desk/history.html"
    formfield_overrides = {  # noqa: RUF012 -- Django's own way to say it
        TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 80})},
        DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": MomentInput},
    }
    show_full_result_count = False
    list_per_page = 25
    paginator = FirstPages
    list_reads: tuple[str, ...] = ()

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        """Call the action that this noun is saved by, and return its row."""
        raise PermissionDenied

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        saved = self.perform(acting(request), obj, form, change)
        obj.__dict__.update(saved.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Whatever hangs on the row was the action's business."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The ledger is the log."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The ledger is the log."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the links beside a related row, which need a script."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Any number of rows can be chosen from, and no script is needed."""
        return self._row_field(RowField, db_field)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self._row_field(RowsField, db_field)

    def _row_field(self, field: type[RowField | RowsField], db_field: Any) -> RowField | RowsField:
        model = db_field.remote_field.model
        return field(
            model._default_manager.all(),
            tuple(self.admin_site.get_model_admin(model).search_fields),
            required=not db_field.blank,
            label=capfirst(db_field.verbose_name),
            help_text=db_field.help_text,
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskList]:
        return DeskList

    def action_checkbox(self, obj: Any) -> SafeString:
        """Written here, since a widget's template for each row is a third of the time of a list."""
        return SafeString(CHECKBOX.format(ACTION_CHECKBOX_NAME, obj.pk, escape(str(obj))))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.right is not None and request.user.has_perm(f"forecasts.{self.right}")

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """For bulk actions that have sources checked."""
        return request.user.has_perm("forecasts.operate_sources")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A refusal by the action rolls everything back and shows the form again, the reasons beside the fields."""
        context = {**(extra_context or {}), "verbs": self._open_verbs(request, object_id)}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except Refused as refused:
            request.refused = refused  # type: ignore[attr-defined]  # read by get_form below
            return super().changeform_view(request, object_id, form_url, context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def get_urls(self) -> list[URLPattern]:
        noun, guarded = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        return [
            path("<int:pk>/do/<slug:verb>/", guarded(self.verb_view), name=f"{noun}_do"),
            path("filter/", guarded(partial(filter_view, self)), name=f"{noun}_filter"),
            *super().get_urls(),
        ]

    def _open_verbs(self, request: HttpRequest, object_id: str | None) -> list[Verb]:
        row = self.get_object(request, object_id) if object_id else None
        return [verb for verb in self.verbs if self.may_do(request, verb, row)] if row else []

    def may_do(self, request: HttpRequest, verb: Verb, row: Any) -> bool:
        """Whether who asks may, and `row` is as the verb needs it."""
        return request.user.has_perm(f"forecasts.{verb.right}") and verb.fits(row)

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """The small form of a verb. What the action refuses is shown beside the fields, and nothing was written."""
        row = self.get_object(request, str(pk))
        chosen = next((each for each in self.verbs if each.name == verb), None)
        if row is None or chosen is None:
            raise PermissionDenied
        if not self.may_do(request, chosen, row):
            return self._too_late(request, chosen, row)
        form = chosen.form(row, data=request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                messages.success(request, chosen.run(acting(request), row, form.cleaned_data))
                return HttpResponseRedirect(reverse("admin:index") if "desk" in request.POST else self.page_of(row))
            except Refused as refused:
                show_refusal(form, refused)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "verb": chosen,
            "form": form,
            "title": chosen.label,
        }
        return render(request, "desk/verb.html", context)

    def _too_late(self, request: HttpRequest, verb: Verb, row: Model) -> HttpResponse:
        """A click on a desk that has stood open: somebody, or the click before, was first."""
        if "desk" not in request.POST or not request.user.has_perm(f"forecasts.{verb.right}"):
            raise PermissionDenied
        messages.warning(request, f"{verb.label}: nothing was done; it was decided already: {Truncator(row).chars(80)}")
        return HttpResponseRedirect(reverse("admin:index"))

    def page_of(self, row: Model) -> str:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the ledger says of this row."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        entries = LedgerEntry.objects.filter(subject=f"{self.ledger_name}:{row.pk}").order_by("-seq")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "entries": entries,
            "title": f"Ledger: {row}",
        }
        return render(request, self.object_history_template, context)

    @property
    def ledger_name(self) -> str:
        return str(self.opts.model_name)


class ReadOnlyAdmin(ActionAdmin):
    """A noun that only actions and workers write. The newest rows come first, in the order of their numbers."""

    may_add = False
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.fields]
