"""Feeds (Atom) and calendars of deadlines: of everything, of a forecaster, of a topic."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from forecasts.exports import atom, ical
from forecasts.exports.addresses import absolute
from forecasts.http.conditional import conditional
from forecasts.models import Topic
from forecasts.queries.deadlines import deadlines
from forecasts.queries.feeds import (
    Item,
    Predictions,
    everything,
    new_predictions,
    newest,
    of_forecaster,
    of_topic,
    recaps,
    resolutions,
)
from forecasts.queries.identity import name_of, namespace
from forecasts.queries.public import public_forecasters
from forecasts.queries.recap_page import last_week
from forecasts.queries.version import version

from .page import reader_page


@reader_page
def resolved(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    return _feed(request, now, _("resolutions"), "/predictions/", lambda: resolutions(everything()))


@reader_page
def opened(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    return _feed(request, now, _("new predictions"), "/predictions/", lambda: new_predictions(everything()))


@reader_page
def weeks(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    return _feed(request, now, _("weekly recap"), "/recap/", lambda: recaps(now), last_week(now).name)


@reader_page
def due(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    return _calendar(request, now, _("deadlines"), everything())


@reader_page
def forecaster(request: HttpRequest, now: dt.datetime, slug: str, kind: str) -> HttpResponseBase:
    row = get_object_or_404(public_forecasters().select_related("merged_into"), slug=slug)
    if row.merged_into:
        return redirect(f"/feeds/forecasters/{row.merged_into.slug}.{kind}", permanent=True)
    return _about(request, now, kind, row.name, row.get_absolute_url(), of_forecaster(row))


@reader_page
def topic(request: HttpRequest, now: dt.datetime, slug: str, kind: str) -> HttpResponseBase:
    row = get_object_or_404(Topic, slug=slug)
    return _about(request, now, kind, row.name, row.get_absolute_url(), of_topic(row))


def _about(
    request: HttpRequest, now: dt.datetime, kind: str, name: str, page: str, rows: Predictions
) -> HttpResponseBase:
    if kind == "ics":
        return _calendar(request, now, _("%(name)s: deadlines") % {"name": name}, rows)
    return _feed(request, now, name, page, lambda: newest([*resolutions(rows), *new_predictions(rows)]))


def _feed(
    request: HttpRequest, now: dt.datetime, title: str, page: str, build: Callable[[], Sequence[Item]], *parts: object
) -> HttpResponseBase:
    def document() -> bytes:
        space = namespace()
        entries = [
            atom.Entry(
                name=name_of(space, *item.key),
                url=absolute(item.path),
                title=item.title,
                summary=item.summary,
                published=item.published,
                updated=item.updated,
            )
            for item in build()
        ]
        return atom.atom(
            atom.Feed(
                name=name_of(space, "feed", request.path),
                url=absolute(request.path),
                page=absolute(page),
                title=f"{settings.SITE_NAME}: {title}",
                author=settings.SITE_NAME,
                entries=entries,
            )
        )

    return _answer(request, now, atom.MEDIA_TYPE, document, *parts)


def _calendar(request: HttpRequest, now: dt.datetime, title: str, rows: Predictions) -> HttpResponseBase:
    def document() -> bytes:
        space = namespace()
        events = [
            ical.Event(
                name=name_of(space, *each.key),
                at=each.at,
                is_day=each.is_day,
                summary=_("Due: %(statement)s") % {"statement": each.statement},
                url=absolute(each.path),
                revised=each.revised,
                revision=each.revision,
            )
            for each in deadlines(rows)
        ]
        return ical.calendar(ical.Calendar(f"{settings.SITE_NAME}: {title}", absolute(request.path), events))

    return _answer(request, now, ical.MEDIA_TYPE, document)


def _answer(
    request: HttpRequest, now: dt.datetime, media_type: str, build: Callable[[], bytes], *parts: object
) -> HttpResponseBase:
    return conditional(
        request,
        (*version(now), *parts),
        lambda: HttpResponse(build(), content_type=f"{media_type}; charset=utf-8"),
        representation=media_type,
    )
