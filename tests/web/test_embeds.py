import json
from typing import Any
from urllib.parse import quote

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.utils import translation

from forecasts.actions import merge_forecasters, record_article
from forecasts.actions.issue_forecast import Citation
from forecasts.models import Article, Prediction
from tests.story import DAY, DEADLINE, START, Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
HERE = "https://reckoner.example"
EVIL = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def here(settings: Any) -> None:
    settings.SITE_URL = HERE


def said(story: Story, **fields: Any) -> Prediction:
    prediction = story.opened(**fields)
    story.says(prediction, 0.7)
    return prediction


def asked(client: Client, url: str, status: int = 200, **given: object) -> Any:
    answer = client.get("/oembed", {"url": url, **given})
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    return answer.json()


def test_it_works(client: Client, story: Story) -> None:
    row = said(story, statement="A rule will come by June.")
    page = read(client, f"/embed{row.get_absolute_url()}")
    assert in_order(
        page.text, "Not yet rated by us", "A rule will come by June.", "70 % said by Policy desk", "by 30 June 2026"
    )
    assert set(page.links) == {f"{HERE}{row.get_absolute_url()}"}
    card = read(client, "/embed/forecasters/policy-desk/")
    assert in_order(
        card.text,
        "Scorecard",
        "Policy desk",
        "The only prediction does not count yet",
        "1 prediction of yes or no made",
    )


@pytest.mark.parametrize("kind", ["predictions", "forecasters"])
def test_only_embeds_may_stand_in_a_frame(client: Client, story: Story, kind: str) -> None:
    path = {"predictions": said(story).get_absolute_url(), "forecasters": "/forecasters/policy-desk/"}[kind]
    framed, page = client.get(f"/embed{path}"), client.get(path)
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "default-src 'none'" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert not framed.cookies
    assert b"<script" not in framed.content
    assert b"<form" not in framed.content


def test_drafts_and_strangers_are_nowhere(client: Client, story: Story) -> None:
    draft = story.draft()
    for path in (f"predictions/{draft.slug}/", "forecasters/policy-desk/", "articles/none.svg"):
        assert client.get(f"/embed/{path}").status_code == 404
    assert client.get("/oembed", {"url": f"{HERE}{draft.get_absolute_url()}"}).status_code == 404


def test_who_was_merged_leads_to_who_stays(client: Client, story: Story) -> None:
    old, new = story.forecaster("old-lab"), story.forecaster("new-lab")
    story.says(story.opened(), 0.5, forecaster=old)
    merge_forecasters(forecaster=old, into=new, at=DEADLINE, by=story.editor)
    assert client.get("/embed/forecasters/old-lab/")["Location"] == "/embed/forecasters/new-lab/"


def test_hostile_text_is_only_text(client: Client, story: Story) -> None:
    row = said(story, statement=EVIL)
    page = read(client, f"/embed{row.get_absolute_url()}")
    assert EVIL in page.text
    markup = asked(client, f"{HERE}{row.get_absolute_url()}")["html"]
    assert "<script" not in markup
    assert markup.count("<") == 2  # the frame, opened and closed
    whole = read(client, row.get_absolute_url())
    assert f"{HERE}/embed{row.get_absolute_url()}" in whole.text  # the markup to copy, as text
    assert "<iframe" not in whole.html


