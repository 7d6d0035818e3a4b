"""What many rows cite: articles by slug, and where each quote stands in them, with few texts in memory at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forecasts.errors import Refused
from forecasts.models import Article, Forecast

from .values import NOT_VERBATIM

TEXTS_AT_ONCE = 20


@dataclass(frozen=True)
class Cited:
    """An article without its text, and where in it each quote begins; below 0 where it does not stand."""

    article: int
    starts: Mapping[str, int]


def cited_by(rows: Iterable[object]) -> dict[str, Cited]:
    """By slug, what exists of all that `rows` name as `article`."""
    quotes: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        article, quote = (row.get("article"), row.get("quote")) if isinstance(row, Mapping) else (None, None)
        if isinstance(article, str):
            quotes[article].update([quote] if quote and isinstance(quote, str) else [])
    texts = Article.objects.filter(slug__in=quotes).values_list("slug", "pk", "text")
    return {
        slug: Cited(pk, {quote: text.find(quote) for quote in quotes[slug]})
        for slug, pk, text in texts.iterator(chunk_size=TEXTS_AT_ONCE)
    }


def cite(forecast: Forecast, given: Mapping[str, Any], cited: Mapping[str, Cited]) -> None:
    """As `issue_forecast` does with a citation. Raises Refused where the article or the quote in it is missing."""
    slug, quote = given.get("article", ""), given.get("quote", "")
    if not (slug or quote):
        return
    if slug not in cited:
        raise Refused("article", slug, "give the slug of an article that exists")
    start = cited[slug].starts.get(quote, -1)
    if start < 0:
        raise Refused("quote", quote, NOT_VERBATIM)
    forecast.article_id, forecast.quote = cited[slug].article, quote
    forecast.quote_start, forecast.quote_end = start, start + len(quote)
