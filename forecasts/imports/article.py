"""An insight article as it arrives: repaired, kept, and its predictions logged as drafts, all of it or nothing."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from forecasts.errors import Conflict
from forecasts.imports.insight import parse
from forecasts.imports.paste import Logged, Pick, keep_paste, kept_article, read_paste
from forecasts.ledger.append import By
from forecasts.models import Article


@dataclass(frozen=True)
class ImportedArticle:
    article: Article
    repaired_runs: int
    drafts: tuple[Logged, ...]


@transaction.atomic
def import_article(
    data: bytes | str, *, published_at: dt.datetime | None = None, url: str = "", at: dt.datetime, by: By
) -> ImportedArticle:
    """Parse `data`, keep the article with its milestones, and log every prediction that it lists as a draft.

    `published_at` is what relative dates count from. Raises Refused for text in no known layout, Conflict for an
    article that is already kept.
    """
    parse(data)  # refuses any other layout by name
    pasted = read_paste(data, published_at=published_at, url=url)
    if kept := kept_article(pasted.text, pasted.about):
        raise Conflict("article", kept.title, f"its text is already kept as {kept.slug}")
    picks = [Pick.as_suggested(candidate) for candidate in pasted.candidates if candidate.is_listed]
    kept_now = keep_paste(pasted=pasted, about=pasted.about, picks=picks, at=at, by=by)
    return ImportedArticle(kept_now.article, pasted.repaired_runs, kept_now.drafts)
