"""What programs read is English, whatever language the site speaks."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import override
from rest_framework.views import APIView

T = TypeVar("T")
ENGLISH = "en"


class EnglishView(APIView):
    """A route for programs."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with override(ENGLISH):
            return super().dispatch(request, *args, **kwargs)


def in_english(parts: Iterable[T]) -> Iterator[T]:
    """The same parts, made while English is active: a stream is made after its view has answered. The language before
    is back when the stream ends or the response is closed; until then its thread does nothing else.
    """
    with override(ENGLISH):
        yield from parts
