"""The reader pages. Each asks one query, and answers 304 when nothing it follows from has moved."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from forecasts.http.standing import stands_for
from forecasts.language.quoting import excerpt
from forecasts.models import Prediction, Watch
from forecasts.queries.assessors import assessor as assessor_of
from forecasts.queries.assessors import assessors as all_assessors
from forecasts.queries.calibration import scored_as_of
from forecasts.queries.claims import assessments_stand
from forecasts.queries.home import home as home_of
from forecasts.queries.ledger_page import ledger_page
from forecasts.queries.prediction_page import prediction_page, watched_sources
from forecasts.queries.version import Version, version

from .assessors import record, sentence
from .cards import card
from .example import worked_example
from .listing import listing
from .page import kept_answer, kept_page, parameters, reader_page, scored, show
from .settled import settled
from .spreads import range_words, spread
from .timelines import history
from .versions import version_lines


@kept_page
def home(request: HttpRequest, now: dt.datetime, stands: Version) -> HttpResponseBase:
    def build() -> dict[str, object]:
        found = home_of(now)
        return {"home": found, "card": card(found.headline, of_everybody=True), **scored(found.headline.as_of)}

    return show(request, "home.html", stands, build)


@kept_page
def predictions(request: HttpRequest, now: dt.datetime, stands: Version) -> HttpResponseBase:
    found = listing(parameters(request), now)
    return show(request, "predictions.html", stands, lambda: {"list": found.read(now), "section": "predictions"})


@reader_page
def prediction(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    stands = stands_for(request, now)
    # What is checked moves no ledger, and the lines of the page end at the day it is.
    beside = watched_sources(Watch.objects.filter(prediction__slug=slug), now), now.date()
    return kept_answer(request, stands, *beside) or _prediction(request, now, stands, beside, slug)


def _prediction(
    request: HttpRequest, now: dt.datetime, stands: Version, beside: tuple[object, ...], slug: str
) -> HttpResponseBase:
    public = Prediction.objects.public().select_related("article", "current_resolution", "group")
    row = get_object_or_404(public, slug=slug)

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
            **scored(scored_as_of()),
        }

    return show(request, "prediction.html", stands, build, *beside)


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


@kept_page
def method(request: HttpRequest, now: dt.datetime, stands: Version) -> HttpResponseBase:
    return show(request, "method.html", stands, lambda: {"example": worked_example(), "section": "method"})


@kept_page
def ledger(request: HttpRequest, now: dt.datetime, stands: Version) -> HttpResponseBase:
    return show(request, "ledger.html", stands, lambda: {"ledger": ledger_page()})
