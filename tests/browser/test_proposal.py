"""Deciding a proposal with the keyboard in a real browser, and what axe and the console say of the page."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

from tests.browser.serving import served
from tests.browser.themes import THEMES, show_in
from tests.story import DAY, DEADLINE, START, Story

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Waiting:
    pages: tuple[str, ...]
    session: str


@pytest.fixture
def waiting(own_database: str) -> Waiting:
    """Two proposals, and a login of who decides. Made first: beside the browser's loop Django refuses to."""
    story = Story.begin()
    rows = []
    for day in (1, 2):
        prediction = story.opened(criteria="Yes if the gazette carries it. " + "m" * 300)
        story.says(prediction, 0.7)
        finding = story.sees(prediction, at=START + day * DAY)
        rows.append(story.proposes_from(prediction, "yes", [finding], known_at=DEADLINE + day * DAY))
    client = Client()
    client.force_login(story.approver)
    pages = tuple(f"/desk/forecasts/proposal/{row.pk}/change/" for row in rows)
    return Waiting(pages, client.cookies["sessionid"].value)


def test_it_works(waiting: Waiting, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": 320, "height": 800})
    with served() as origin:
        page.context.add_cookies([{"name": "sessionid", "value": waiting.session, "url": origin}])
        addresses = waiting.pages
        page.goto(origin + addresses[0])
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (wide, said) == (0, [])
        for theme in THEMES:
            show_in(page, theme)
            assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
        said.clear()  # axe measures with styles of its own, which the policy forbids
        page.keyboard.press("j")
        page.wait_for_url(origin + addresses[1])
        page.keyboard.press("k")
        page.wait_for_url(origin + addresses[0])
        page.keyboard.press("r")
        assert page.evaluate("document.activeElement.value") == "Reject or not yet"
        page.keyboard.press("a")
        assert page.evaluate("document.activeElement.value") == "Accept"
        page.focus("#accept_note")
        page.keyboard.type("a jury")  # what is typed into a field is no command
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Accepted: ").wait_for()
        assert said == []
        page.goto(origin + addresses[0])
        assert page.get_by_text("a jury").count() == 1
