"""An insight article as it arrives: repaired, kept, and its predictions logged as drafts, all of it or nothing."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from forecasts.actions import NewMilestone, lint_prediction, log_prediction, record_article, save_reference
from forecasts.imports.insight import InsightArticle, InsightClaim, parse
from forecasts.language.deadlines import Deadline, Unreadable, read_deadline
from forecasts.language.lint import Failure
from forecasts.language.wording import imply
from forecasts.ledger.append import By
from forecasts.models import Article, Basis, Forecaster, ForecasterKind, Prediction

NO_DATE = "the statement names no date"


@dataclass(frozen=True)
class Logged:
    """A draft, and what the lint says stands in the way of opening it."""

    prediction: Prediction
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class ImportedArticle:
    article: Article
    repaired_runs: int
    drafts: tuple[Logged, ...]


def import_article(
    data: bytes | str, *, published_at: dt.datetime | None = None, url: str = "", at: dt.datetime, by: By
) -> ImportedArticle:
    """Parse `data`, keep the article with its milestones, and log every prediction in it as a draft.

    `published_at` is what relative dates count from. Raises Refused for text in no known layout, Conflict for an
    article that is already kept.
    """
    parsed = parse(data)
    with transaction.atomic():
        article = record_article(
            article=_article(parsed, published_at, url or parsed.url),
            milestones=[NewMilestone(row.date, row.precision, row.text) for row in parsed.milestones],
            at=at,
            by=by,
        )
        publication = _publication(parsed.publisher, at, by)
        drafts = [
            log_prediction(prediction=_draft(article, claim, publication), at=at, by=by) for claim in parsed.claims
        ]
    return ImportedArticle(article, parsed.repaired_runs, tuple(Logged(row, lint_prediction(row)) for row in drafts))


def _article(parsed: InsightArticle, published_at: dt.datetime | None, url: str) -> Article:
    return Article(
        publisher=parsed.publisher,
        title=parsed.title,
        url=url,
        published_at=published_at,
        text=parsed.text,
        headline=parsed.headline,
        what_changed=parsed.what_changed,
        why_it_matters=parsed.why_it_matters,
        what_to_do_next=parsed.what_to_do_next,
        who_should_care=parsed.who_should_care,
        key_takeaways=list(parsed.key_takeaways),
    )


def _publication(name: str, at: dt.datetime, by: By) -> Forecaster:
    """Whoever published it is credited with what its wording implies."""
    slug = slugify(name)
    row = Forecaster.objects.filter(slug=slug).first()
    return row or save_reference(row=Forecaster(slug=slug, name=name, kind=ForecasterKind.PUBLICATION), at=at, by=by)


def _draft(article: Article, claim: InsightClaim, publication: Forecaster) -> Prediction:
    draft = Prediction(
        statement=claim.statement,
        article=article,
        quote=article.text[claim.start : claim.end],
        rationale=claim.rationale,
        suggested_forecaster=publication,
    )
    _suggest_deadline(draft, article.published_at)
    _suggest_probability(draft)
    return draft


def _suggest_deadline(draft: Prediction, published_at: dt.datetime | None) -> None:
    found = read_deadline(draft.statement, published_at, by_year_means=settings.BY_YEAR_MEANS)
    if isinstance(found, Deadline):
        draft.resolves_by, draft.resolves_by_precision = found.resolves_by, found.precision
        draft.resolves_by_wording, draft.resolves_by_rule = found.wording, found.rule
        draft.criteria = f"Yes if, by {found.resolves_by:%d %B %Y}, this has happened: {draft.statement}"
    elif isinstance(found, Unreadable):
        draft.resolves_by_wording, draft.resolves_by_rule = found.wording, found.reason
    else:
        draft.resolves_by_rule = NO_DATE


def _suggest_probability(draft: Prediction) -> None:
    if implied := imply(draft.statement):
        draft.suggested_tick, draft.suggested_basis = implied.tick, Basis.IMPLIED
        draft.suggested_wording, draft.suggested_wording_table = implied.expression, implied.table_version
        draft.suggested_rule = implied.rule
