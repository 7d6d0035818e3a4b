"""/api/v1/errors, docs/errors.md, and what becomes of whatever is raised"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import TooManyFieldsSent
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from rest_framework.exceptions import Throttled, UnsupportedMediaType

from forecasts.errors import Refused
from forecasts.http.problems import KINDS, handle
from tests.api.conftest import Get

DOCS = Path(__file__).resolve().parents[2] / "docs" / "errors.md"


def all_refusals(kind: type[Refused] = Refused) -> Iterator[str]:
    yield kind.code
    for below in kind.__subclasses__():
        yield from all_refusals(below)


def test_every_code_is_listed_with_its_status(get: Get) -> None:
    listed = {row["code"]: (row["status"], row["type"]) for row in get("errors")["results"]}
    assert listed == {code: (kind.status, f"/api/v1/errors#{code}") for code, kind in KINDS.items()}


def test_the_docs_list_every_code_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \| (.+) \|$", DOCS.read_text(), re.MULTILINE)
    assert rows == [(code, str(kind.status), kind.title, kind.meaning) for code, kind in KINDS.items()]


def test_every_refusal_has_a_kind() -> None:
    assert set(all_refusals()) <= set(KINDS)


def test_a_problem_names_field_value_and_what_is_accepted(get: Get) -> None:
    body = get("calibration", status=400, track="lives")
    assert body == {
        "type": "/api/v1/errors#refused",
        "title": "Bad input",
        "status": 400,
        "detail": "track: 'lives' is not accepted; give one of live, backfilled, imported, all",
        "code": "refused",
        "problems": [
            {
                "row": None,
                "field": "track",
                "value": "lives",
                "accepted": "give one of live, backfilled, imported, all",
            }
        ],
        "problem_count": 1,
    }


def test_several_problems_are_told_at_once(get: Get) -> None:
    body = get("calibration", status=400, one="1", two="2")
    assert [row["field"] for row in body["problems"]] == ["one", "two"]


def test_a_long_value_is_cut(get: Get) -> None:
    body = get("calibration", status=400, track="x" * 10_000)
    assert body["problems"][0]["value"] == "x" * 80 + "…"
    assert len(str(body)) < 1_000


def test_a_media_type_that_is_not_offered_is_not_acceptable(ask: Callable[..., HttpResponse]) -> None:
    response = ask("calibration", headers={"Accept": "text/csv"})
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")
    assert response.json()["code"] == "not_acceptable"


def test_a_format_that_is_not_offered_is_refused(get: Get) -> None:
    assert get("calibration", status=400, format="csv")["problems"][0]["field"] == "format"
    assert get("calibration", format="json")["n_predictions"] == 0


def test_what_breaks_is_logged_and_tells_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr("forecasts.api.v1.views.ledger.ledger_head", broken)
    response = Client(raise_request_exception=False).get("/api/v1/ledger/head")
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")
    assert response.json()["code"] == "internal"
    assert "secret" not in response.content.decode()


def test_a_test_client_still_raises_what_breaks(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or else no test would notice."""

    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("forecasts.api.v1.views.ledger.ledger_head", broken)
    with pytest.raises(ZeroDivisionError):
        Client().get("/api/v1/ledger/head")


@pytest.mark.parametrize(
    ("raised", "status", "code", "retry"),
    [
        (OperationalError("gone"), 503, "unavailable", "5"),
        (Throttled(wait=1.2), 429, "too_many_requests", "2"),
        (UnsupportedMediaType("text/plain"), 415, "unsupported_media_type", None),
        (TooManyFieldsSent("too many"), 400, "refused", None),
    ],
)
def test_other_errors_have_their_kind(db: None, raised: Exception, status: int, code: str, retry: str | None) -> None:
    response = handle(raised, {})
    assert (response.status_code, response.data["code"], response.headers.get("Retry-After")) == (status, code, retry)
