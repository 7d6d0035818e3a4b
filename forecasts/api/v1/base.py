"""What every read of the API shares: strict parameters, conditional answers, and its place in the schema."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from forecasts.errors import Refused
from forecasts.http.conditional import conditional
from forecasts.http.paging import Keyset, limit_of
from forecasts.http.problems import MEDIA_TYPE
from forecasts.queries.version import version

from .documents.problems import ProblemDocument
from .parameters import CURSOR, FORMAT, LIMIT, parameters

Asked = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """How to build a response, and what it follows from besides the state of the site and the address."""

    build: Callable[[], Response]
    parts: tuple[object, ...] = ()


class JsonOnly(DefaultContentNegotiation):
    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:  # noqa: A002
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            raise Refused(FORMAT.name, format, "give json, or leave it out")
        return found


class ReadSchema(AutoSchema):
    """Describes a `Read` from its own attributes."""

    @property
    def _read(self) -> "Read":
        return cast("Read", self.view)

    def get_operation_id(self) -> str:
        name = type(self.view).__name__
        return name[0].lower() + name[1:]

    def get_tags(self) -> list[str]:
        return ["reads"]

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular asks without arguments
        return ""  # the summary says it all

    def get_summary(self) -> str:
        return self._read.summary

    def get_override_parameters(self) -> list[Any]:
        return [*self._read.takes, FORMAT]

    def get_response_serializers(self) -> Any:
        return {
            200: self._read.document,
            304: OpenApiResponse(description="You hold the current answer already."),
            ("4XX", MEDIA_TYPE): ProblemDocument,
            ("5XX", MEDIA_TYPE): ProblemDocument,
        }


class Read(APIView):
    """A public read. Subclasses say what they take, what document they give, and how to answer."""

    summary: ClassVar[str]
    document: ClassVar[type[Serializer[Any]]]
    takes: ClassVar[tuple[OpenApiParameter, ...]] = ()
    schema = ReadSchema()
    http_method_names = ["get", "head"]  # noqa: RUF012 -- Django declares it without ClassVar
    content_negotiation_class = JsonOnly

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        asked = parameters(request, [taken.name for taken in self.takes])
        now = timezone.now()
        answer = self.answer(asked, now, **path)
        return conditional(
            request,
            (*astuple(version(now)), *answer.parts),
            answer.build,
            representation=str(request.accepted_media_type),
        )

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        raise NotImplementedError

    def given(self, found: object) -> Response:
        """`found` as this route's document."""
        return Response(self.document(found).data)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(final, ("Accept",))
        final.headers.setdefault("Cache-Control", "no-store")
        return final


class ReadList(Read):
    """Pages of rows. `next` in the body and the header `Link` lead to the following one."""

    keyset: ClassVar[Keyset]

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Any]:
        """What is listed; the filters alone are passed."""
        raise NotImplementedError

    def items(self, rows: Sequence[Any], now: dt.datetime) -> Sequence[Any]:
        """What the document shows of the rows of one page."""
        return rows

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        limit = limit_of(asked.get(LIMIT.name, ""))
        filters = {name: value for name, value in asked.items() if name not in (CURSOR.name, LIMIT.name)}
        found: QuerySet[Model] = self.keyset.after(self.rows(filters, now), asked.get(CURSOR.name, ""))

        def build() -> Response:
            page = self.keyset.read(found, limit)
            following = f"{self.request.path}?{urlencode({**asked, CURSOR.name: page.cursor})}" if page.cursor else None
            response = self.given({"results": self.items(page.rows, now), "next": following})
            if following:
                response.headers["Link"] = f'<{following}>; rel="next"'
            return response

        return Answer(build)
