"""oEmbed (oembed.com): programs that hold an address of ours ask here how to show it."""

import datetime as dt
import re
from collections.abc import Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve

from forecasts.errors import Refused
from forecasts.exports.addresses import EMBED_HEIGHTS, EMBED_WIDTH, absolute, iframe
from forecasts.http.conditional import conditional
from forecasts.models import Prediction
from forecasts.queries.public import public_forecasters
from forecasts.queries.version import version

from .page import parameters, reader_page
from .pictures import HEIGHT, WIDTH

LONGEST_SIDE = 10_000
BEHIND_THE_PATH = re.compile(r"[?#]")
TAKEN = ("url", "maxwidth", "maxheight", "format")
KINDS = {"prediction": "predictions", "forecaster": "forecasters"}


@reader_page
def oembed(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    """How to embed the page at `url`. 400 for what is not accepted, 404 where there is nothing to embed."""
    try:
        asked = _asked(request)
        path, most = _ours(asked.get("url", "")), (_side("maxwidth", asked), _side("maxheight", asked))
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=400)
    if asked.get("format", "json") != "json":
        return JsonResponse({"error": "format: only json is given"}, status=501)
    kind, title = _named(path)
    return conditional(
        request,
        version(now),
        lambda: JsonResponse(_rich(path, kind, title, *most)),
        representation="application/json",
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    asked = parameters(request)
    if unknown := [name for name in asked if name not in TAKEN]:
        raise Refused(unknown[0], asked[unknown[0]], f"the parameters here are {', '.join(TAKEN)}")
    return asked


def _ours(url: str) -> str:
    """The path of an address here. Raises Refused for any other."""
    if not url.startswith(absolute("/")):
        raise Refused("url", url, f"give the address of a page here, which begins with {absolute('/')}")
    return BEHIND_THE_PATH.split(url.removeprefix(settings.SITE_URL))[0]


def _side(name: str, asked: Mapping[str, str]) -> int:
    text = asked.get(name, str(LONGEST_SIDE))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LONGEST_SIDE):
        raise Refused(name, text, f"give a whole number of pixels from 1 to {LONGEST_SIDE}")
    return int(text)


def _named(path: str) -> tuple[str, str]:
    """The kind of page and its title. Raises Http404 for a page that nobody embeds, or that is not public."""
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    kind, slug = KINDS.get(match.url_name or "", ""), match.kwargs.get("slug")
    if kind == "predictions":
        return kind, get_object_or_404(Prediction.objects.public(), slug=slug).statement
    if kind == "forecasters":
        return kind, get_object_or_404(public_forecasters(), slug=slug).name
    raise Http404


def _rich(path: str, kind: str, title: str, widest: int, highest: int) -> dict[str, object]:
    width, height = min(EMBED_WIDTH, widest), min(EMBED_HEIGHTS[kind], highest)
    picture = {
        "thumbnail_url": absolute(f"/cards{path.rstrip('/')}.png"),
        "thumbnail_width": WIDTH,
        "thumbnail_height": HEIGHT,
    }
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": settings.SITE_NAME,
        "provider_url": absolute("/"),
        "title": title,
        "html": iframe(path, title, width, height),
        "width": width,
        "height": height,
        **(picture if widest >= WIDTH and highest >= HEIGHT else {}),
    }
