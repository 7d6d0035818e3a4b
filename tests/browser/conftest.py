"""A site with hostile content on a port of its own, and a page of a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page

from forecasts.actions import record_article, save_reference
from forecasts.models import Article, Forecaster, Topic
from tests.browser.screenshots import chromium
from tests.browser.serving import browsing, served
from tests.story import DAY, DEADLINE, START, Story

EVIL = "<img src=x onerror=alert(1)>\u202e" + "m" * 2_000
ARABIC = "ستنشر هيئة الاتصالات قاعدة ملزمة للعلامات المائية"
IN_COMMON = 12
FIXED = (
    "/", "/predictions/", "/forecasters/", "/method/", "/ledger/", "/assessors/", "/nowhere/",
    "/predictions/?state=" + "x" * 300, "/topics/", "/topics/evil/", "/topics/empty/", "/calibration/", "/compare/",
    "/calibration/?topic=evil&from=2026-01", "/calibration/?track=" + "x" * 300,
    "/forecasters/policy-desk/", "/forecasters/policy-desk/?scale=log-odds", "/compare/?a=policy-desk&b=" + "w" * 70,
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
    long = save_reference(row=Forecaster(slug="w" * 70, name="W" * 200, kind="person"), at=START, by=story.editor)
    evil = save_reference(row=Topic(slug="evil", name=EVIL[:200], description=EVIL), at=START, by=story.editor)
    story.topic("empty")
    article = Article(
        publisher="P" * 200, title=EVIL[:500], text=EVIL + ARABIC, byline=EVIL[:300], key_takeaways=[EVIL, ARABIC]
    )
    record_article(article=article, at=START, by=story.editor)
    settled = [_settled(story, n, long, topics=[evil], article=article) for n in range(30)]
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
                article.get_absolute_url(),
                "/embed/forecasters/policy-desk/",
                *(f"/predictions/{slug}/" for slug in slugs),
                *(f"/embed/predictions/{slug}/" for slug in slugs[1:3]),
            ),
        )


def _settled(story: Story, n: int, other: Forecaster, **fields: Any) -> str:
    """A settled prediction; the first have been forecast by one more, with a name that has no end."""
    prediction = story.opened(**fields)
    story.says(prediction, 0.7)
    if n < IN_COMMON:
        story.says(prediction, 0.4, forecaster=other)
    story.passes(prediction)
    story.resolves(prediction, "yes" if n % 3 else "no", known_at=DEADLINE + DAY)
    return prediction.slug


@pytest.fixture
def page() -> Iterator[Page]:
    with browsing() as browser:
        yield browser.new_page()
