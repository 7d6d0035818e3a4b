"""What other sites show of ours: cards in frames, and a badge for an article."""

import datetime as dt
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_exempt

from forecasts.http.conditional import conditional
from forecasts.models import Prediction
from forecasts.queries.article_page import ArticleRecord, article_record, public_articles
from forecasts.queries.public import public_forecasters
from forecasts.queries.rows import prediction_rows
from forecasts.queries.scorecard import scorecard
from forecasts.queries.version import version

from .cards import card
from .page import reader_page
from .words import badge_words

P = ParamSpec("P")
LETTER, PADDING = 6.6, 12  # pixels, at 13 to a line


def framed(
    view: Callable[Concatenate[HttpRequest, dt.datetime, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page that any other site may show in a frame: nothing can be done on it, so nobody can be made to do it."""
    return csp_replace({"frame-ancestors": ["*"]})(xframe_options_exempt(reader_page(view)))  # type: ignore[return-value]  # its types forget the path


@framed
def prediction(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    found = get_object_or_404(Prediction.objects.public(), slug=slug)

    def page() -> HttpResponse:
        (row,) = prediction_rows(Prediction.objects.filter(pk=found.pk), now)
        return render(request, "embed/prediction.html", {"row": row})

    return conditional(request, version(now), page)


@framed
def forecaster(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    row = get_object_or_404(public_forecasters().select_related("merged_into"), slug=slug)
    if row.merged_into:
        return redirect(f"/embed{row.merged_into.get_absolute_url()}", permanent=True)

    def page() -> HttpResponse:
        found = scorecard(row, now)
        return render(request, "embed/forecaster.html", {"scorecard": found, "card": card(found.headline)})

    return conditional(request, version(now), page)


@framed
def article(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    row = get_object_or_404(public_articles(), slug=slug)
    return conditional(
        request,
        version(now),
        lambda: HttpResponse(_badge(article_record(row)), content_type="image/svg+xml"),
        representation="image/svg+xml",
    )


def _badge(record: ArticleRecord) -> str:
    words = badge_words(record.made, record.settled, record.right, record.wrong, record.void)
    inside = round(len(words) * LETTER)
    start = 2 * PADDING
    sides = {"inside": inside, "start": start, "width": start + inside + PADDING, "rim": start + inside + PADDING - 1}
    return render_to_string("embed/badge.svg", {"words": words, **{name: str(side) for name, side in sides.items()}})
