"""Import a file: upload it, see what would become of every row, apply what can be taken.

The address of the second page holds the digests of the files and the format, and nothing else: an approver may open it
too, and what is applied is what was shown. Each time it is opened the files are held against what is here then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.actions import (
    Applied,
    Plan,
    PlannedRow,
    RowKind,
    RowState,
    apply_import,
    keep_import_file,
    may_settle,
    plan_import,
)
from forecasts.actions.keep_import_file import MOST_BYTES
from forecasts.errors import Refused
from forecasts.imports.formats import AUTO, FORMATS, read_files
from forecasts.imports.kept import kept_files
from forecasts.models import ImportFile, ImportRun, LedgerEntry

from .base import Acting, ReadOnlyAdmin, acting, show_refusal
from .filters import ChoiceFilter
from .periods import by_period

PER_PAGE = 50
SHOWN = 20
FORMAT_CHOICES = [(AUTO, "Tell from the file"), *((name, module.TITLE) for name, module in FORMATS.items())]
STATES = {
    RowState.NEW: "New",
    RowState.UNCHANGED: "Here already",
    RowState.CONFLICTING: "In conflict",
    RowState.REFUSED: "Refused",
}
KINDS = {
    RowKind.FORECASTER: "Forecasters",
    RowKind.PREDICTION: "Predictions",
    RowKind.FORECAST: "Forecasts",
    RowKind.OUTCOME: "Outcomes",
    RowKind.ROW: "Rows that could not be read",
}


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file, or one and its companions."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given or [None]]


class UploadForm(forms.Form):
    file = FilesField(
        label="File",
        widget=SeveralFiles(attrs={"autofocus": True}),
        help_text="At most 20 MiB. Choose files that belong together at once, such as questions and their resolutions.",
    )
    format = forms.ChoiceField(choices=FORMAT_CHOICES)


class FormatForm(forms.Form):
    format = forms.ChoiceField(choices=FORMAT_CHOICES[1:], label="Read as")


@dataclass(frozen=True)
class Chosen:
    """What the address names."""

    digests: tuple[str, ...]
    format: str

    @classmethod
    def of(cls, given: QueryDict) -> "Chosen":
        return cls(tuple(given.getlist("file")), given.get("format", AUTO))

    def url(self, **more: object) -> str:
        query = [*(("file", digest) for digest in self.digests), ("format", self.format), *more.items()]
        return f"{reverse('admin:forecasts_importrun_check')}?{urlencode(query)}"


@dataclass(frozen=True)
class Line:
    """How many of a kind there are of each state."""

    name: str
    counts: tuple[int, ...]


class FormatFilter(ChoiceFilter):
    title = parameter_name = "format"
    values = tuple(FORMATS)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ("source", "format", "at", "new", "unchanged", "conflicting", "refused")
    list_filter = (by_period("at"), FormatFilter)
    search_fields = ("source", "sha256")
    ledger_name = "import"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("forecasts.keep_predictions")

    def get_urls(self) -> list[URLPattern]:
        check = self.admin_site.admin_view(self.check_view)
        return [path("check/", check, name="forecasts_importrun_check"), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        shown = ["format", "source", "credit", "at", "by", "new", "unchanged", "conflicting", "refused"]
        return [*shown, "left_out", "prediction_list", "ledger_entry", "sha256", "root"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        self._require(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                return HttpResponseRedirect(_kept(request, form).url())
            except Refused as refused:
                show_refusal(form, refused)
        return self._page(request, "desk/import.html", title="Import a file", form=form)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """The dry run, and applying it."""
        self._require(request)
        chosen, who = Chosen.of(request.POST if request.method == "POST" else request.GET), acting(request)
        try:
            bulk = read_files(kept_files(chosen.digests), chosen.format)
            if request.method == "POST":
                return _applied(request, chosen, apply_import(bulk=bulk, at=who.at, by=who.by))
        except Refused as refused:
            more = {"refused": refused, "chosen": chosen, "form": FormatForm(initial={"format": chosen.format})}
            return self._page(request, "desk/import_check.html", title="Import", **more)
        settles = may_settle(who.by)
        plan = plan_import(bulk=bulk, at=who.at, settles=settles)
        return self._show(request, Chosen(chosen.digests, bulk.format), plan, settles=settles)

    def _show(self, request: HttpRequest, chosen: Chosen, plan: Plan, *, settles: bool) -> HttpResponse:
        state = request.GET.get("state", "")
        rows = [row for row in plan.every_row() if state not in STATES or row.state == state]
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return self._page(
            request,
            "desk/import_check.html",
            title=f"Import: {plan.bulk.source}",
            chosen=chosen,
            form=FormatForm(initial={"format": chosen.format}),
            plan=plan,
            new=plan.states[RowState.NEW],
            settles=settles,
            has_outcomes=any(row.kind == RowKind.OUTCOME for row in plan.left_out),
            states=STATES.values(),
            lines=_lines(plan),
            tabs=_tabs(chosen, plan, state),
            rows=[(row, KINDS[row.kind], STATES[row.state]) for row in page],
            page=page,
            around=_around(chosen, page, state),
        )

    def _require(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, **more: Any) -> HttpResponse:
        return render(request, template, {**self.admin_site.each_context(request), "opts": self.opts, **more})

    @admin.display(description="what was left out")
    def left_out(self, row: ImportRun) -> SafeString:
        return format_html_join("", "<div>{} × {}</div>", ((count, reason) for reason, count in row.skipped.items()))

    @admin.display(description="predictions that it brought")
    def prediction_list(self, row: ImportRun) -> SafeString:
        rows = row.predictions.order_by("pk")
        links = format_html_join(
            "",
            '<div><a href="{}">{}</a> ({})</div>',
            (
                (reverse("admin:forecasts_prediction_change", args=[each.pk]), each, each.get_status_display())
                for each in rows[:SHOWN]
            ),
        )
        everything = f"{reverse('admin:forecasts_prediction_changelist')}?import_run__id__exact={row.pk}"
        return format_html('{}<div><a href="{}">All {}</a></div>', links, everything, rows.count())

    @admin.display(description="ledger entry")
    def ledger_entry(self, row: ImportRun) -> SafeString | str:
        entry = LedgerEntry.objects.filter(subject=f"import:{row.pk}").first()
        if entry is None:
            return "none"
        url = reverse("admin:forecasts_ledgerentry_change", args=[entry.pk])
        return format_html('<a href="{}">Entry {}</a>', url, entry.seq)


def _kept(request: HttpRequest, form: UploadForm) -> Chosen:
    who = acting(request)
    given: Sequence[UploadedFile[Any]] = form.cleaned_data["file"]
    rows = [_keep(each, who) for each in given]
    return Chosen(tuple(row.sha256 for row in rows), form.cleaned_data["format"])


def _keep(given: "UploadedFile[Any]", who: Acting) -> ImportFile:
    """Of one that is too large, no more is read than shows it."""
    return keep_import_file(name=given.name or "file", data=given.read(MOST_BYTES + 1), at=who.at, by=who.by)


def _applied(request: HttpRequest, chosen: Chosen, applied: Applied) -> HttpResponse:
    """Say what was done, on the page of the run; where nothing was, on the dry run again."""
    left_out = len(applied.plan.left_out)
    if left_out:
        said = "1 row was" if left_out == 1 else f"{left_out:,} rows were"
        messages.warning(request, f"{said} left out: refused, or in conflict with what is here.")
    if applied.run is None:
        messages.info(request, "Nothing changed: whatever could be taken is here already.")
        return HttpResponseRedirect(chosen.url())
    messages.success(request, f"The file was imported: {applied.run.new:,} new.")
    return HttpResponseRedirect(reverse("admin:forecasts_importrun_change", args=[applied.run.pk]))


def _lines(plan: Plan) -> list[Line]:
    counts = plan.counts
    lines = [Line(name, tuple(counts[kind, state] for state in STATES)) for kind, name in KINDS.items()]
    return [line for line in lines if any(line.counts)]


def _tabs(chosen: Chosen, plan: Plan, state: str) -> list[tuple[str, int, str, bool]]:
    """Label, count, address and whether it is this page, of everything and of each state."""
    states = plan.states
    every = [("Everything", sum(states.values()), chosen.url(), state not in STATES)]
    return every + [(name, states[each], chosen.url(state=each), state == each) for each, name in STATES.items()]


def _around(chosen: Chosen, page: Page[PlannedRow], state: str) -> tuple[str, str]:
    """The addresses of the page before and of the page behind."""
    more = {"state": state} if state in STATES else {}
    before = chosen.url(**more, page=page.previous_page_number()) if page.has_previous() else ""
    behind = chosen.url(**more, page=page.next_page_number()) if page.has_next() else ""
    return before, behind
