"""What the pages say to programs: absolute addresses, previews, feeds and data; and how long answers may be kept."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.story import DAY, DEADLINE, Story
from tests.web.reading import Page, read

pytestmark = pytest.mark.django_db
HERE = "https://reckoner.example"
EVIL = '</script><script>alert(1)</script><!-- " \u2028 &'
PAGES = (
    "/",
    "/predictions/",
    "/forecasters/",
    "/method/",
    "/ledger/",
    "/assessors/",
    "/recap/2026-W27/",
    "/year/2026/",
)


@pytest.fixture(autouse=True)
def here(settings: Any) -> None:
    settings.SITE_URL = HERE


def meta(page: Page, name: str) -> str:
    found = re.findall(rf'<meta (?:property|name)="{name}" content="([^"]*)">', page.html)
    assert len(found) == 1, (name, found)
    return str(found[0])


def linked(page: Page, rel: str) -> list[str]:
    return re.findall(rf'<link rel="{rel}"[^>]* href="([^"]+)"', page.html)


def test_it_works(client: Client, story: Story) -> None:
    row = story.settled(0.7, "no", statement="A rule will come by June.")
    page = read(client, row.get_absolute_url())
    assert linked(page, "canonical") == [meta(page, "og:url")] == [f"{HERE}{row.get_absolute_url()}"]
    assert meta(page, "og:title") == "A rule will come by June."
    assert meta(page, "og:description") == "It did not happen"
    assert meta(page, "og:image") == f"{HERE}/cards/predictions/{row.slug}.png"
    assert meta(page, "twitter:card") == "summary_large_image"
    assert f"{HERE}/feeds/resolutions.atom" in linked(page, "alternate")
    assert f"Reckoner, {HERE}{row.get_absolute_url()}, ledger entry " in page.text
    assert page.data == []  # nothing is claimed unless the site switches that on


@pytest.mark.parametrize("address", PAGES)
def test_every_page_names_itself_and_the_feeds(client: Client, story: Story, address: str) -> None:
    story.settled(0.7, "yes")
    page = read(client, address)
    assert linked(page, "canonical") == [meta(page, "og:url")] == [f"{HERE}{address}"]
    assert meta(page, "og:title")
    assert meta(page, "og:description")
    for feed in linked(page, "alternate"):
        assert client.get(feed.removeprefix(HERE)).status_code == 200


def test_what_is_not_there_names_no_address(client: Client) -> None:
    assert linked(read(client, "/nowhere/", status=404), "canonical") == []


def test_a_scorecard_is_a_dataset(client: Client, story: Story) -> None:
    story.settled(0.7, "yes")
    story.scores()
    page = read(client, "/forecasters/policy-desk/")
    (data,) = map(json.loads, page.data)
    assert (data["@context"], data["@type"], data["name"]) == ("https://schema.org", "Dataset", "Policy desk")
    assert data["url"] == f"{HERE}/forecasters/policy-desk/"
    assert data["distribution"]["contentUrl"] == f"{HERE}/api/v1/scorecards/forecaster/policy-desk"
    assert client.get("/api/v1/scorecards/forecaster/policy-desk").json()["headline"]["digest"] == data["identifier"]
    assert f"{HERE}/feeds/forecasters/policy-desk.atom" in linked(page, "alternate")


def test_a_claim_is_reviewed_where_the_site_wants_it(client: Client, story: Story, settings: Any) -> None:
    settings.CLAIM_REVIEW = True
    row = story.settled(0.7, "no", statement=EVIL)
    page = read(client, row.get_absolute_url())
    (data,) = map(json.loads, page.data)
    assert (data["@type"], data["claimReviewed"]) == ("ClaimReview", EVIL)
    assert data["reviewRating"] == {
        "@type": "Rating", "ratingValue": 1, "bestRating": 5, "worstRating": 1, "alternateName": "It did not happen",
    }  # fmt: skip
    assert data["datePublished"] == (DEADLINE + DAY).isoformat()
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("outcome", ["", "premise_failed", "Anthropic"])
def test_only_what_proved_true_or_false_is_reviewed(client: Client, story: Story, settings: Any, outcome: str) -> None:
    settings.CLAIM_REVIEW = True
    row = story.choice("Anthropic", "OpenAI") if outcome == "Anthropic" else story.opened()
    if outcome:
        story.resolves(row, outcome, known_at=DEADLINE)
    assert read(client, row.get_absolute_url()).data == []


def test_hostile_text_is_only_text(client: Client, story: Story) -> None:
    row = story.settled(0.7, "no", statement=EVIL)
    page = read(client, row.get_absolute_url())
    assert "<script>alert" not in page.html
    assert meta(page, "og:title").startswith("&lt;/script&gt;")


@pytest.mark.parametrize(
    "address", [*PAGES, "/feeds/resolutions.atom", "/feeds/deadlines.ics", "/sitemaps/pages.xml", "/robots.txt"]
)
def test_nothing_depends_on_what_a_request_calls_this_host(
    client: Client, story: Story, settings: Any, address: str
) -> None:
    settings.ALLOWED_HOSTS = ["one.test", "other.test"]
    story.settled(0.7, "yes")
    one, other = (client.get(address, headers={"host": host}) for host in ("one.test", "other.test"))
    assert (one.status_code, one.content, one["ETag"]) == (200, other.content, other["ETag"])
    assert b".test" not in one.content.replace(b"gazette.test", b"")
    assert client.get(address, headers={"host": "evil.test"}).status_code == 400


def test_another_address_of_the_site_is_another_answer(client: Client, settings: Any) -> None:
    before = client.get("/robots.txt")["ETag"]
    settings.SITE_URL = "https://moved.example"
    assert client.get("/robots.txt", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "kept"),
    [
        ("/", 200, "public, no-cache"),
        ("/recap/", 302, "no-store"),
        ("/nowhere/", 404, "no-store"),
        ("/predictions/none/", 404, "no-store"),
        ("/predictions/?x=1", 400, "no-store"),
        ("/api/v1/nothing", 404, "no-store"),
        ("/cards/predictions/none.png", 404, "no-store"),
    ],
)
def test_what_is_no_answer_is_kept_nowhere(client: Client, address: str, status: int, kept: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (status, kept)
    assert "Cookie" not in answer.get("Vary", "")


def test_the_desk_is_kept_nowhere(client: Client, story: Story) -> None:
    client.force_login(story.editor)
    answer = client.get("/desk/")
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_topic_can_be_followed_from_its_list(client: Client, story: Story) -> None:
    story.says(story.opened(topics=[story.topic("rules")]), 0.5)
    page = read(client, "/predictions/?topic=rules")
    assert f"{HERE}/feeds/topics/rules.atom" in linked(page, "alternate")
    assert {"/feeds/topics/rules.atom", "/feeds/topics/rules.ics"} <= set(page.links)
    assert linked(page, "canonical") == [f"{HERE}/predictions/?topic=rules"]
    assert "/feeds/topics/" not in read(client, "/predictions/?topic=none").html
