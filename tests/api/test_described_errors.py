"""Every status of an error that the OpenAPI document gives an operation happens there, and looks as it says"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from forecasts.actions import begin_answer, open_dispute
from forecasts.actions.handle_dispute import OPEN_AT_MOST
from forecasts.api.v1.views.index import openapi
from forecasts.models import ApiKey, KeyScope
from tests.api.recording import API, GROUPS, LOGGED, Clock, Site, example_of
from tests.api.test_examples import PROBLEM, faults, operations
from tests.story import START, make_user

BROKEN = {"500", "503"}  # test_errors.py breaks a view, tests/faults take the database away
ALL = list(operations())


class Asked:
    """One operation on rows that do not exist: whatever is wrong is noticed before that, but for 404."""

    def __init__(self, site: Site, settings: Any, method: str, path: str, about: Mapping[str, Any]) -> None:
        self.site, self.settings, self.method = site, settings, method
        self.path = path.removeprefix(API).replace("{slug}", "none").replace("{id}", "999")
        self.body = example_of(about)
        user = make_user("all", *GROUPS)
        self.keys = {scope: site.key(user, scope) for scope in KeyScope}
        self.key = site.key(user)

    def answer(self, status: str) -> HttpResponse:
        return getattr(self, f"_{status}")()

    def ask(self, query: str = "", **given: Any) -> HttpResponse:
        return self.site.ask(self.method, self.path + query, self.body, **{"key": self.key, **given})

    def _400(self) -> HttpResponse:
        return self.ask("?nothing=1")

    def _401(self) -> HttpResponse:
        return self.ask(key="guessed")

    def _403(self) -> HttpResponse:
        answers = (self.ask(key=key) for key in self.keys.values())
        return next(answer for answer in answers if answer.status_code == 403)

    def _404(self) -> HttpResponse:
        return self.ask()

    def _406(self) -> HttpResponse:
        return self.ask(headers={"Accept": "image/png"})

    def _409(self) -> HttpResponse:
        """The same request while it runs; of objections, one too many."""
        if self.path.endswith("disputes"):
            return self._one_too_many()
        request = f"{self.method.upper()} {API}{self.path} application/json\n{json.dumps(self.body)}"
        return self._under_a_name(hashlib.sha256(request.encode()).hexdigest())

    def _413(self) -> HttpResponse:
        return self.ask(CONTENT_LENGTH="99999999")

    def _415(self) -> HttpResponse:
        return self.ask(content_type="text/plain")

    def _422(self) -> HttpResponse:
        return self._under_a_name("0" * 64)

    def _429(self) -> HttpResponse:
        self.settings.API_KEY_REQUESTS_PER_MINUTE = 0
        return self.ask()

    def _under_a_name(self, request_sha256: str) -> HttpResponse:
        name = f"run-{request_sha256}"
        begin_answer(key=ApiKey.objects.latest("pk"), name=name, request_sha256=request_sha256, at=LOGGED)
        return self.ask(headers={"Idempotency-Key": name})

    def _one_too_many(self) -> HttpResponse:
        row = self.site.story.opened()
        for _ in range(OPEN_AT_MOST):
            open_dispute(prediction=row, reason="other", text="No.", at=START, by="reader")
        self.path = self.path.replace("none", row.slug)
        return self.ask()


@pytest.mark.parametrize(("name", "method", "path", "about"), ALL, ids=[name for name, *_ in ALL])
def test_each_happens_and_looks_as_described(
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    name: str,
    method: str,
    path: str,
    about: Mapping[str, Any],
) -> None:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    asked = Asked(Site(clock), settings, method, path, about)
    described = openapi()["components"]["responses"]
    for status, reference in about["responses"].items():
        if status < "4" or status in BROKEN:
            continue
        answer = asked.answer(status)
        error = described[reference["$ref"].rpartition("/")[2]]
        assert (str(answer.status_code), answer["Content-Type"]) == (status, PROBLEM), answer.content
        assert faults(answer.json(), error["content"][PROBLEM]["schema"]) == []
        assert answer.json()["code"] in error["content"][PROBLEM]["examples"]
        assert set(error.get("headers", ())) <= set(answer.headers)
