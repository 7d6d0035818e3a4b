"""The API as a page: every operation of the OpenAPI document, without a script."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecasts.http.conditional import conditional

from .index import openapi

METHODS = ("get", "post", "patch")
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A parameter, or a field of a body or an answer."""

    name: str
    kind: str
    about: str
    required: bool = False


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    name: str
    summary: str
    about: str
    key: str
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    sent: str
    answer: tuple[Row, ...]
    statuses: str
    media_types: str
    errors: tuple[str, ...]
    request: str
    answered: str


@dataclass(frozen=True)
class Error:
    """What one status of an error means, with an answer for each code."""

    status: str
    about: str
    answers: tuple[str, ...]


@require_safe
def reference(request: HttpRequest) -> HttpResponseBase:
    document = openapi()
    shown = {"operations": list(operations(document)), "errors": list(_errors(document)), "section": "api"}
    return conditional(request, (), lambda: render(request, "forecasts/api.html", shown))


def operations(document: Schema) -> Iterator[Operation]:
    """In the order of the document."""
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield _operation(method, path, methods[method], schemas)


def _operation(method: str, path: str, about: Schema, schemas: Schema) -> Operation:
    done = {status: each for status, each in about["responses"].items() if status < "3"}
    answer = next(iter(done.values()))["content"]
    given = about.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = answer["application/json"]["examples"]["example"]
    return Operation(
        method=method.upper(),
        path=path,
        name=about["operationId"],
        summary=about["summary"],
        about=about.get("description", ""),
        key="needs a key" if about.get("security") else "",
        parameters=tuple(_parameter(each) for each in about.get("parameters", ())),
        body=_fields(given.get("schema", {}), schemas),
        sent=_json(given["examples"]["example"]["value"]) if given else "",
        answer=_fields(answer["application/json"]["schema"], schemas),
        statuses=" or ".join(done),
        media_types=", ".join(answer),
        errors=tuple(status for status in about["responses"] if status > "4"),
        request=example["summary"],
        answered=_json(example["value"]),
    )


def _errors(document: Schema) -> Iterator[Error]:
    for name, about in document["components"]["responses"].items():
        [content] = about["content"].values()
        answers = tuple(_json(each["value"]) for each in content["examples"].values())
        yield Error(name.removeprefix("Error"), about["description"], answers)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _parameter(about: Schema) -> Row:
    where = "" if about["in"] == "query" else f" ({about['in']})"
    return Row(
        about["name"] + where, _kind(about["schema"]), about.get("description", ""), bool(about.get("required", False))
    )


def _fields(schema: Schema, schemas: Schema) -> tuple[Row, ...]:
    """The fields of an object, or of the elements of a list."""
    while "$ref" in schema or schema.get("type") == "array":
        reference = schema.get("$ref")
        schema = schemas[reference.rpartition("/")[2]] if reference else schema["items"]
    required = schema.get("required", ())
    return tuple(
        Row(name, _kind(field), field.get("description", ""), name in required)
        for name, field in schema.get("properties", {}).items()
    )


def _kind(schema: Schema) -> str:
    """In a few words: `string`, `one of a, b`, `list of Forecaster`."""
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    parts = [*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())]
    if parts:
        return " or ".join(dict.fromkeys(_kind(each) for each in parts))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_kind(schema['items'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(schema.get("format", kind))
