"""The desk: the admin's front page is what waits for an editor."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from forecasts.queries.desk import desk


class DeskSite(AdminSite):
    site_header = "Reckoner desk"
    site_title = "Reckoner desk"
    index_title = "Desk"
    index_template = "desk/index.html"
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        found = desk(timezone.now())
        title = f"Desk ({found.waiting})" if found.waiting else "Desk"
        return super().index(request, {**(extra_context or {}), "desk": found, "title": title})
