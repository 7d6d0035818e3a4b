"""What every read of the API shares: strict parameters, conditional answers, and its place in the schema."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer, Serializer

from forecasts.errors import NotAllowed, Problem, Refused
from forecasts.http.conditional import conditional, kept
from forecasts.http.english import EnglishView
from forecasts.http.paging import LONGEST_PAGE, Keyset, limit_of
from forecasts.http.standing import stands_for
from forecasts.models import ApiKey, KeyScope

from .parameters import CURSOR, FORMAT, LIMIT, parameters
from .representations import Csv, NdJson, streamed
from .schema import JSON, RouteSchema

ANSWERS = "answers"  # the cache of them
Asked = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """How to build a response, and what it follows from besides the state of the site and the address."""

    build: Callable[[], HttpResponseBase]
    parts: tuple[object, ...] = ()


class ClearNegotiation(DefaultContentNegotiation):
    """A format that is not offered is refused by name."""

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:  # noqa: A002
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            raise Refused(
                FORMAT.name, format, f"give {' or '.join(each.format for each in renderers)}, or leave it out"
            )
        return found


class Read(EnglishView):
    """A read, public unless it has a `scope`. Subclasses say what they take, what document they give, how to answer."""

    summary: ClassVar[str]
    document: ClassVar[type[Serializer[Any]]]
    takes: ClassVar[tuple[OpenApiParameter, ...]] = ()
    scope: ClassVar[KeyScope | None] = None
    right: ClassVar[str] = "view_prediction"
    schema = RouteSchema()
    http_method_names = ["get", "head"]  # noqa: RUF012 -- Django declares it without ClassVar
    content_negotiation_class = ClearNegotiation

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        asked = parameters(request, [taken.name for taken in self.takes])
        now = timezone.now()
        if self.scope:
            admitted(request, self.scope, self.right)
            return self.answer(asked, now, **path).build()
        stands, media_type = astuple(stands_for(request, now)), str(request.accepted_media_type)
        if held := kept(request, stands, ANSWERS, media_type):
            return held
        answer = self.answer(asked, now, **path)
        parts = (*stands, *answer.parts)
        return conditional(request, parts, answer.build, representation=media_type, keeps=ANSWERS)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        raise NotImplementedError

    def given(self, found: object) -> Response:
        """`found` as this route's document."""
        return Response(self.document(found).data)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Errors are JSON whatever was asked for, and nothing is kept that does not say so."""
        if getattr(response, "exception", False):
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSON
        final = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(final, ("Accept",))
        final.headers.setdefault("Cache-Control", "no-store")
        return final


class ReadList(Read):
    """Pages of rows. `next` in the body and the header `Link` lead to the following one."""

    keyset: ClassVar[Keyset]
    renderer_classes = (JSONRenderer, Csv, NdJson)

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Any]:
        """What is listed; the filters alone are passed."""
        raise NotImplementedError

    def items(self, rows: Sequence[Any], now: dt.datetime) -> Sequence[Any]:
        """What the document shows of the rows of one page."""
        return rows

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        limit = limit_of(asked.get(LIMIT.name, ""))
        media_type, is_head = self.request.accepted_renderer.media_type, self.request.method == "HEAD"
        filters = {name: value for name, value in asked.items() if name not in (CURSOR.name, LIMIT.name)}
        found: QuerySet[Model] = self.keyset.after(self.rows(filters, now), asked.get(CURSOR.name, ""))

        def build() -> HttpResponseBase:
            if media_type != JSON and LIMIT.name not in asked:
                return streamed(media_type, self.row, () if is_head else self.everything(found, now))
            page = self.keyset.read(found, limit)
            following = self._following(asked, page.cursor) if page.cursor else None
            items = self.items(page.rows, now)
            if media_type == JSON:
                response: HttpResponseBase = self.given({"results": items, "next": following})
            else:
                response = streamed(media_type, self.row, items)
            if following:
                response.headers["Link"] = f'<{following}>; rel="next"'
            return response

        return Answer(build)

    def _following(self, asked: Asked, cursor: str) -> str:
        """The address of the page behind `cursor`, in the format that was asked for."""
        query = self.request.query_params
        given = {FORMAT.name: query[FORMAT.name]} if FORMAT.name in query else {}
        return f"{self.request.path}?{urlencode({**asked, **given, CURSOR.name: cursor})}"

    @property
    def row(self) -> Any:
        """The document of one row."""
        rows = self.document().fields["results"]
        return cast("ListSerializer[Any]", rows).child

    def everything(self, rows: QuerySet[Any], now: dt.datetime) -> Iterator[Any]:
        """What is listed from the cursor on, a page at a time."""
        cursor = ""
        while True:
            page = self.keyset.read(self.keyset.after(rows, cursor), LONGEST_PAGE)
            yield from self.items(page.rows, now)
            if not (cursor := page.cursor):
                return


def admitted(request: Request, scope: KeyScope, right: str) -> ApiKey:
    """The key of a request that needs `scope` and whose user needs `right`. Raises NotAuthenticated or NotAllowed."""
    key = request.auth
    if not isinstance(key, ApiKey):
        raise NotAuthenticated
    problems = []
    if scope not in key.scopes:
        problems.append(Problem("scope", key.scopes, f"a key with the scope {scope.value} is needed"))
    if not key.user.has_perm(f"forecasts.{right}"):
        problems.append(Problem("by", key.user.get_username(), f"the right {right} is needed"))
    if problems:
        raise NotAllowed.all(problems)
    return key
