"""The explorer: the calibration of any set of forecasts that can be asked for."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase

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
        "card": card(found, "they" if query.forecaster else "forecasters"),
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
    parts = [
        f"forecasts of {query.forecaster.name}" if query.forecaster else "everybody’s forecasts",
        f"on {query.topic.name}" if query.topic else "",
        f"on what “{query.article.name}” predicted" if query.article else "",
    ]
    how = [
        TRACK_WORDS[query.track],  # type: ignore[index]  # a track is its own value
        BASIS_WORDS[query.basis],
        f"counting {counting_words(query.counting)}",
        f"predictions {COHORT_WORDS[query.cohort]}",
        f"made {lead_words(query.lead)} before the close" if query.lead else "",
        f"deadlines from {query.since:%Y-%m}" if query.since else "",
        f"deadlines to {query.until:%Y-%m}" if query.until else "",
    ]
    told = f"{' '.join(part for part in parts if part)}: {', '.join(part for part in how if part)}."
    return told[0].upper() + told[1:]


def _fields(asked: Mapping[str, str]) -> tuple[Field, ...]:
    topics = [(row.slug, row.name) for row in Topic.objects.all()[:OFFERED]]
    articles: list[Article] = list(public_articles()[:OFFERED])
    return (
        suggested(asked, "forecaster", "Forecaster", forecaster_choices()),
        suggested(asked, "topic", "Topic", topics),
        suggested(asked, "article", "Article", [(row.slug, row.title) for row in articles]),
        kind_field(asked),
        *how_fields(asked, counting_choices(), "first"),
        lead_field(asked),
        month(asked, "from", "First month of deadlines"),
        month(asked, "to", "Last month of deadlines"),
    )
