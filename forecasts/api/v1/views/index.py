"""What the API says about itself: its routes, its schema and its errors."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.api.v1.base import Answer, Asked, Read
from forecasts.api.v1.documents.index import IndexDocument
from forecasts.api.v1.documents.problems import KindListDocument
from forecasts.http.problems import KINDS, type_of


class Index(Read):
    summary = "The routes."
    document = IndexDocument
    routes: Sequence[tuple[str, type[Any]]] = ()

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        here = self.request.path
        routes = [_described(here + route, view) for route, view in self.routes]
        about = {
            "title": spectacular_settings.TITLE,
            "description": spectacular_settings.DESCRIPTION,
            "schema": f"{here}schema",
            "error_codes": f"{here}errors",
        }
        return Answer(lambda: self.given({**about, "routes": routes}))


def _described(path: str, view: Any) -> dict[str, Any]:
    """What a route gives, if it is read, and what can be written there."""
    writes = [
        {"method": method.upper(), "summary": write.summary, "scope": write.scope}
        for method, write in getattr(view, "writes", {}).items()
    ]
    takes = [taken.name for taken in getattr(view, "takes", ())]
    return {"path": path, "summary": getattr(view, "summary", None), "parameters": takes, "writes": writes}


class Errors(Read):
    summary = "Every code that an error can carry, and what it means."
    document = KindListDocument

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        kinds = [{"code": code, "type": type_of(code), **vars(kind)} for code, kind in KINDS.items()]
        return Answer(lambda: self.given({"results": kinds}))


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document; it follows from the code alone."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


class Schema(Read):
    """The OpenAPI 3.1 document. It does not describe itself."""

    summary = "This API as an OpenAPI 3.1 document."
    schema = None  # type: ignore[assignment]

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        return Answer(lambda: Response(openapi()))


class Nothing(Read):
    """Every address under the API that is no route: 404 as a problem document, whatever the method."""

    schema = None  # type: ignore[assignment]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound
