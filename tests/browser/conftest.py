"""A site with hostile content on a port of its own, and a page of a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser.screenshots import chromium
from tests.browser.serving import browsing, served
from tests.story import DEADLINE, START, Story

EVIL = "<img src=x onerror=alert(1)>\u202e" + "m" * 2_000
ARABIC = "ستنشر هيئة الاتصالات قاعدة ملزمة للعلامات المائية"
FIXED = (
    "/", "/predictions/", "/forecasters/", "/method/", "/ledger/", "/assessors/", "/nowhere/",
    "/predictions/?state=" + "x" * 300,
)  # fmt: skip

WEEKS = ("/recap/2026-W01/", "/year/2026/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser none of its tests begins: making their site takes seconds each."""
    if chromium() is None:
        skipped = pytest.mark.skip(reason="there is no Chromium here (Debian: apt install chromium)")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skipped)


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
    with served() as origin:
        yield Site(
            origin=origin,
            addresses=(
                *FIXED,
                *WEEKS,
                "/forecasters/policy-desk/",
                "/embed/forecasters/policy-desk/",
                *(f"/predictions/{slug}/" for slug in slugs),
                *(f"/embed/predictions/{slug}/" for slug in slugs[1:3]),
            ),
        )


@pytest.fixture
def page() -> Iterator[Page]:
    with browsing() as browser:
        yield browser.new_page()
