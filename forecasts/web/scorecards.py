"""The scorecards of forecasters, topics and articles, and the list of topics."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from forecasts.errors import Refused
from forecasts.language.quoting import marked
from forecasts.models import Article, Forecaster, Topic
from forecasts.queries.article_page import public_articles
from forecasts.queries.counting import check_counting
from forecasts.queries.public import public_forecasters
from forecasts.queries.scope import CalibrationQuery, parse_query
from forecasts.queries.scorecard import Subject, scorecard
from forecasts.queries.topic_list import topic_list
from forecasts.queries.version import Version
from forecasts.queries.wanted import noted

from .cards import card
from .page import Context, kept_page, parameters, scored, show
from .trends import history_figures

CHOICES = ("kind", "track", "cohort", "counting", "basis")
LISTED = 12  # under each heading of a page; a link leads on
SCALE, LOG_ODDS = "scale", "log-odds"
Asked = Mapping[str, str]


@kept_page
def forecaster(request: HttpRequest, now: dt.datetime, stands: Version, slug: str) -> HttpResponseBase:
    row = get_object_or_404(public_forecasters().select_related("merged_into"), slug=slug)
    if row.merged_into:
        return redirect(row.merged_into, permanent=True)
    asked = _asked(request)
    chosen = _chosen(asked, "forecaster", slug)
    return show(request, "forecaster.html", stands, lambda: _context(row, "forecaster", asked, chosen, now))


@kept_page
def topic(request: HttpRequest, now: dt.datetime, stands: Version, slug: str) -> HttpResponseBase:
    row = get_object_or_404(Topic, slug=slug)
    asked = _asked(request)
    chosen = _chosen(asked, "topic", slug)
    return show(request, "topic.html", stands, lambda: _context(row, "topic", asked, chosen, now))


@kept_page
def article(request: HttpRequest, now: dt.datetime, stands: Version, slug: str) -> HttpResponseBase:
    row = get_object_or_404(public_articles(), slug=slug)
    asked = _asked(request)
    chosen = _chosen(asked, "article", slug)

    def build() -> Context:
        context = _context(row, "article", asked, chosen, now)
        quotes = [(made.quote_start, made.quote_end, made.slug) for made in context["scorecard"].quoted]
        return {**context, "milestones": tuple(row.milestones.all()), "pieces": marked(row.text, quotes)}

    return show(request, "article.html", stands, build)


@kept_page
def topics(request: HttpRequest, now: dt.datetime, stands: Version) -> HttpResponseBase:
    return show(request, "topics.html", stands, lambda: {"topics": topic_list(), "section": "topics"})


def _asked(request: HttpRequest) -> Asked:
    """The parameters of a scorecard. Raises Refused for any other, or an unknown scale."""
    asked, accepted = parameters(request), (*CHOICES, SCALE)
    if unknown := [name for name in asked if name not in accepted]:
        raise Refused(unknown[0], asked[unknown[0]], f"the parameters here are {', '.join(accepted)}")
    if asked.get(SCALE, LOG_ODDS) != LOG_ODDS:
        raise Refused(SCALE, asked[SCALE], f"give {LOG_ODDS}, or leave it out")
    return asked


def _chosen(asked: Asked, named: str, slug: str) -> CalibrationQuery | None:
    """The table that was asked for; None for the headline. Raises Refused for what cannot be asked."""
    choices = {name: value for name, value in asked.items() if name != SCALE}
    if not choices:
        return None
    chosen = parse_query({**choices, named: slug})
    check_counting(chosen)
    return chosen


def _context(row: Subject, named: str, asked: Asked, chosen: CalibrationQuery | None, now: dt.datetime) -> Context:
    found = scorecard(row, now, chosen, listed=LISTED)
    is_person, query = isinstance(row, Forecaster), found.headline.query
    return {
        "scorecard": found,
        "card": card(noted(found.headline), of_everybody=not is_person, extremes=SCALE in asked),
        "trends": history_figures(found.history) if found.headline.shows_scores else (),
        "others": [(_choice(table.query), table) for table in found.others],
        "scale": _scale(asked),
        "hide_forecaster": is_person,
        "listed": LISTED,
        "filter": named,
        "data": f"/api/v1/scorecards/{named}/{row.slug}",
        "og_type": "profile" if is_person else "article",
        "picture": f"/cards/{named}s/{row.slug}.png",
        "is_embeddable": is_person,
        "feed": "" if isinstance(row, Article) else f"/feeds/{named}s/{row.slug}",
        "explore": urlencode(query.parameters),
        "section": "predictions" if isinstance(row, Article) else f"{named}s",
        **scored(found.headline.as_of),
    }


def _choice(query: CalibrationQuery) -> str:
    """The query string of another table on the same page."""
    return urlencode({name: query.parameters[name] for name in CHOICES})


def _scale(asked: Asked) -> dict[str, str]:
    """The link that adds the diagram by log odds, or takes it away."""
    if SCALE in asked:
        rest = {name: value for name, value in asked.items() if name != SCALE}
        return {"query": urlencode(rest), "words": _("Leave out the diagram by log odds")}
    return {"query": urlencode({**asked, SCALE: LOG_ODDS}), "words": _("What lies near 0 and 100 %, drawn apart")}
