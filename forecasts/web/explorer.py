"""The explorer: the calibration of any set of forecasts that can be asked for."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from forecasts.models import Article, Topic
from forecasts.queries.article_page import public_articles
from forecasts.queries.calibration import calibration
from forecasts.queries.counting import check_counting
from forecasts.queries.history import has_history, history_in
from forecasts.queries.scope import CalibrationQuery, parse_query
from forecasts.queries.tables import Table, tables_of
from forecasts.queries.version import version
from forecasts.queries.wanted import noted

from .cards import card
from .forms import (
    BASIS_WORDS,
    COHORT_WORDS,
    OFFERED,
    TRACK_WORDS,
    Field,
    counting_choices,
    counting_words,
    forecaster_choices,
    how_fields,
    kind_field,
    lead_field,
    lead_words,
    month,
    suggested,
)
from .page import Context, parameters, reader_page, scored, show
from .trends import history_figures


@reader_page
def explorer(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    asked = parameters(request)
    query = parse_query(asked)
    check_counting(query)
    return show(request, "explorer.html", version(now), lambda: _context(asked, query, now))


def _context(asked: Mapping[str, str], query: CalibrationQuery, now: dt.datetime) -> Context:
    found = noted(calibration(query, now))
    history = history_in(query, found.scored, found.denominators) if has_history(query) and found.shows_scores else None
    return {
        "found": found,
        "card": card(found, of_everybody=not query.forecaster),
        "trends": history_figures(history),
        "fields": _fields(asked),
        "is_narrowed": any(asked.values()),
        "told": query_words(query),
        "here": f"/calibration/?{urlencode(query.parameters)}",
        "others": [(urlencode(table.query.parameters), table) for table in _others(query)],
        "section": "calibration",
        **scored(found.as_of),
    }


def _others(query: CalibrationQuery) -> tuple[Table, ...]:
    """The other tables of one subject or of everybody; of crossings there is no list."""
    whose = CalibrationQuery(forecaster=query.forecaster, topic=query.topic, article=query.article)
    if sum(bool(part) for part in (whose.forecaster, whose.topic, whose.article)) > 1:
        return ()
    return tuple(table for table in tables_of(whose) if table.query != query)


def query_words(query: CalibrationQuery) -> str:
    """Everything that was asked, in words."""
    how = [
        TRACK_WORDS[query.track],  # type: ignore[index]  # a track is its own value
        BASIS_WORDS[query.basis],
        _("counting %(which)s") % {"which": counting_words(query.counting)},
        _("predictions %(which)s") % {"which": COHORT_WORDS[query.cohort]},
        _("made %(lead)s before the close") % {"lead": lead_words(query.lead)} if query.lead else "",
        _("deadlines from %(month)s") % {"month": f"{query.since:%Y-%m}"} if query.since else "",
        _("deadlines to %(month)s") % {"month": f"{query.until:%Y-%m}"} if query.until else "",
    ]
    told = {"whose": _whose(query), "how": ", ".join(str(part) for part in how if part)}
    return capfirst(_("%(whose)s: %(how)s.") % told)


def _whose(query: CalibrationQuery) -> str:
    """Each sentence whole, as the order of its parts is not that of every language."""
    told = {
        (False, False, False): _("everybody’s forecasts"),
        (True, False, False): _("forecasts of %(forecaster)s"),
        (False, True, False): _("everybody’s forecasts on %(topic)s"),
        (False, False, True): _("everybody’s forecasts on what “%(article)s” predicted"),
        (True, True, False): _("forecasts of %(forecaster)s on %(topic)s"),
        (True, False, True): _("forecasts of %(forecaster)s on what “%(article)s” predicted"),
        (False, True, True): _("everybody’s forecasts on %(topic)s on what “%(article)s” predicted"),
        (True, True, True): _("forecasts of %(forecaster)s on %(topic)s on what “%(article)s” predicted"),
    }
    parts = {"forecaster": query.forecaster, "topic": query.topic, "article": query.article}
    chosen = told[bool(query.forecaster), bool(query.topic), bool(query.article)]
    return chosen % {name: part.name if part else "" for name, part in parts.items()}


def _fields(asked: Mapping[str, str]) -> tuple[Field, ...]:
    topics = [(row.slug, row.name) for row in Topic.objects.all()[:OFFERED]]
    articles: list[Article] = list(public_articles()[:OFFERED])
    return (
        suggested(asked, "forecaster", _("Forecaster"), forecaster_choices()),
        suggested(asked, "topic", _("Topic"), topics),
        suggested(asked, "article", _("Article"), [(row.slug, row.title) for row in articles]),
        kind_field(asked),
        *how_fields(asked, counting_choices(), "first"),
        lead_field(asked),
        month(asked, "from", _("First month of deadlines")),
        month(asked, "to", _("Last month of deadlines")),
    )
