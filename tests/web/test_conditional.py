import re

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from forecasts.http.conditional import conditional, release


def answer(address: str, *parts: object, **headers: str) -> HttpResponse:
    request: HttpRequest = RequestFactory(headers=headers).get(address)
    response = conditional(request, parts, lambda: HttpResponse("fresh"))
    assert isinstance(response, HttpResponse)
    return response


def test_it_works() -> None:
    first = answer("/a/", 1, "digest")
    again = answer("/a/", 1, "digest", **{"If-None-Match": first["ETag"]})
    assert (first.status_code, first.content) == (200, b"fresh")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == again["Cache-Control"] == "public, no-cache"


def test_the_tag_is_strong() -> None:
    assert re.fullmatch(r'"[0-9a-f]{32}"', answer("/a/")["ETag"])


@pytest.mark.parametrize(
    ("address", "parts"), [("/a/?q=1", (1, "x")), ("/b/", (1, "x")), ("/a/", (2, "x")), ("/a/", ("1", "x"))]
)
def test_another_address_or_content_has_another_tag(address: str, parts: tuple[object, ...]) -> None:
    assert answer(address, *parts)["ETag"] != answer("/a/", 1, "x")["ETag"]


def test_what_is_not_rendered_costs_nothing() -> None:
    tag = answer("/a/")["ETag"]
    request = RequestFactory(headers={"If-None-Match": tag}).get("/a/")
    assert conditional(request, (), lambda: pytest.fail("rendered all the same")).status_code == 304


def test_the_release_is_a_digest_of_the_code() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", release())


def test_a_setting_that_pages_follow_from_gives_another_tag(settings: LazySettings) -> None:
    before = answer("/a/")["ETag"]
    settings.CLAIM_REVIEW = not settings.CLAIM_REVIEW
    assert answer("/a/")["ETag"] != before


def test_another_language_or_representation_has_another_tag() -> None:
    request = RequestFactory().get("/a/")
    html, csv = (
        conditional(request, (), HttpResponse, representation=kind)["ETag"] for kind in ("text/html", "text/csv")
    )
    with translation.override("de"):
        german = conditional(request, (), HttpResponse)["ETag"]
    assert len({html, csv, german}) == 3
