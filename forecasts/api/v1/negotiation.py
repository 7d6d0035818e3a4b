"""Which of the formats of a route a request asks for, by `Accept` or `?format=`."""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from rest_framework.exceptions import APIException
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from forecasts.errors import Refused

from .parameters import FORMAT

Renderers = Iterable[type[BaseRenderer]]


class ClearNegotiation(DefaultContentNegotiation):
    """A format that is not offered is refused by name."""

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:  # noqa: A002
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            raise Refused(
                FORMAT.name, format, f"give {' or '.join(each.format for each in renderers)}, or leave it out"
            )
        return found


def media_type_of(request: HttpRequest, renderers: Renderers) -> str | None:
    """What `ClearNegotiation` finds for `request`, before the framework has seen it; None where it finds nothing."""
    asked = {name: request.META[name] for name in ("HTTP_ACCEPT", "QUERY_STRING") if name in request.META}
    return _negotiated(tuple(renderers), tuple(asked.items()))


@lru_cache(maxsize=256)
def _negotiated(renderers: tuple[type[BaseRenderer], ...], asked: tuple[tuple[str, str], ...]) -> str | None:
    """Kept, because the same few are asked for again and again."""
    request = WSGIRequest({"REQUEST_METHOD": "GET", "wsgi.input": BytesIO(), **dict(asked)})
    try:
        _, found = ClearNegotiation().select_renderer(Request(request), [renderer() for renderer in renderers])
    except (Refused, APIException, SuspiciousOperation):
        return None
    return str(found)
