"""Keeping an article: once per publisher, its text for good."""

import datetime as dt

import pytest
from django.db import Error, connection, transaction

from forecasts.actions import NewMilestone, action, amend_article, record_article
from forecasts.errors import Conflict
from forecasts.models import Article, EntryKind, LedgerEntry
from tests.refusals import refused
from tests.story import DAY, START, Story


def new(**given: str) -> Article:
    return Article(**{"publisher": "Wire", "title": "Weather", "url": "https://wire.test/1", "text": "Rain.", **given})


def test_it_works(story: Story) -> None:
    milestones = [NewMilestone(dt.date(2025, 3, 1), "month", "It rained.")]
    article = record_article(article=new(), milestones=milestones, at=START, by=story.editor)
    assert (article.slug, article.imported_at) == ("weather", START)
    assert str(article.milestones.get()) == "2025-03: It rained."
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.ARTICLE_IMPORTED, f"article:{article.pk}")


@pytest.mark.parametrize(
    ("given", "field", "value", "accepted"),
    [
        ({"url": "https://wire.test/2"}, "article", "Weather", "its text is already kept as weather"),
        ({"text": "Snow."}, "url", "https://wire.test/1", "it is already kept as weather"),
    ],
)
def test_the_same_text_or_url_is_kept_once(
    story: Story, given: dict[str, str], field: str, value: str, accepted: str
) -> None:
    record_article(article=new(), at=START, by=story.editor)
    with refused(field, value, accepted, Conflict):
        record_article(article=new(**given), at=START, by=story.editor)


def test_another_publisher_may_print_the_same(story: Story) -> None:
    record_article(article=new(), at=START, by=story.editor)
    assert record_article(article=new(publisher="Gazette"), at=START, by=story.editor).slug == "weather-2"


@pytest.mark.parametrize("field", ["title", "publisher"])
def test_title_and_publisher_are_needed(story: Story, field: str) -> None:
    with refused(field, "' '", "publish" if field == "publisher" else "title"):
        record_article(article=new(**{field: " "}), at=START, by=story.editor)


def test_its_summary_may_change_and_its_text_may_not(story: Story) -> None:
    article = record_article(article=new(), at=START, by=story.editor)
    article.headline, article.text = "Wet", "Sun."
    amend_article(article=article, at=START + DAY, by=story.editor)
    article.refresh_from_db()
    assert (article.headline, article.text) == ("Wet", "Rain.")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        rewrite(article=article)


@action
def rewrite(*, article: Article) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE forecasts_article SET text = 'Sun.' WHERE id = %s", [article.pk])
