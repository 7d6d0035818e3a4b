"""Keep an article: its text as it was read, its summary and the milestones it names."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from forecasts.errors import Conflict
from forecasts.ledger.append import By, append
from forecasts.models import Article, EntryKind, Milestone

from .base import action, require
from .values import free_slug, require_text, require_web_url


@dataclass(frozen=True)
class NewMilestone:
    date: dt.date
    precision: str
    text: str


@action
def record_article(*, article: Article, milestones: Sequence[NewMilestone] = (), at: dt.datetime, by: By) -> Article:
    """Insert `article` with its milestones. Raises Conflict when this publisher's text or URL is already kept."""
    require(by, "keep_predictions", "record an article")
    require_text("title", article.title, "give the article's title")
    require_text("publisher", article.publisher, "name who published it")
    require_web_url("url", article.url)
    article.text_sha256 = hashlib.sha256(article.text.encode()).hexdigest()
    same = Article.objects.filter(publisher=article.publisher)
    if kept := same.filter(text_sha256=article.text_sha256).first():
        raise Conflict("article", article.title, f"its text is already kept as {kept.slug}")
    if article.url and (kept := same.filter(url=article.url).first()):
        raise Conflict("url", article.url, f"it is already kept as {kept.slug}; its archived text never changes")
    article.slug = free_slug(Article, article.title)
    article.imported_at = at
    article.save(force_insert=True)
    Milestone.objects.bulk_create(
        Milestone(article=article, date=new.date, precision=new.precision, text=new.text) for new in milestones
    )
    append(EntryKind.ARTICLE_IMPORTED, subject=f"article:{article.pk}", content=_content(article), at=at, by=by)
    return article


def _content(article: Article) -> dict[str, object]:
    return {
        "slug": article.slug,
        "publisher": article.publisher,
        "title": article.title,
        "url": article.url,
        "published_at": article.published_at,
        "text_sha256": article.text_sha256,
        "milestones": [[row.date_words, row.text] for row in article.milestones.all()],
    }


@action
def amend_article(*, article: Article, at: dt.datetime, by: By) -> Article:
    """Save the changed summary of an article; its text, publisher and URL stay as they were archived."""
    require(by, "keep_predictions", "amend an article")
    require_text("title", article.title, "give the article's title")
    article.save(update_fields=AMENDABLE)
    append(EntryKind.ARTICLE_IMPORTED, subject=f"article:{article.pk}", content=_content(article), at=at, by=by)
    return article


AMENDABLE = (
    "title",
    "byline",
    "published_at",
    "headline",
    "what_changed",
    "why_it_matters",
    "what_to_do_next",
    "who_should_care",
)
