"""What every read of the API shares: strict parameters, conditional answers, and its place in the schema."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated, Throttled
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer, Serializer

from forecasts.errors import NotAllowed, Problem
from forecasts.http.conditional import conditional, kept
from forecasts.http.english import EnglishView
from forecasts.http.paging import LONGEST_PAGE, Keyset, limit_of
from forecasts.http.standing import stands_for
from forecasts.models import ApiKey, KeyScope
from forecasts.queries.version import Version

from .limits import counted
from .negotiation import ClearNegotiation, media_type_of
from .parameters import CURSOR, FORMAT, LIMIT, parameters
from .representations import Csv, NdJson, streamed
from .schema import JSON, RouteSchema

ANSWERS = "answers"  # the cache of them
READS = ("GET", "HEAD")
Asked = Mapping[str, str]
Headed = TypeVar("Headed", bound=HttpResponseBase)


@dataclass(frozen=True)
class Answer:
    """How to build a response, and what it follows from besides the state of the site and the address."""

    build: Callable[[], HttpResponseBase]
    parts: tuple[object, ...] = ()


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
    stands: Version
    raised: Exception | None = None

    def at_once(self, request: HttpRequest) -> HttpResponseBase | None:
        """A kept answer or its 304, to whoever may have it. All else is the framework's, which takes longer for a look
        at the request than this; what was raised here it tells, and counts no second time.
        """
        if self.scope or request.method not in READS:
            return None
        try:
            return self._kept(request)
        except Exception as raised:
            self.raised = raised
            return None

    def _kept(self, request: HttpRequest) -> HttpResponseBase | None:
        self.stands = stands_for(request, timezone.now())
        media_type = media_type_of(request, self.renderer_classes)
        answer = kept(request, self.stands, ANSWERS, media_type) if media_type else None
        if answer is None:
            return None
        self._admit(request)
        return self._headed(answer)

    def _admit(self, request: HttpRequest) -> None:
        """As the framework does for every other request."""
        [authenticator] = self.get_authenticators()
        _, key = authenticator.authenticate(request) or (None, None)  # type: ignore[arg-type]  # it reads META alone
        if seconds := counted(request, key):
            raise Throttled(seconds)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if self.raised:
            raise self.raised
        super().initial(request, *args, **kwargs)

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        asked = parameters(request, [taken.name for taken in self.takes])
        now = timezone.now()
        if self.scope:
            admitted(request, self.scope, self.right)
            return self.answer(asked, now, **path).build()
        answer = self.answer(asked, now, **path)
        media_type = str(request.accepted_media_type)
        parts = (*self.stands, *answer.parts)
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
        return self._headed(final)

    def _headed(self, response: Headed) -> Headed:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Allow"] = ", ".join(self.allowed_methods)
        patch_vary_headers(response, ("Accept",))
        return response


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
