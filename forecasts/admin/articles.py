"""Articles: pasted or uploaded as they arrive, repaired, and their predictions logged as drafts."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.actions import amend_article
from forecasts.models import Article

from .base import Acting, ActionAdmin
from .pasting import paste_view
from .periods import by_period


@admin.register(Article)
class ArticleAdmin(ActionAdmin):
    right = "keep_predictions"
    list_display = ("title", "publisher", "published_at", "imported_at")
    list_reads = list_display
    ordering = ("-pk",)
    list_filter = (by_period("imported_at"),)
    search_fields = ("title", "publisher")
    readonly_fields = ("publisher", "url", "milestone_list", "prediction_list", "archived_text", "text_sha256")
    summary = ("headline", "what_changed", "why_it_matters", "what_to_do_next", "who_should_care")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return paste_view(request, {**self.admin_site.each_context(request), "opts": self.opts})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
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

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        return amend_article(article=row, at=acting.at, by=acting.by)

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
        return format_html('<pre class="archived" tabindex="0" role="region" aria-label="Text">{}</pre>', row.text)
