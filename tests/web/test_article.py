import datetime as dt
from typing import Any

import pytest
from django.test import Client

from forecasts.actions import NewMilestone, record_article
from forecasts.models import Article, Prediction
from tests.story import DAY, DEADLINE, START, Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
LATER = DEADLINE + 100 * DAY
TEXT = "The ministry met. A rule will come by June. A fine will follow by July. Nobody objected."
PAGE = "/articles/watermarks-are-coming/"


def archived(story: Story, **fields: Any) -> Article:
    given = {
        "publisher": "The Gazette",
        "title": "Watermarks are coming",
        "url": "https://gazette.test/1",
        "published_at": START,
        "text": TEXT,
        "headline": "A rule is near.",
        "what_changed": "A draft is finished.",
        "key_takeaways": ["Prepare now"],
        **fields,
    }
    milestones = [NewMilestone(dt.date(2027, 1, 1), "year", "The rule applies")]
    return record_article(article=Article(**given), milestones=milestones, at=START, by=story.editor)


def made_there(story: Story, article: Article, quote: str, *, as_draft: bool = False) -> Prediction:
    start = article.text.index(quote)
    place = {"article": article, "quote": quote, "quote_start": start, "quote_end": start + len(quote)}
    return (story.draft if as_draft else story.opened)(statement=quote, resolves_by=LATER, **place)


def test_it_works(client: Client, story: Story) -> None:
    prediction = made_there(story, archived(story), "A rule will come by June.")
    page = read(client, PAGE)
    assert in_order(
        page.text,
        "The Gazette, 1 January 2026",
        "Watermarks are coming",
        "A rule is near.",
        "Predictions made there",
        "A rule will come by June.",
        "What changed",
        "A draft is finished.",
        "Key takeaways",
        "Prepare now",
        "Milestones",
        "2027",
        "The rule applies",
        "Archived text",
        "The ministry met.",
    )
    assert f'<a href="/predictions/{prediction.slug}/"><mark>A rule will come by June.</mark></a>' in page.html


def test_a_draft_is_not_marked(client: Client, story: Story) -> None:
    article = archived(story)
    made_there(story, article, "A rule will come by June.")
    draft = made_there(story, article, "A fine will follow by July.", as_draft=True)
    page = read(client, PAGE)
    assert page.html.count("<mark>") == 1
    assert draft.slug not in page.html


def test_an_article_with_drafts_only_is_404(client: Client, story: Story) -> None:
    made_there(story, archived(story), "A rule will come by June.", as_draft=True)
    read(client, PAGE, status=404)


def test_it_answers_304_and_its_queries_do_not_grow(
    client: Client, story: Story, django_assert_max_num_queries: Any
) -> None:
    article = archived(story)
    for quote in ("A rule will come by June.", "A fine will follow by July."):
        story.says(made_there(story, article, quote), 0.5)
    with django_assert_max_num_queries(8):
        tag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304


def test_hostile_text_is_only_text(client: Client, story: Story) -> None:
    evil = "<script>alert(1)</script>"
    article = archived(
        story,
        text=f"{evil} A rule will come. " + "t" * 10_000,
        byline=evil,
        key_takeaways=[evil],
    )
    made_there(story, article, "A rule will come.")
    page = read(client, PAGE)
    assert page.text.count(evil) == 3
