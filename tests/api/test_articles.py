"""/api/v1/articles/SLUG"""

from collections.abc import Callable

from tests.api.conftest import Get
from tests.api.world import article_of, draft_with_article
from tests.story import Story


def test_it_works(get: Get, story: Story) -> None:
    article = article_of(story, "Rules ahead", "The rule is likely.")
    prediction = story.opened(article=article, quote="The rule is likely.")
    body = get(f"articles/{article.slug}")
    assert (body["title"], body["publisher"], body["text"]) == (
        "Rules ahead",
        "The Ruritanian Courier",
        "The rule is likely.",
    )
    assert body["text_sha256"] == article.text_sha256
    assert [row["slug"] for row in body["predictions"]] == [prediction.slug]


def test_an_article_that_only_drafts_quote_does_not_exist(get: Get, story: Story) -> None:
    draft = draft_with_article(story, "Zubrowka")
    assert draft.article is not None
    assert get(f"articles/{draft.article.slug}", status=404) == get("articles/never-given", status=404)


def test_a_draft_is_not_listed_beside_the_public_predictions_of_its_article(get: Get, story: Story) -> None:
    article = article_of(story, "Rules ahead", "The rule is likely.")
    public = story.opened(article=article)
    story.draft(article=article)
    assert [row["slug"] for row in get(f"articles/{article.slug}")["predictions"]] == [public.slug]


def test_the_number_of_queries_does_not_grow_with_the_predictions(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    article = article_of(story, "Rules ahead", "The rule is likely.")
    story.says(story.opened(article=article), 0.4)
    few = count_queries(f"articles/{article.slug}")
    for _ in range(4):
        story.says(story.opened(article=article), 0.4)
    assert count_queries(f"articles/{article.slug}") == few <= 7
