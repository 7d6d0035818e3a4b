"""How routes describe themselves in the OpenAPI document: from their own attributes."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from forecasts.http.problems import KINDS, MEDIA_TYPE

from .documents.problems import ProblemDocument
from .examples import answered, refused
from .parameters import FORMAT, LIST_FORMAT

JSON = "application/json"
Header = tuple[str, str, dict[str, str]]
"""Name, description and schema."""
RETRY_AFTER: Header = ("Retry-After", "Seconds.", {"type": "integer"})
HEADERS: dict[int, Header] = {
    401: ("WWW-Authenticate", "How to send a key.", {"type": "string"}),
    429: RETRY_AFTER,
    503: RETRY_AFTER,
}
ANYWHERE = (400, 401, 406, 429, 500, 503)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200},
    OpenApiParameter.HEADER,
    description="Printable ASCII of your own, no spaces: sent again within 24 hours, the request is answered the same.",
)
NO_FORMAT = OpenApiParameter(FORMAT.name, exclude=True)  # what a write answers is JSON


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "forecasts.api.v1.writes.keys.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        about = "A key that an operator made: `rk_…`. Reads take one, too, and are counted for it then."
        return {"type": "http", "scheme": "bearer", "description": about}


class RouteSchema(AutoSchema):
    """Describes a `Read` by its attributes, and each method that writes by its `Write`."""

    view: Any

    @property
    def _write(self) -> Any:
        return getattr(self.view, "writes", {}).get(self.method.lower())

    def get_operation_id(self) -> str:
        name: str = self._write.name if self._write else type(self.view).__name__
        return name[0].lower() + name[1:]

    def get_tags(self) -> list[str]:
        return ["writes" if self._write else "reads"]

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular asks without arguments
        return self._write.about if self._write else ""  # of a read the summary says it all

    def get_summary(self) -> str:
        return str((self._write or self.view).summary)

    @property
    def _scope(self) -> Any:
        return self._write.scope if self._write else getattr(self.view, "scope", None)

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Only where it is needed: a choice between a key and none is more than most generated clients understand."""
        return [{"key": []}] if self._scope else []

    def get_override_parameters(self) -> list[Any]:
        if self._write:
            return [NO_FORMAT, *([IDEMPOTENCY_KEY] if self._write.scope else [])]
        is_list = hasattr(self.view, "keyset")
        return [*self.view.takes, LIST_FORMAT if is_list else FORMAT]

    def get_request_serializer(self) -> Any:
        return self._write.body if self._write else None

    def get_response_serializers(self) -> Any:
        if self._write:
            return {(status, JSON): self._write.document for status in self._write.statuses}
        found: dict[Any, Any] = {(200, JSON): self.view.document}
        if hasattr(self.view, "keyset"):
            found |= {(200, "text/csv"): OpenApiTypes.STR, (200, "application/x-ndjson"): OpenApiTypes.STR}
        if not self._scope:
            found[304] = OpenApiResponse(description="You hold the current answer already.")
        return found

    def get_operation(self, *given: Any, **named: Any) -> Any:
        """With examples, and with every error that can happen, each described once among the components."""
        operation = super().get_operation(*given, **named)
        if operation:
            self._show(operation)
            operation["responses"] |= {str(status): self._error(status) for status in sorted(self._errors())}
        return operation

    def _show(self, operation: dict[str, Any]) -> None:
        """What was answered, as it was recorded, and of a write what was sent."""
        shown = answered(operation["operationId"])
        if self._write:
            operation["requestBody"]["content"][JSON]["examples"] = {"example": {"value": self._write.example}}
        if shown:
            [status, *_] = operation["responses"]
            example = {"summary": shown["request"], "value": shown["answer"]}
            operation["responses"][status]["content"][JSON]["examples"] = {"example": example}

    def _errors(self) -> Iterator[int]:
        """The statuses; 405 is none of an operation, since it says that there is none."""
        yield from ANYWHERE
        if "{" in self.path:
            yield 404
        if self._scope:
            yield 403
        if self._write:
            yield from (409, 413, 415)
        if self._write and self._scope:
            yield 422  # of an `Idempotency-Key`

    def _error(self, status: int) -> dict[str, str]:
        kinds = {code: kind for code, kind in KINDS.items() if kind.status == status}
        content = {
            "schema": self.resolve_serializer(ProblemDocument, "response").ref,
            "examples": {code: {"summary": kinds[code].title, "value": refused(code)} for code in kinds},
        }
        about = " ".join(f"{kind.title}: {kind.meaning}" for kind in kinds.values())
        described = {"description": about, "content": {MEDIA_TYPE: content}, **_headers(status)}
        component = ResolvedComponent(  # type: ignore[no-untyped-call]  # spectacular leaves it without types
            f"Error{status}", ResolvedComponent.RESPONSE, described, ProblemDocument
        )
        self.registry.register_on_missing(component)
        return dict(component.ref)


def _headers(status: int) -> dict[str, Any]:
    if status not in HEADERS:
        return {"headers": {}}
    name, about, schema = HEADERS[status]
    return {"headers": {name: {"description": about, "schema": schema}}}
