"""The desk: the admin's front page is what waits for an editor."""

import datetime as dt
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.validators import MinValueValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone

from forecasts.http.throttling import LOGINS_AS, LOGINS_FROM, address_of
from forecasts.jobs.digest_text import recap_text
from forecasts.queries.desk import DeskLine, desk
from forecasts.queries.recap import recap

EARLIEST = dt.date(1900, 1, 1)
LONGEST_NAME = 150


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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Kept with the request: the desk needs it twice, and each takes as long as all of the desk's queries."""
        lists: dict[str | None, list[Any]] = request.__dict__.setdefault("app_lists", {})
        if app_label not in lists:
            lists[app_label] = super().get_app_list(request, app_label)
        return lists[app_label]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        found = desk(timezone.now())
        title = f"Desk ({found.waiting})" if found.waiting else "Desk"
        piles = [(each, [(line, self._verbs(request, line)) for line in each.lines]) for each in found.sections]
        return super().index(request, {**(extra_context or {}), "piles": piles, "title": title})

    def _verbs(self, request: HttpRequest, line: DeskLine) -> list[Any]:
        """What who asks may do to the line's row without leaving the desk, or on its form."""
        noun: Any = self.get_model_admin(type(line.row))
        return [verb for verb in noun.verbs if verb.on_desk and noun.may_do(request, verb, line.row)]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Failed tries are counted for the address and for the name; who tried too often is told how long to wait.

        A try is counted before it is made, so that many at once count too, and given back when it succeeds.
        """
        if request.method != "POST":
            return super().login(request, extra_context)
        name = request.POST.get("username", "")[:LONGEST_NAME].casefold()
        counted = ((LOGINS_FROM, address_of(request)), (LOGINS_AS, sha256(name.encode()).hexdigest()))
        if seconds := max(budget.spend(who) for budget, who in counted):
            return _too_often(request, seconds)
        answer = super().login(request, extra_context)
        if isinstance(answer, HttpResponseRedirect):
            for budget, who in counted:
                budget.give_back(who)
        return answer

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


def _too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {"title": "Too many tries", "minutes": -(-seconds // 60)}
    answer = render(request, "desk/too_many_tries.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"], answer.headers["Cache-Control"] = str(seconds), "no-store"
    return answer
