"""Pages for readers: cold, kept and 304, against an empty page made from a template by the same middleware."""

from collections.abc import Callable

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path

from forecasts.web.page import PAGES

from .measure import row

EMPTY = "/an-empty-page/"
RUNS = 25
ADDRESSES = {
    "home": "/",
    "scorecard, 19,749 forecasts": "/forecasters/fivethirtyeight-lite/",
    "scorecard, 100,000 predictions": "/forecasters/desk-bench/",
}


def empty(request: HttpRequest) -> HttpResponse:
    return render(request, "forecasts/base.html")


urlpatterns = [path(EMPTY[1:], empty), path("", include("project.urls"))]


@override_settings(ROOT_URLCONF=__name__)
def run() -> None:
    """After `database` and `desk`, which fill what is read."""
    client = Client(headers={"host": "localhost"})
    for name, address in ADDRESSES.items():
        page = client.get(address)
        assert page.status_code == 200, address
        for how, job in _jobs(client, address, page["ETag"]).items():
            row(f"{name}, {how}", job, "an empty page", lambda: client.get(EMPTY), runs=5 if how == "cold" else RUNS)


def _jobs(client: Client, address: str, tag: str) -> dict[str, Callable[[], object]]:
    def cold() -> None:
        caches[PAGES].clear()
        client.get(address)

    return {
        "cold": cold,
        "warm": lambda: client.get(address),
        "304": lambda: client.get(address, headers={"if-none-match": tag}),
    }
