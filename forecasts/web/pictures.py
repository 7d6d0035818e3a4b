"""Pictures for sharing: a prediction or a scorecard as a card. It is drawn as SVG and answered as PNG."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache, partial
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.http.conditional import conditional
from forecasts.language.figures import number
from forecasts.localised import count, day
from forecasts.models import Forecaster, Prediction, Topic
from forecasts.queries.article_page import public_articles
from forecasts.queries.calibration import Calibration
from forecasts.queries.public import public_forecasters
from forecasts.queries.rows import PredictionRow, prediction_rows
from forecasts.queries.scorecard import Scorecard, Subject, scorecard
from forecasts.queries.version import version

from . import lettering
from .cards import card
from .diagrams import reliability_of
from .page import reader_page
from .typesetting import block, one_line, readable
from .words import predictions

WIDTH, HEIGHT, MARGIN, DIAGRAM = 1200, 630, 72, 430
KEPT = 128  # pictures, about 40 kB each
SIZES = (60, 54, 48, 42, 38)
ACROSS = WIDTH - 2 * MARGIN
FOREIGN = gettext_lazy("The statement is in a script that this picture cannot show.")
UNNAMED = gettext_lazy("A forecaster")
UNTITLED = gettext_lazy("What was predicted, and what happened")


@reader_page
def prediction(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    found = get_object_or_404(Prediction.objects.public(), slug=slug)

    def drawing() -> str:
        (row,) = prediction_rows(Prediction.objects.filter(pk=found.pk), now)
        return render_to_string("cards/prediction.svg", {**_frame(found.get_absolute_url()), **_prediction(row)})

    return _picture(request, now, drawing)


@reader_page
def forecaster(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    row = get_object_or_404(public_forecasters().select_related("merged_into"), slug=slug)
    if row.merged_into:
        return redirect(f"/cards/forecasters/{row.merged_into.slug}.png", permanent=True)

    return _scorecard(request, now, row)


@reader_page
def topic(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    return _scorecard(request, now, get_object_or_404(Topic, slug=slug))


@reader_page
def article(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponseBase:
    return _scorecard(request, now, get_object_or_404(public_articles(), slug=slug))


def _scorecard(request: HttpRequest, now: dt.datetime, subject: Subject) -> HttpResponseBase:
    def drawing() -> str:
        return render_to_string("cards/scorecard.svg", _scored(scorecard(subject, now)))

    return _picture(request, now, drawing)


def _scored(found: Scorecard) -> dict[str, object]:
    is_person = isinstance(found.subject, Forecaster)
    shown = card(found.headline, of_everybody=not is_person)
    diagram = reliability_of(found.headline)
    across = ACROSS - DIAGRAM if diagram else ACROSS
    room = partial(block, left=MARGIN, across=across)
    name = room(
        readable(str(found.subject), str(UNNAMED if is_person else UNTITLED)), top=150, height=64, sizes=(52, 44)
    )
    return {
        **_frame(found.subject.get_absolute_url(), across),
        "name": name,
        "heading": _("Scorecard: %(table)s") % {"table": found.heading} if found.heading else _("Scorecard"),
        "sentence": room(shown.sentence, top=name.end + 20, height=230, sizes=(44, 38, 34), weight=lettering.REGULAR),
        "verdict": shown.verdict,
        "chart": diagram.chart if diagram else None,
        "counts": _counts(found.headline),
    }


def _prediction(row: PredictionRow) -> dict[str, object]:
    size = 76 if row.tick is not None else 44
    said = one_line(readable(row.said, ""), size, ACROSS / 2)
    beside = MARGIN + (lettering.width(said, size, lettering.BOLD) + 28 if said else 0)
    return {
        "statement": block(
            readable(row.statement, str(FOREIGN)), left=MARGIN, across=ACROSS, top=142, height=286, sizes=SIZES
        ),
        "state": one_line(readable(row.state_words, _("Resolved")), 28, ACROSS / 2),
        "is_settled": row.known_at is not None,
        "said": said,
        "said_size": number(size),
        "beside": number(beside),
        "who": one_line(readable(row.forecaster, str(UNNAMED)), 28, MARGIN + ACROSS - beside),
        "when": _when(row),
    }


def _when(row: PredictionRow) -> str:
    if row.known_at:
        return _("known %(day)s") % {"day": _day(row.known_at)}
    return _("by %(day)s") % {"day": _day(row.resolves_by)} if row.resolves_by else ""


def _day(at: dt.datetime) -> str:
    return day(at.astimezone(dt.UTC))


def _counts(found: Calibration) -> str:
    figures = {"n": count(found.predictions), "made": predictions(found.denominators.made)}
    return _("%(n)s of %(made)s settled and counted") % figures


def _frame(path: str, across: float = ACROSS) -> dict[str, object]:
    host = f"{urlsplit(settings.SITE_URL).netloc}{urlsplit(settings.SITE_URL).path}"
    return {
        "families": lettering.FAMILIES,
        "site": one_line(readable(settings.SITE_NAME, urlsplit(settings.SITE_URL).netloc), 34, 420),
        "address": one_line(readable(f"{host}{path}", host), 22, across),
    }


def _picture(request: HttpRequest, now: dt.datetime, drawing: Callable[[], str]) -> HttpResponseBase:
    return conditional(
        request,
        version(now),
        lambda: HttpResponse(png(drawing()), content_type="image/png"),
        representation="image/png",
    )


@lru_cache(maxsize=KEPT)
def png(drawing: str) -> bytes:
    """The picture of an SVG document; the last ones are kept, by the drawing itself. Reads no file but our fonts."""
    from resvg_py import svg_to_bytes  # noqa: PLC0415 -- a native library that only whoever draws pictures needs

    return bytes(svg_to_bytes(svg_string=drawing, skip_system_fonts=True, font_files=lettering.font_files()))
