import datetime as dt
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from forecasts.actions import record_article
from forecasts.models import Article
from tests.story import DAY, DEADLINE, START, Story

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HERE = "https://reckoner.example"


@pytest.fixture(autouse=True)
def here(settings: Any) -> None:
    settings.SITE_URL = HERE


def listed(client: Client, address: str) -> dict[str, str | None]:
    """The paths in a document, each with its time."""
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    rows = {row.findtext(f"{SPACE}loc"): row.findtext(f"{SPACE}lastmod") for row in fromstring(answer.content)}
    assert all(url.startswith(f"{HERE}/") for url in rows)
    return {url.removeprefix(HERE): at for url, at in rows.items()}


@pytest.fixture
def site(story: Story) -> Story:
    article = Article(publisher="The Gazette", title="Watermarks", text="A rule will come.", published_at=START)
    article = record_article(article=article, at=START, by=story.editor)
    for n in range(3):
        story.settled(0.7, "yes", article=article, statement=f"Rule {n} will come by June.")
    story.draft(statement="A secret draft will come by June.")
    story.forecaster("nobody")
    return story


def test_it_works(client: Client, site: Story) -> None:
    assert list(listed(client, "/sitemap.xml")) == [
        f"/sitemaps/{name}.xml" for name in ("pages", "predictions-1", "forecasters-1", "articles-1")
    ]
    resolved = (DEADLINE + DAY).isoformat()
    assert set(listed(client, "/sitemaps/predictions-1.xml").values()) == {resolved}
    assert len(listed(client, "/sitemaps/predictions-1.xml")) == 3
    assert listed(client, "/sitemaps/articles-1.xml") == {"/articles/watermarks/": START.isoformat()}
    assert listed(client, "/sitemaps/forecasters-1.xml") == {"/forecasters/policy-desk/": None}
    pages = listed(client, "/sitemaps/pages.xml")
    assert pages["/recap/2026-W28/"] == "2026-07-13T00:00:00+00:00"
    assert not {"/recap/2026-W29/", "/year/2026/"} & set(pages)  # they are not over
    assert "/recap/2026-W01/" in pages
    assert "/recap/2025-W52/" not in pages


def test_every_page_that_is_listed_is_there(client: Client, site: Story) -> None:
    for part in listed(client, "/sitemap.xml"):
        for path in list(listed(client, part))[:9]:
            assert client.get(path).status_code == 200, path


def test_changed_criteria_are_a_change(client: Client, site: Story) -> None:
    row = site.opened(statement="Another one will come by June.")
    site.amends(row, {"fine_print": "In any language."}, at=START + 3 * DAY)
    assert listed(client, "/sitemaps/predictions-1.xml")[row.get_absolute_url()] == (START + 3 * DAY).isoformat()


def test_files_hold_no_more_than_they_may(client: Client, site: Story, monkeypatch: Any) -> None:
    monkeypatch.setattr("forecasts.queries.sitemap.PER_FILE", 2)
    names = [name for name in listed(client, "/sitemap.xml") if "predictions" in name]
    assert names == ["/sitemaps/predictions-1.xml", "/sitemaps/predictions-2.xml"]
    parts = [listed(client, name) for name in names]
    assert [len(part) for part in parts] == [2, 1]
    assert len({**parts[0], **parts[1]}) == 3


@pytest.mark.parametrize(
    "name", ["predictions-0", "predictions-01", "predictions-2", "predictions", "predictions-x", "drafts-1", "pages-1"]
)
def test_another_file_is_404(client: Client, site: Story, name: str) -> None:
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_an_empty_site_has_its_fixed_pages(client: Client, db: None) -> None:
    assert list(listed(client, "/sitemap.xml")) == ["/sitemaps/pages.xml"]
    assert "/method/" in listed(client, "/sitemaps/pages.xml")


def test_robots_are_kept_from_the_desk_and_shown_the_sitemap(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines == ["User-agent: *", "Disallow: /desk/", "Disallow: /embed/", "", f"Sitemap: {HERE}/sitemap.xml"]


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemaps/predictions-1.xml", "/sitemaps/pages.xml"])
def test_it_answers_304_with_few_queries(
    client: Client, site: Story, django_assert_max_num_queries: Any, address: str
) -> None:
    with django_assert_max_num_queries(5):
        tag = client.get(address)["ETag"]
    with django_assert_max_num_queries(2):
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_site_that_began_in_another_year_lists_that_year(client: Client, story: Story, clock: Any) -> None:
    story.opened()
    clock.now = dt.datetime(2028, 1, 3, tzinfo=dt.UTC)
    assert {"/year/2026/", "/year/2027/"} <= set(listed(client, "/sitemaps/pages.xml"))
