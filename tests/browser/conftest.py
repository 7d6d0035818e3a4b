"""A site with hostile content on a port of its own, and a page of a real browser."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from playwright.sync_api import Page, sync_playwright

from tests.browser.screenshots import FLAGS, chromium
from tests.story import DEADLINE, START, Story

EVIL = "<img src=x onerror=alert(1)>\u202e" + "m" * 2_000
ARABIC = "ستنشر هيئة الاتصالات قاعدة ملزمة للعلامات المائية"
FIXED = (
    "/", "/predictions/", "/forecasters/", "/method/", "/ledger/", "/assessors/", "/nowhere/",
    "/predictions/?state=" + "x" * 300,
)  # fmt: skip


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that http.server gives it
        """A test says nothing on the console."""


@dataclass(frozen=True)
class Site:
    origin: str
    addresses: tuple[str, ...]


@pytest.fixture
def site(own_database: str) -> Iterator[Site]:
    """A site with settled, hostile, right-to-left and very long content, on a port of its own."""
    story = Story.begin()
    settled = [story.settled(0.7, "yes" if n % 3 else "no").slug for n in range(30)]
    slugs = [settled[0]]
    for n, statement in enumerate((EVIL, ARABIC)):
        prediction = story.opened(statement=statement, criteria=statement, resolves_by=DEADLINE.replace(year=2099))
        story.says(prediction, 0.4, forecaster=story.forecaster(f"{n}-{'w' * 70}"))
        story.says(prediction, 0.6, at=START.replace(month=3))
        slugs.append(prediction.slug)
    choice, number = story.choice(EVIL, ARABIC, "w" * 300), story.number("0", "1" + "0" * 19)
    for n in range(8):
        story.says(choice, [0.2, 0.3, 0.5], forecaster=story.forecaster(f"lab-{n}-{'m' * 60}"))
    story.says(number, "1234567890123456789: 50 %")
    for prediction, outcome in ((choice, EVIL), (number, "1234567890123456789.0123456789")):
        story.resolves(prediction, outcome, known_at=DEADLINE)
        slugs.append(prediction.slug)
    story.scores()
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override=None)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(
        origin=f"http://127.0.0.1:{server.server_port}",
        addresses=(*FIXED, "/forecasters/policy-desk/", *(f"/predictions/{slug}/" for slug in slugs)),
    )
    server.shutdown()
    server.server_close()
    thread.join()
    connections.close_all()


@pytest.fixture
def page() -> Iterator[Page]:
    executable = chromium()
    if executable is None:
        pytest.skip("there is no Chromium here (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser.new_page()
        browser.close()
