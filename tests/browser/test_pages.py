"""Every reader page in a real browser: no scroll to the side, nothing blocked by the policy, nothing run, no script."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site

WIDTHS = (320, 1280)

pytestmark = pytest.mark.browser


def test_every_page_fits_and_obeys_its_policy(site: Site, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for address in site.addresses:
            page.goto(site.origin + address)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide == 0, f"{address[:60]} is {wide} px too wide at {width}"
            assert page.locator("script:not([type='application/ld+json'])").count() == 0
    unexpected = [line for line in said if "the server responded with a status of 40" not in line]
    assert unexpected == []


def test_a_keyboard_reaches_the_content_first(site: Site, page: Page) -> None:
    page.goto(site.origin)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_filters_work_without_a_script(site: Site, page: Page) -> None:
    page.goto(f"{site.origin}/predictions/")
    page.get_by_label("State").select_option("open")
    with page.expect_navigation():
        page.get_by_role("button", name="Show").click()
    assert "state=open" in page.url
    assert page.locator(".rows > li").count() == 2
