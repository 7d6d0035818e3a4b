"""/api/v1/ and addresses that are none"""

import pytest
from django.test import Client

from forecasts.api.v1.urls import LISTED
from tests.api.conftest import Get


def test_it_lists_every_route(get: Get) -> None:
    body = get("")
    assert [row["path"] for row in body["routes"]] == [f"/api/v1/{route}" for route, _ in LISTED]
    assert all(row["summary"] or row["writes"] for row in body["routes"])
    assert body["schema"] == "/api/v1/schema"


def test_it_names_the_parameters(get: Get) -> None:
    [row] = [row for row in get("")["routes"] if row["path"] == "/api/v1/calibration"]
    assert row["parameters"] == [
        *("forecaster", "topic", "article", "kind", "track", "cohort", "counting", "basis", "lead", "from", "to")
    ]


@pytest.mark.parametrize(
    "path", ["nope", "predictions/", "predictions/a/b", "predictions/é", "ledger", "v2/calibration"]
)
def test_an_address_that_is_no_route_is_a_problem_document(get: Get, path: str) -> None:
    assert get(path, status=404)["code"] == "not_found"


def test_it_names_what_can_be_written(get: Get) -> None:
    [row] = [row for row in get("")["routes"] if row["path"] == "/api/v1/forecasts/bulk"]
    assert (row["summary"], row["parameters"]) == (None, [])
    assert [(write["method"], write["scope"]) for write in row["writes"]] == [("POST", "forecast")]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_most_routes_only_read(db: None, method: str) -> None:
    response = getattr(Client(), method)("/api/v1/topics")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response.json()["code"] == "method_not_allowed"
