"""The examples of the OpenAPI document: each is what is answered today, fits its schema, and none is missing.

EXAMPLES=record writes forecasts/api/v1/examples.json anew; then refresh tests/api/openapi.json (test_schema.py).
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from forecasts.api.v1.examples import FILE
from forecasts.api.v1.views.index import openapi
from forecasts.http.problems import KINDS, problem
from tests.api.recording import JSON, Clock, Site, example_of, refusals, told

PROBLEM = "application/problem+json"
SHOWN = [code for code in KINDS if code != "method_not_allowed"]  # which says that there is no such operation
METHODS = ("get", "post", "patch")
# What another run gives another value of.
BY_CHANCE = re.compile(r"[0-9a-f]{16,}|(?<=rk_)[\w-]+|(?<=(?:proposals|.findings)/)\d+")
KEYS_OF_ROWS = {"id", "supersedes", "subject", "content", "next"}


def operations() -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """The name, method, address and description of each."""
    for path, methods in openapi()["paths"].items():
        for method in METHODS:
            if method in methods:
                yield methods[method]["operationId"], method, path, methods[method]


BY_NAME = {name: (method, about) for name, method, _, about in operations()}
ANSWERS = {
    name: next((status, each["content"][JSON]) for status, each in about["responses"].items() if status < "3")
    for name, _, _, about in operations()
}


@pytest.fixture
def site(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Site:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    settings.SITE_URL = "https://reckoner.example"
    return Site(clock)


def faults(value: Any, schema: Mapping[str, Any]) -> list[str]:
    """Where `value` does not fit, a field that is not described included."""
    document = json.loads(json.dumps(openapi()))
    for component in document["components"]["schemas"].values():
        if "properties" in component:
            component["additionalProperties"] = False
    registry: Registry[Any] = Registry().with_resource("urn:api", Resource(document, DRAFT202012))
    pointed = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
    return [
        f"{each.json_path}: {each.message[:200]}"
        for each in Draft202012Validator(pointed, registry=registry).iter_errors(value)
    ]


def cut(value: Any) -> Any:
    """The first row of each list, of numbers the first two."""
    if isinstance(value, list):
        return [cut(each) for each in value[: 1 if isinstance(value[0], dict) else 2]] if value else []
    return {name: cut(each) for name, each in value.items()} if isinstance(value, dict) else value


def steady(value: Any, name: str = "") -> Any:
    """`value` without what another run gives another value of."""
    if isinstance(value, dict):
        return {name: steady(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [steady(each) for each in value]
    if name in KEYS_OF_ROWS:
        return type(value).__name__
    if isinstance(value, str):
        return BY_CHANCE.sub("…", value)
    return round(value, 6) if isinstance(value, float) else value


def test_each_is_what_is_answered_today(site: Site) -> None:
    site.past()
    kept, found = json.loads(FILE.read_text()), recorded(site)
    assert set(found["operations"]) == set(BY_NAME)
    if os.environ.get("EXAMPLES") == "record":
        FILE.write_text(written(found))
    else:
        assert steady(kept) == steady(found), "if it is meant: EXAMPLES=record"


def recorded(site: Site) -> dict[str, dict[str, Any]]:
    """After checking each whole answer against its schema."""
    answers = {}
    for name, request, answer in told(site, BY_NAME):
        status, content = ANSWERS[name]
        assert str(answer.status_code) == status, (name, answer.content)
        assert faults(answer.json(), content["schema"]) == [], name
        answers[name] = {"request": request, "answer": cut(answer.json())}
    errors = {code: answer.json() for code, answer in refusals(site)}
    ours = {
        code: json.loads(json.dumps(problem(code).data)) for code in ("too_many_requests", "internal", "unavailable")
    }
    return {"operations": answers, "errors": {code: (errors | ours)[code] for code in SHOWN}}


def written(found: Mapping[str, Mapping[str, Any]]) -> str:
    """As JSON with an example a line."""
    parts = (
        f' "{name}": {{\n'
        + ",\n".join(f'  "{one}": {json.dumps(each, ensure_ascii=False)}' for one, each in examples.items())
        + "\n }"
        for name, examples in found.items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


@pytest.mark.parametrize("name", BY_NAME)
def test_each_operation_has_examples_that_fit(name: str) -> None:
    """Of the answer, and of what is sent, as the document itself says."""
    _, about = BY_NAME[name]
    _, answer = ANSWERS[name]
    assert faults(answer["examples"]["example"]["value"], answer["schema"]) == []
    assert ("requestBody" in about) == (BY_NAME[name][0] != "get")
    if "requestBody" in about:
        assert faults(example_of(about), about["requestBody"]["content"][JSON]["schema"]) == []


def test_each_error_has_examples_that_fit_and_every_code_is_among_them() -> None:
    shown = {}
    for described in openapi()["components"]["responses"].values():
        for code, example in described["content"][PROBLEM]["examples"].items():
            assert faults(example["value"], described["content"][PROBLEM]["schema"]) == []
            shown[code] = example["value"]
    assert {code: each["code"] for code, each in shown.items()} == {code: code for code in SHOWN}


def test_nobody_is_invented() -> None:
    """Whose a forecast is; other people are in no answer of the API."""
    names = re.findall(r'"forecaster": \{"slug": "([\w-]+)"', FILE.read_text())
    assert set(names) <= {"policy-desk", "wire-model"}
