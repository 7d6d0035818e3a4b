"""An article and the public predictions made in it. It is public once one of them is."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from forecasts.models import Article, Milestone, Prediction, Resolution

from .last_words import HIT, MISS, last_words


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


@dataclass(frozen=True)
class ArticleRecord:
    """What became of the predictions made in an article. Right are those whose forecasts there all leant towards what
    happened, wrong those of which one leant away.
    """

    made: int
    settled: int
    void: int
    right: int
    wrong: int


def article_record(article: Article) -> ArticleRecord:
    public = Prediction.objects.public().filter(article=article)
    counts = public.aggregate(
        made=Count("pk"), settled=Count("current_resolution"), void=Count("pk", filter=Q(status="void"))
    )
    words = list(last_words(Resolution.objects.filter(current_for__in=public), Q(article=article)))
    wrong = {word.prediction for word in words if word.leant == MISS}
    right = {word.prediction for word in words if word.leant == HIT} - wrong
    return ArticleRecord(**counts, right=len(right), wrong=len(wrong))
