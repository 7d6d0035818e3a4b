"""An article and the public predictions made in it. It is public once one of them is."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from forecasts.models import Article, Milestone, Prediction


@dataclass(frozen=True)
class ArticlePage:
    article: Article
    milestones: tuple[Milestone, ...]
    quoted: tuple[Prediction, ...]
    """Public predictions with a quote, in the order of the text."""


def public_articles() -> QuerySet[Article]:
    """Articles with at least one public prediction; one with drafts only would tell of them."""
    return Article.objects.filter(Exists(Prediction.objects.public().filter(article=OuterRef("pk"))))


def article_page(article: Article) -> ArticlePage:
    quoted = Prediction.objects.public().filter(article=article, quote_start__isnull=False)
    return ArticlePage(
        article=article,
        milestones=tuple(article.milestones.all()),
        quoted=tuple(quoted.order_by("quote_start", "pk")),
    )
