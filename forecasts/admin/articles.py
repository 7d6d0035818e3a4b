"""Articles: pasted or uploaded as they arrive, repaired, and their predictions logged as drafts."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.actions import amend_article
from forecasts.errors import Refused
from forecasts.imports.article import ImportedArticle, import_article
from forecasts.models import Article

from .base import Acting, ActionAdmin, ActionForm
from .fields import moment


class PasteForm(ActionForm):
    """An article as it arrives: pasted text or HTML, or a file."""

    text = forms.CharField(
        label="Article text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "cols": 90}),
        help_text="Text or HTML in the insight layout. Text that was decoded wrongly is repaired.",
    )
    file = forms.FileField(required=False, help_text="Or upload the file as it is.")
    published_at = moment(help_text="UTC. Relative dates such as “within two years” count from it.")

    class Meta:
        model = Article
        fields = ("url", "published_at")


@admin.register(Article)
class ArticleAdmin(ActionAdmin):
    right = "keep_predictions"
    list_display = ("title", "publisher", "published_at", "imported_at")
    list_filter = ("publisher",)
    search_fields = ("title", "publisher")
    date_hierarchy = "imported_at"
    readonly_fields = ("publisher", "url", "milestone_list", "prediction_list", "archived_text", "text_sha256")
    summary = ("headline", "what_changed", "why_it_matters", "what_to_do_next", "who_should_care")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = PasteForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("text", "file", "published_at", "url")
        amendable = ("title", "byline", "published_at", *self.summary)
        return (
            "title",
            "publisher",
            "url",
            *amendable[1:],
            "milestone_list",
            "prediction_list",
            "archived_text",
            "text_sha256",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        if change:
            return amend_article(article=row, at=acting.at, by=acting.by)
        given = form.cleaned_data
        data = given["file"].read() if given["file"] else given["text"]
        if not data:
            raise Refused("text", "", "paste the article, or choose a file")
        found = import_article(data, published_at=given["published_at"], url=given["url"], at=acting.at, by=acting.by)
        form.imported = found
        return found.article

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if imported := getattr(form, "imported", None):
            messages.info(request, _told(imported))

    @admin.display(description="milestones")
    def milestone_list(self, row: Article) -> SafeString:
        return format_html_join("", "<div>{}</div>", ((str(milestone),) for milestone in row.milestones.all()))

    @admin.display(description="predictions made here")
    def prediction_list(self, row: Article) -> SafeString:
        rows = (
            (f"/desk/forecasts/prediction/{each.pk}/change/", str(each), each.status) for each in row.predictions.all()
        )
        return format_html_join("", '<div><a href="{}">{}</a> ({})</div>', rows)

    @admin.display(description="archived text")
    def archived_text(self, row: Article) -> SafeString:
        return format_html('<pre class="archived">{}</pre>', row.text)


def _told(found: ImportedArticle) -> str:
    repaired = f"{found.repaired_runs} damaged runs of text were repaired. " if found.repaired_runs else ""
    blocked = sum(1 for logged in found.drafts if logged.failures)
    return (
        f"{repaired}{len(found.drafts)} predictions were logged as drafts; {blocked} of them need work before opening."
    )
