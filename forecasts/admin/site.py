"""The desk: the admin's front page is what waits for an editor."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.validators import MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone

from forecasts.jobs.digest_text import recap_text
from forecasts.queries.desk import desk
from forecasts.queries.recap import recap

EARLIEST = dt.date(1900, 1, 1)


class WeekForm(forms.Form):
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), validators=[MinValueValidator(EARLIEST)])

    def end(self, today: dt.date) -> dt.datetime:
        """The end of the day that was given, in UTC; else of `today`."""
        day: dt.date = self.cleaned_data["until"] if self.is_valid() else today
        return dt.datetime.combine(min(day, today), dt.time.min, dt.UTC) + dt.timedelta(days=1)


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

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("recap/", self.admin_view(self.recap_view), name="recap"), *super().get_urls()]

    def recap_view(self, request: HttpRequest) -> HttpResponse:
        """The draft of a week's recap, seven days up to the end of today or of the day that was asked for."""
        if not request.user.has_perm("forecasts.view_prediction"):
            raise PermissionDenied
        form = WeekForm(request.GET or None)
        found = recap(form.end(timezone.now().date()))
        context = {
            **self.each_context(request),
            "title": "Recap of a week",
            "form": form,
            "recap": found,
            "text": recap_text(found, settings.SITE_URL),
        }
        return render(request, "desk/recap.html", context)
