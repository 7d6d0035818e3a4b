"""/api/v1/docs: the OpenAPI document as a page"""

import json
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


def test_every_operation_has_an_anchor_fields_and_the_examples_of_the_document(ask: Ask) -> None:
    page = lxml.html.fromstring(ask("docs").content.decode())
    for part in page.xpath("//main//details"):
        assert part.get("id")
        assert part.xpath(".//tbody/tr"), part.get("id")
        method, path = part.xpath("./summary/code")[0].text_content().split()
        about = openapi()["paths"][path][method.lower()]
        shown = [json.loads(each.text_content()) for each in part.xpath(".//pre")]
        contents = [about["requestBody"]] if method != "GET" else []
        contents.append(next(each for status, each in about["responses"].items() if status < "3"))
        assert shown == [each["content"]["application/json"]["examples"]["example"]["value"] for each in contents]


def test_every_error_leads_to_what_it_means_and_looks_like(ask: Ask) -> None:
    page = lxml.html.fromstring(ask("docs").content.decode())
    assert {link.removeprefix("#") for link in page.xpath("//details//a/@href")} == set(page.xpath("//h3/@id"))
    shown = [json.loads(each.text_content())["code"] for each in page.xpath("//main/pre[preceding-sibling::h2]")]
    described = openapi()["components"]["responses"].values()
    assert shown == [code for each in described for code in each["content"]["application/problem+json"]["examples"]]


def test_it_has_no_script_and_comes_from_here_alone(ask: Ask) -> None:
    page = lxml.html.fromstring(ask("docs").content.decode())
    assert page.xpath("//script | //*[@style] | //iframe") == []
    assert all(each.get("href", "/").startswith(("/", "#", "http://127.0.0.1")) for each in page.xpath("//a | //link"))


def test_it_is_not_sent_again(ask: Ask) -> None:
    held = ask("docs")
    assert ask("docs", headers={"If-None-Match": held["ETag"]}).status_code == 304
