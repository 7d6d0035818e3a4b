"""/api/v1/docs: the OpenAPI document as a page"""

from collections.abc import Callable

import lxml.html
from django.http import HttpResponse

from forecasts.api.v1.views.index import openapi

Ask = Callable[..., HttpResponse]


def test_it_works(ask: Ask) -> None:
    page = lxml.html.fromstring(ask("docs").content.decode())
    shown = {tuple(line.text_content().split()) for line in page.xpath("//summary/code")}
    described = {
        (method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods if method != "head"
    }
    assert shown == described


def test_every_operation_has_an_anchor_fields_and_an_example_where_it_writes(ask: Ask) -> None:
    page = lxml.html.fromstring(ask("docs").content.decode())
    for part in page.xpath("//main//details"):
        assert part.get("id")
        assert part.xpath(".//tbody/tr"), part.get("id")
        method, path = part.xpath("./summary/code")[0].text_content().split()
        assert bool(part.xpath(".//pre")) == (method != "GET"), path


def test_it_has_no_script_and_comes_from_here_alone(ask: Ask) -> None:
    page = lxml.html.fromstring(ask("docs").content.decode())
    assert page.xpath("//script | //*[@style] | //iframe") == []
    assert all(each.get("href", "/").startswith(("/", "#", "http://127.0.0.1")) for each in page.xpath("//a | //link"))


def test_it_is_not_sent_again(ask: Ask) -> None:
    held = ask("docs")
    assert ask("docs", headers={"If-None-Match": held["ETag"]}).status_code == 304
