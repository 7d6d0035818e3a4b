"""What programs read is English, whatever language the site speaks."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import override
from rest_framework.request import Request
from rest_framework.views import APIView

from .conditional import address_alone

T = TypeVar("T")
ENGLISH = "en"


class EnglishView(APIView):
    """A route for programs."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with override(ENGLISH):
            return self.at_once(request) or super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        address_alone(request._request)
        super().initial(request, *args, **kwargs)

    def at_once(self, request: HttpRequest) -> HttpResponseBase | None:
        """An answer that needs nothing of the framework, which has not looked at the request yet."""
        return None


def in_english(parts: Iterable[T]) -> Iterator[T]:
    """The same parts, made while English is active: a stream is made after its view has answered. The language before
    is back when the stream ends or the response is closed; until then its thread does nothing else.
    """
    with override(ENGLISH):
        yield from parts
