"""The reader pages. Each asks one query, and answers 304 when nothing it follows from has moved."""

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from forecasts.errors import Refused
from forecasts.language.quoting import excerpt, marked
from forecasts.models import Prediction
from forecasts.queries.article_page import article_page, public_articles
from forecasts.queries.assessors import assessor as assessor_of
from forecasts.queries.assessors import assessors as all_assessors
from forecasts.queries.calibration import scored_as_of
from forecasts.queries.claims import assessments_stand
from forecasts.queries.counting import check_counting
from forecasts.queries.forecaster_list import forecaster_list
from forecasts.queries.home import home as home_of
from forecasts.queries.ledger_page import ledger_page
from forecasts.queries.prediction_list import prediction_list
from forecasts.queries.prediction_page import prediction_page, watched_sources
from forecasts.queries.public import public_forecasters
from forecasts.queries.rows import prediction_rows
from forecasts.queries.scope import parse_query
from forecasts.queries.scorecard import OtherTable, scorecard
from forecasts.queries.version import version
from forecasts.scoring import ENGINE

from .assessors import record, sentence
from .cards import card
from .example import worked_example
from .listing import listing
from .page import parameters, reader_page, show
from .settled import settled
from .spreads import range_words, spread
from .timelines import history
from .versions import version_lines

CHOICES = ("kind", "track", "cohort", "counting", "basis")
LISTED = 50


@reader_page
def home(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    def build() -> dict[str, object]:
        found = home_of(now)
        return {"home": found, "card": card(found.headline, who="forecasters"), **_scored(found.headline.as_of)}

    return show(request, "home.html", version(now), build)


@reader_page
def forecasters(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    context = {"section": "forecasters"}
    return show(request, "forecasters.html", version(now), lambda: {"forecasters": forecaster_list(), **context})


@reader_page
def forecaster(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    row = get_object_or_404(public_forecasters().select_related("merged_into"), slug=slug)
    if row.merged_into:
        return redirect(row.merged_into, permanent=True)
    asked = parameters(request)
    if unknown := [name for name in asked if name not in CHOICES]:
        raise Refused(unknown[0], asked[unknown[0]], f"the parameters here are {', '.join(CHOICES)}")
    chosen = parse_query({**asked, "forecaster": slug}) if asked else None
    if chosen:
        check_counting(chosen)

    def build() -> dict[str, object]:
        found = scorecard(row, now, chosen)
        others = [(_choice(table), table) for table in found.others]
        return {
            "scorecard": found,
            "others": others,
            "card": card(found.headline),
            "section": "forecasters",
            **_scored(found.headline.as_of),
        }

    return show(request, "forecaster.html", version(now), build)


@reader_page
def predictions(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    found = listing(parameters(request), now)
    return show(request, "predictions.html", version(now), lambda: {"list": found.read(now), "section": "predictions"})


@reader_page
def prediction(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    public = Prediction.objects.public().select_related("article", "current_resolution", "group")
    row = get_object_or_404(public, slug=slug)
    stands, sources = version(now), watched_sources(row, now)

    def build() -> dict[str, object]:
        page = prediction_page(row, now)
        return {
            "page": page,
            "settled": settled(page, stands.scored),
            "history": history(page, now),
            "spread": spread(page),
            "range": range_words(row),
            "versions": version_lines(page.versions),
            "excerpt": excerpt(row.article.text, row.quote_start, row.quote_end) if row.article else None,
            "section": "predictions",
            **_scored(scored_as_of()),
        }

    return show(request, "prediction.html", stands, build, sources)


@reader_page
def article(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    row = get_object_or_404(public_articles(), slug=slug)

    def build() -> dict[str, object]:
        page = article_page(row)
        quotes = [(made.quote_start, made.quote_end, made.slug) for made in page.quoted]
        return {
            "page": page,
            "rows": prediction_rows(prediction_list({"article": slug}, now)[:LISTED], now),
            "pieces": marked(row.text, quotes),
        }

    return show(request, "article.html", version(now), build)


@reader_page
def assessors(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    def build() -> dict[str, object]:
        return {"rows": [(row, sentence(row)) for row in all_assessors()], "section": "method"}

    return show(request, "assessors.html", version(now), build, *assessments_stand())


@reader_page
def assessor(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    found = assessor_of(slug)
    if found is None:
        raise Http404

    def build() -> dict[str, object]:
        return {"record": record(found), "section": "method"}

    return show(request, "assessor.html", version(now), build, *assessments_stand())


@reader_page
def method(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    return show(request, "method.html", version(now), lambda: {"example": worked_example(), "section": "method"})


@reader_page
def ledger(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    return show(request, "ledger.html", version(now), lambda: {"ledger": ledger_page()})


def _scored(as_of: dt.datetime | None) -> dict[str, object]:
    return {"as_of": as_of, "engine_version": ENGINE}


def _choice(table: OtherTable) -> str:
    """The query string of another table on the same page."""
    return urlencode({name: table.query.parameters[name] for name in CHOICES})
