"""An editor at the desk: fills in the forms that the pages show, and fails when one says no."""

import datetime as dt
import re
from typing import Any

import lxml.html
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

PASTE = "/desk/forecasts/article/add/"


class Desk:
    def __init__(self, user: User) -> None:
        self.client = Client(raise_request_exception=True)
        self.client.force_login(user)

    def get(self, url: str) -> HttpResponse:
        return self.client.get(url)

    def add(self, model: str, **given: Any) -> HttpResponse:
        return self.send(reverse(f"admin:forecasts_{model}_add"), **given)

    def do(self, row: Model, verb: str, **given: Any) -> HttpResponse:
        return self.send(reverse(f"admin:forecasts_{row._meta.model_name}_do", args=[row.pk, verb]), **given)

    def change(self, row: Model, **given: Any) -> HttpResponse:
        """Post the change form as the page shows it, with some fields changed."""
        url = reverse(f"admin:forecasts_{row._meta.model_name}_change", args=[row.pk])
        form = self.get(url).context["adminform"].form
        return self.send(url, **{**shown(form), **given})

    def read(self, **given: Any) -> HttpResponse:
        """Paste an article: the page that shows what it predicts."""
        page = self.try_to(PASTE, **given)
        assert page.status_code == 200
        return page

    def paste(self, **given: Any) -> HttpResponse:
        """Paste an article and save what is ticked, as it is suggested."""
        return self.send(PASTE, **browsed(self.read(**given)), save="1")

    def send(self, page: str, /, **given: Any) -> HttpResponse:
        posted = self.try_to(page, **given)
        if posted.status_code != 302:
            errors = re.findall(r'class="errorlist[^"]*"[^>]*>(.*?)</ul>', posted.content.decode(), re.DOTALL)
            raise AssertionError(f"{page} answered {posted.status_code}: {errors or posted.content.decode()[-3000:]}")
        assert "/login/" not in posted["Location"], f"{page} was asked for by nobody"
        return posted

    def try_to(self, page: str, /, **given: Any) -> HttpResponse:
        return self.client.post(page, spread(given))


def browsed(page: HttpResponse) -> dict[str, Any]:
    """What a browser would send of the last form of `page` if nothing were touched, with its line ends."""
    sent = {}
    for field in lxml.html.fromstring(page.content.decode()).forms[-1].inputs:
        if field.tag == "textarea":
            sent[field.name] = (field.text or "").removeprefix("\r\n").removeprefix("\n")
        elif field.type == "checkbox":
            sent |= {field.name: "on"} if field.checked else {}
        elif field.type != "submit":
            sent[field.name] = field.value or ""
    return {name: re.sub(r"\r?\n", "\r\n", value) for name, value in sent.items()}


def shown(form: Any) -> dict[str, Any]:
    """What a browser would send back if nothing were touched."""
    values = {}
    for bound in form:
        value = bound.value()
        if value is not None and value is not False:
            values[bound.name] = (
                [getattr(row, "pk", row) for row in value] if isinstance(value, (list, tuple)) else value
            )
    return values


def spread(given: dict[str, Any]) -> dict[str, Any]:
    """Times as the two fields that the forms ask for."""
    posted: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, dt.datetime):
            posted[f"{name}_0"], posted[f"{name}_1"] = f"{value:%Y-%m-%d}", f"{value:%H:%M:%S.%f}"
        else:
            posted[name] = value
    return posted
