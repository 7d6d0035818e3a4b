"""/api/v1/schema: the OpenAPI document, kept as a reviewed snapshot"""

import json
from pathlib import Path

from django.core.management import call_command

from forecasts.api.v1.urls import LISTED
from tests.api.conftest import Get

SNAPSHOT = Path(__file__).with_name("openapi.json")
REFRESH = "python manage.py spectacular --format openapi-json --file tests/api/openapi.json"


def test_the_document_is_the_reviewed_one(get: Get) -> None:
    """Version 1 only grows. After a change that is meant, refresh the snapshot and read its diff."""
    assert get("schema") == json.loads(SNAPSHOT.read_text()), f"if it is meant: {REFRESH}"


def test_it_is_valid_and_raises_no_warning(tmp_path: Path) -> None:
    written = tmp_path / "openapi.json"
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(written))
    assert json.loads(written.read_text())["openapi"] == "3.1.0"


def test_every_route_is_in_it(get: Get) -> None:
    described = {path.removeprefix("/api/v1/") for path in get("schema")["paths"]}
    assert described == {route for route, _ in LISTED if route != "schema"} | {""}


def test_every_answer_has_exactly_the_fields_described(get: Get) -> None:
    schema = get("schema")
    for path in ("calibration", "ledger/head", "errors", "predictions"):
        reference = schema["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]["content"]["application/json"]
        described = schema["components"]["schemas"][reference["schema"]["$ref"].rpartition("/")[2]]
        assert set(get(path)) == set(described["properties"]) == set(described["required"])
