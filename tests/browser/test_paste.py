"""Pasting an article in a real browser on a phone, scripts switched off: it fits, obeys the policy and counts ticks."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.browser.serving import browsing, served
from tests.journeys.desk import PASTE
from tests.story import Story

TEXT = f"""Plan

The Ministry of Energy will publish a grid code by 2027. Officials say that prices could double within two years.
{"w" * 2_000} will rise by 2030.
<img src=x onerror=alert(1)>\u202e
"""

pytestmark = pytest.mark.browser


@pytest.fixture
def page(own_database: str) -> Iterator[Page]:
    """The first page of the flow, with an editor logged in."""
    client = Client()
    client.force_login(Story.begin().editor)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with served() as origin, browsing() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": origin}])
        page = context.new_page()
        page.goto(origin + PASTE)
        yield page


def test_from_paste_to_drafts_on_a_phone_without_scripts(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.get_by_label("Article", exact=False).first.fill(TEXT)
    with page.expect_navigation():
        page.get_by_role("button", name="Find predictions").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".paste-text mark").count() == page.locator(".paste-card").count() == 2
    page.get_by_label("Publisher").fill("Energy Wire")
    with page.expect_navigation():
        page.get_by_label("Publisher").press("Enter")  # the first button reads again, and saves nothing
    assert "Review: 2 candidates" in page.title()
    assert "kept already" not in page.content()
    page.get_by_label("Candidate 2", exact=False).last.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Save drafts").click()
    assert "2 drafts were saved." in page.locator(".messagelist").inner_text()
    assert [line for line in said if "Content Security Policy" in line] == []
