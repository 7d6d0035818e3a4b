"""What every reader page shares: one clock reading, conditional answers, and a clear page for bad parameters."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forecasts.errors import Refused
from forecasts.http.conditional import address_alone, conditional, kept
from forecasts.http.standing import stands_for
from forecasts.queries.version import Version
from forecasts.scoring import ENGINE

from .tables import TABLE, table_file

P = ParamSpec("P")
PAGES = "pages"
Context = Mapping[str, Any]


def reader_page(
    view: Callable[Concatenate[HttpRequest, dt.datetime, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A GET view that is handed the time; what it refuses becomes a page that names parameter, value and accepted."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        address_alone(request)
        try:
            return view(request, timezone.now(), *args, **kwargs)
        except Refused as refused:
            return render(request, "forecasts/refused.html", {"problems": refused.problems}, status=400)

    return page


def kept_page(
    view: Callable[Concatenate[HttpRequest, dt.datetime, Version, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A reader page that follows from nothing but its address and the version of the site, which it is handed, too.

    Where it is kept, one query answers it, or none: whether anything has changed.
    """

    @reader_page
    @wraps(view)
    def page(request: HttpRequest, now: dt.datetime, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        stands = stands_for(request, now)
        return kept_answer(request, stands) or view(request, now, stands, *args, **kwargs)

    return page


def kept_answer(request: HttpRequest, stands: Version, *parts: object) -> HttpResponseBase | None:
    """What `show` answered before with the same `parts`, if that is kept or the client holds it."""
    return kept(request, (*stands, *parts), _keeps(request))


def show(
    request: HttpRequest, template: str, stands: Version, build: Callable[[], Context], *parts: object
) -> HttpResponseBase:
    """`template` with what `build` gives, one table of it as CSV, or 304.

    `parts`: what the page follows from besides the site's version. It is kept for whoever asks next, so that nothing of
    who is asking may stand on it.
    """
    table = request.GET.get(TABLE)
    if table is not None:
        return conditional(request, (*stands, *parts), lambda: table_file(build, table), representation="text/csv")
    return conditional(
        request,
        (*stands, *parts),
        lambda: render(request, f"forecasts/{template}", dict(build())),
        keeps=_keeps(request),
    )


def _keeps(request: HttpRequest) -> str:
    """The cache of pages, but only without a query: whoever makes up parameters shall push nothing out."""
    return "" if request.META.get("QUERY_STRING") else PAGES


def scored(as_of: dt.datetime | None) -> Context:
    """What the foot of a page says of its figures."""
    return {"as_of": as_of, "engine_version": ENGINE}


def parameters(request: HttpRequest) -> dict[str, str]:
    """The query string as one value for each name, without the table that is asked for.

    Raises Refused for a name given twice or a NUL character.
    """
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise Refused(name, values, "give it once")
        if "\0" in name + values[0]:
            raise Refused(name.replace("\0", "␀"), values[0].replace("\0", "␀"), "leave out the NUL character")
    return {name: value for name, value in request.GET.dict().items() if name != TABLE}
