"""A test fetch in a real browser: no script, nothing blocked, no scroll to the side, and axe finds nothing."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.themes import THEMES, show_in
from tests.evidence.server import Server, response
from tests.story import make_user

pytestmark = pytest.mark.browser
TITLE = "Ruritania publishes the binding watermarking rule"
EVIL = "&lt;img src=x onerror=alert(1)&gt;" + "m" * 500
LINK = "http://gazette.test/" + "a" * 300
FEED = f"""<rss version="2.0"><channel><title>Gazette</title>
<item><title>{TITLE}</title><link>{LINK}</link><description>{TITLE}, it said.</description></item>
<item><title>{EVIL}</title><description>{EVIL}</description></item></channel></rss>"""


@pytest.fixture
def session(site: Site) -> str:
    client = Client()
    client.force_login(make_user("operator", "Editors", "Operators"))
    return client.cookies["sessionid"].value


def test_it_works(site: Site, session: str, page: Page, settings: Any) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.set_viewport_size({"width": 320, "height": 800})
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site.origin}])
    with Server() as server:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        server.routes["/feed"] = response(FEED.encode(), "Content-Type: application/rss+xml")
        page.goto(f"{site.origin}/desk/forecasts/evidencesource/add/")
        page.fill("#id_title", "Gazette")
        page.fill("#id_url", f"http://127.0.0.1:{server.port}/feed")
        page.get_by_role("button", name="Test fetch").click()
        page.get_by_role("heading", name="Test fetch: it worked").wait_for()
        assert page.url.endswith("/add/#trial")
        assert page.input_value("#id_title") == "Gazette"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (wide, [line for line in said if "favicon" not in line and "404" not in line]) == (0, [])
        for theme in THEMES:
            show_in(page, theme)
            assert broken(page) == []


def broken(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]