def test_programs_are_told_how_to_embed(client: Client, story: Story) -> None:
    row = said(story, statement="A rule will come by June.")
    url = f"{HERE}{row.get_absolute_url()}"
    found = asked(client, url)
    assert (found["version"], found["type"], found["title"]) == ("1.0", "rich", "A rule will come by June.")
    assert (found["width"], found["height"]) == (560, 260)
    assert found["html"] == (
        f'<iframe src="{HERE}/embed{row.get_absolute_url()}" title="A rule will come by June." width="560" '
        'height="260" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )
    assert found["thumbnail_url"] == f"{HERE}/cards/predictions/{row.slug}.png"
    assert asked(client, f"{HERE}/forecasters/policy-desk/", format="json")["height"] == 390
    discovered = f'href="{HERE}/oembed?url={quote(url, safe="")}"'
    assert discovered in client.get(row.get_absolute_url()).content.decode()


def test_nothing_is_larger_than_it_may_be(client: Client, story: Story) -> None:
    url = f"{HERE}{said(story).get_absolute_url()}"
    small = asked(client, url, maxwidth=300, maxheight=100)
    assert (small["width"], small["height"]) == (300, 100)
    assert 'width="300" height="100"' in small["html"]
    assert "thumbnail_url" not in small
    assert "thumbnail_url" not in asked(client, url, maxheight=629)
    assert "thumbnail_url" in asked(client, url, maxwidth=1200, maxheight=630)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "url"),
        ({"url": "https://evil.test/predictions/a/"}, "url"),
        ({"url": f"{HERE}.evil.test/predictions/a/"}, "url"),
        ({"url": f"{HERE}@evil.test/predictions/a/"}, "url"),
        ({"url": "http://reckoner.example/predictions/a/"}, "url"),
        ({"url": "//reckoner.example/predictions/a/"}, "url"),
        ({"url": "/predictions/a/"}, "url"),
        ({"url": "http://[x/"}, "url"),
        ({"url": HERE, "maxwidth": "0"}, "url"),
        ({"url": f"{HERE}/", "maxwidth": "0"}, "maxwidth"),
        ({"url": f"{HERE}/", "maxwidth": "1e3"}, "maxwidth"),
        ({"url": f"{HERE}/", "maxheight": "-5"}, "maxheight"),
        ({"url": f"{HERE}/", "maxheight": "9" * 5_000}, "maxheight"),
        ({"url": f"{HERE}/", "callback": "x"}, "callback"),
        ({"url": [f"{HERE}/", f"{HERE}/"]}, "url"),
    ],
)
def test_what_is_not_accepted_is_named(client: Client, given: dict[str, Any], named: str) -> None:
    answer = client.get("/oembed", given)
    assert (answer.status_code, answer["Cache-Control"]) == (400, "no-store")
    assert answer.json()["error"].startswith(f"{named}: ")
    assert len(answer.content) < 1_000


@pytest.mark.parametrize(
    "path", ["/", "/predictions/", "/predictions/none/", "/articles/none/", "/desk/", "/x", "/embed/x/"]
)
def test_what_cannot_be_embedded_is_404(client: Client, path: str) -> None:
    assert client.get("/oembed", {"url": f"{HERE}{path}"}).status_code == 404


def test_xml_is_not_given(client: Client, story: Story) -> None:
    assert asked(client, f"{HERE}{said(story).get_absolute_url()}", 501, format="xml") == {
        "error": "format: only json is given"
    }


def in_article(story: Story, article: Article, said: float, outcome: str = "") -> None:
    row = story.opened(article=article, resolves_by=DEADLINE)
    story.says(row, said, citation=Citation(article, "A rule will come."))
    story.says(row, 1 - said, at=START + DAY, forecaster=story.forecaster(f"other-{row.pk}"))  # said elsewhere
    if outcome:
        story.resolves(row, outcome, known_at=DEADLINE)


def test_the_badge_counts_what_the_article_said(client: Client, story: Story) -> None:
    article = Article(publisher="The Gazette", title="Watermarks", text="A rule will come.", published_at=START)
    article = record_article(article=article, at=START, by=story.editor)
    address = "/embed/articles/watermarks.svg"
    assert client.get(address).status_code == 404  # nothing public was predicted there
    story.draft(article=article)
    for said_there, outcome in ((0.8, "yes"), (0.3, "no"), (0.9, "no"), (0.8, "premise_failed"), (0.6, "")):
        in_article(story, article, said_there, outcome)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    title = fromstring(answer.content).findtext("{http://www.w3.org/2000/svg}title")
    assert title == "4 of 5 predictions settled: 2 right, 1 wrong, 1 void"
    with translation.override("de"):
        assert client.get(address).content == answer.content
    assert f'<img src="{HERE}{address}"' in read(client, "/articles/watermarks/").text


@pytest.mark.parametrize(
    ("address", "most"),
    [("/embed{}", 4), ("/embed/forecasters/policy-desk/", 6), ("/oembed?url=https://reckoner.example{}", 3)],
)
def test_it_answers_304_with_few_queries(
    client: Client, story: Story, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    path = address.format(said(story).get_absolute_url())
    with django_assert_max_num_queries(most + 2):
        tag = client.get(path)["ETag"]
    with django_assert_max_num_queries(3):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_the_answer_is_json_whatever_the_statement(client: Client, story: Story) -> None:
    row = said(story, statement="“Ü” \\ \u2028 will come.")
    assert (
        json.loads(client.get("/oembed", {"url": f"{HERE}{row.get_absolute_url()}"}).content)["title"] == row.statement
    )
