"""The recap of a week or of a year: what was right, wrong, void, corrected, and what is due."""

import datetime as dt
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from forecasts.errors import Refused
from forecasts.http.standing import stands_for
from forecasts.queries.recap_page import Period, last_week, recap_page, week_named, year_named

from .page import parameters, reader_page, show


@reader_page
def latest(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    return redirect(last_week(now).url)


@reader_page
def week(request: HttpRequest, now: dt.datetime, name: str) -> HttpResponseBase:
    return _page(request, _named(week_named, name, now), now)


@reader_page
def year(request: HttpRequest, now: dt.datetime, name: str) -> HttpResponseBase:
    return _page(request, _named(year_named, name, now), now)


def _named(parse: Callable[[str, dt.datetime], Period], name: str, now: dt.datetime) -> Period:
    """Raises Http404 for a name in the address that names nothing yet."""
    try:
        return parse(name, now)
    except Refused as refused:
        raise Http404 from refused


def _page(request: HttpRequest, period: Period, now: dt.datetime) -> HttpResponseBase:
    if asked := parameters(request):
        name, value = next(iter(asked.items()))
        raise Refused(name, value, "this page takes no parameters")
    is_over = period.until <= now
    return show(request, "recap.html", stands_for(request, now), lambda: {"page": recap_page(period, now)}, is_over)
