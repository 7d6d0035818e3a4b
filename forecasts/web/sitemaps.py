"""What search engines ask for: sitemap.xml with its files, and robots.txt."""

import datetime as dt
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from forecasts.errors import Refused
from forecasts.exports.addresses import absolute
from forecasts.exports.sitemap import index as index_of
from forecasts.exports.sitemap import urlset
from forecasts.http.conditional import conditional
from forecasts.queries.recap_page import last_week
from forecasts.queries.sitemap import sitemap_file, sitemap_files
from forecasts.queries.version import version

from .page import reader_page

ROBOTS = """User-agent: *
Disallow: /desk/
Disallow: /embed/

Sitemap: {sitemap}
"""


@reader_page
def robots(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    text = ROBOTS.format(sitemap=absolute("/sitemap.xml"))
    return conditional(
        request, (), lambda: HttpResponse(text, content_type="text/plain; charset=utf-8"), representation="text/plain"
    )


@reader_page
def index(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    return _xml(request, now, lambda: index_of(absolute(f"/sitemaps/{name}.xml") for name in sitemap_files()))


@reader_page
def part(request: HttpRequest, now: dt.datetime, name: str) -> HttpResponseBase:
    return _xml(request, now, lambda: _file(name, now))


def _file(name: str, now: dt.datetime) -> bytes:
    try:
        found = sitemap_file(name, now)
    except Refused as refused:
        raise Http404 from refused
    return urlset((absolute(each.path), each.changed) for each in found)


def _xml(request: HttpRequest, now: dt.datetime, build: Callable[[], bytes]) -> HttpResponseBase:
    return conditional(
        request,
        (*version(now), last_week(now).name, now.year),
        lambda: HttpResponse(build(), content_type="application/xml; charset=utf-8"),
        representation="application/xml",
    )
