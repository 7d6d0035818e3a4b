"""How routes describe themselves in the OpenAPI document: from their own attributes."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from forecasts.http.problems import MEDIA_TYPE

from .documents.problems import ProblemDocument
from .parameters import FORMAT, LIST_FORMAT

JSON = "application/json"
PROBLEMS = {("4XX", MEDIA_TYPE): ProblemDocument, ("5XX", MEDIA_TYPE): ProblemDocument}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200},
    OpenApiParameter.HEADER,
    description="Printable ASCII of your own, no spaces: sent again within 24 hours, the request is answered the same.",
)


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "forecasts.api.v1.writes.keys.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key that an operator made: `rk_…`."}


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

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Public reads take a key, too; a read or a write with a scope needs one."""
        scope = self._write.scope if self._write else getattr(self.view, "scope", None)
        return [{"key": []}] if scope else [{"key": []}, {}]

    def get_override_parameters(self) -> list[Any]:
        if self._write:
            return [IDEMPOTENCY_KEY] if self._write.scope else []
        is_list = hasattr(self.view, "keyset")
        return [*self.view.takes, LIST_FORMAT if is_list else FORMAT]

    def get_request_serializer(self) -> Any:
        return self._write.body if self._write else None

    def get_examples(self) -> list[OpenApiExample]:
        if not self._write:
            return []
        return [OpenApiExample("example", value=self._write.example, request_only=True, media_type=JSON)]

    def get_response_serializers(self) -> Any:
        if self._write:
            return {(self._write.status, JSON): self._write.document, **PROBLEMS}
        found: dict[Any, Any] = {(200, JSON): self.view.document}
        if hasattr(self.view, "keyset"):
            found |= {(200, "text/csv"): OpenApiTypes.STR, (200, "application/x-ndjson"): OpenApiTypes.STR}
        if not getattr(self.view, "scope", None):
            found[304] = OpenApiResponse(description="You hold the current answer already.")
        return {**found, **PROBLEMS}
