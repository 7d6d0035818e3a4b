import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from project.urls import urlpatterns as pages
from tests.web.reading import Page, read

ADDRESSES = ("/", "/predictions/", "/forecasters/", "/method/", "/ledger/")


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


def refuses(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("a secret detail")


urlpatterns = [*pages, path("breaks/", breaks), path("refuses/", refuses)]


def test_a_page_that_is_not_there_is_404_in_our_look(client: Client) -> None:
    page = read(client, "/no/such/page/", status=404)
    assert page.headings == ["There is no such page"]
    assert {"/", "/predictions/", "/method/"} <= set(page.links)


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [("/breaks/", 500, "Something broke on our side"), ("/refuses/", 400, "That request cannot be read")],
)
def test_what_breaks_tells_no_detail(address: str, status: int, heading: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    page = Page(answer.content.decode())
    assert (answer.status_code, page.headings) == (status, [heading])
    assert "secret" not in page.html


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_can_only_be_read(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_a_strict_policy_and_sets_no_cookie(client: Client, address: str) -> None:
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not answer.cookies
