"""A pasted article: read into candidates, of which an editor keeps some; then article and drafts at once or not at all.

Reading writes nothing. Text in the insight layout gives its own predictions first; whatever else speaks of the future
in it, or in any other text, comes after them.
"""

import datetime as dt
import enum
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from forecasts.actions import NewMilestone, log_prediction, record_article, save_reference
from forecasts.actions.values import tick_of
from forecasts.errors import Conflict, Refused
from forecasts.imports.insight import InsightArticle, parse_page
from forecasts.imports.page import Page, plain_lines, read_page
from forecasts.language.claims import Claim, LeftOut, find_claims, skeleton, suggest, without_overlap
from forecasts.language.deadlines import END_OF_DAY, Deadline
from forecasts.language.figures import number
from forecasts.language.lint import Failure
from forecasts.ledger.append import By
from forecasts.models import Article, Basis, Forecaster, ForecasterKind, Precision, Prediction, PredictionStatus
from forecasts.queries.linting import lint_prediction

LONGEST_TITLE, LONGEST_PUBLISHER, LONGEST_WORDING, LONGEST_SLUG = 500, 200, 200, 80
MOST_LISTED = 100  # a form has at most 1,000 fields
BY_EDITOR = "Set by an editor."


@dataclass(frozen=True)
class Candidate:
    """A claim of the article. `is_listed`: the article itself lists it as a prediction; `rationale` is its own."""

    claim: Claim
    rationale: str = ""
    is_listed: bool = False

    @property
    def is_sure(self) -> bool:
        """Worth keeping unless an editor says otherwise."""
        return self.is_listed or (self.claim.resolves_by is not None and not self.claim.doubts)

    @property
    def percent(self) -> str:
        """The suggested probability as an editor would type it."""
        return "" if self.claim.tick is None else f"{number(self.claim.tick / 100)} %"


class Credit(enum.StrEnum):
    """Whom a suggested forecast is credited to, when it is not a forecaster of the site."""

    PUBLICATION = "the publication"
    NOBODY = ""


@dataclass(frozen=True)
class About:
    """Where the article stood. `published_at` (aware) is what relative dates count from."""

    title: str
    publisher: str
    url: str = ""
    published_at: dt.datetime | None = None


@dataclass(frozen=True)
class Pasted:
    """An article as it was read: its text, what it says of itself, and its candidates."""

    text: str
    repaired_runs: int
    about: About
    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    insight: InsightArticle | None = None


@dataclass(frozen=True)
class Pick:
    """A candidate that an editor keeps, as she left it. `resolves_by` is the last day, UTC; `probability` as typed.

    `credited` is whoever said it, when it was not the publication that wrote it.
    """

    candidate: Candidate
    statement: str
    criteria: str = ""
    resolution_source: str = ""
    resolves_by: dt.date | None = None
    probability: str = ""
    credited: "Forecaster | Credit" = Credit.PUBLICATION

    @classmethod
    def as_suggested(cls, candidate: Candidate) -> "Pick":
        claim = candidate.claim
        day = claim.resolves_by.date() if claim.resolves_by else None
        credited = Credit.NOBODY if claim.said_by else Credit.PUBLICATION
        return cls(candidate, claim.statement, claim.criteria, "", day, candidate.percent, credited)


@dataclass(frozen=True)
class Logged:
    """A draft, and what the lint says stands in the way of opening it."""

    prediction: Prediction
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Kept:
    """What came of it. `was_kept`: the article was here before; `already` are predictions that were, too."""

    article: Article
    was_kept: bool
    drafts: tuple[Logged, ...] = ()
    already: tuple[Prediction, ...] = ()


def read_paste(data: bytes | str, *, published_at: dt.datetime | None = None, url: str = "") -> Pasted:
    """Read what was pasted or uploaded. Raises Refused for other encodings, NUL, no text and what is too much."""
    page = read_page(data)
    if not page.text.strip():
        raise Refused("text", "", "paste the article, or choose a file")
    return _read(page, published_at, url)


def read_fetched(text: str, *, title: str, publisher: str, url: str, published_at: dt.datetime | None) -> Pasted:
    """The text of an article that was fetched, and what its page said of itself. Raises Refused as `read_paste`."""
    page = replace(read_page(text), title=title, publisher=publisher)
    return _read(page, published_at, url)


def read_again(text: str, *, published_at: dt.datetime | None = None) -> Pasted:
    """The text of an earlier reading, with another date perhaps. What looks like markup in it is text."""
    return _read(Page(plain_lines(text), 0, markup=False), published_at, "")


def _read(page: Page, published_at: dt.datetime | None, url: str) -> Pasted:
    insight = _insight(page)
    about = _about(page, insight, published_at, url)
    listed = tuple(_listed(insight, about.published_at)) if insight else ()
    found = find_claims(page.text, about.published_at, by_year_means=settings.BY_YEAR_MEANS)
    claims = without_overlap([candidate.claim for candidate in listed], found.claims)
    return Pasted(
        text=page.text,
        repaired_runs=page.repaired_runs,
        about=about,
        candidates=(*listed, *map(Candidate, claims[len(listed) :])),
        left_out=found.left_out,
        insight=insight,
    )


def _insight(page: Page) -> InsightArticle | None:
    try:
        return parse_page(page)
    except Refused:  # it is prose of some other kind
        return None


def _listed(insight: InsightArticle, published_at: dt.datetime | None) -> Iterable[Candidate]:
    if len(insight.claims) > MOST_LISTED:
        accepted = f"an article lists at most {MOST_LISTED}; paste it in parts"
        raise Refused("article", f"{len(insight.claims)} predictions", accepted)
    for row in insight.claims:
        quote = insight.text[row.start : row.end]
        claim = suggest(quote, row.start, published_at, by_year_means=settings.BY_YEAR_MEANS)
        yield Candidate(claim, row.rationale, is_listed=True)


def _about(page: Page, insight: InsightArticle | None, published_at: dt.datetime | None, url: str) -> About:
    """What the editor gave comes first, then what an article already kept has, then what the page says of itself."""
    link = url or (insight.url if insight else "") or page.url
    if kept := _same(page.text, link).first():
        known = published_at or kept.published_at or page.published_at
        return About(kept.title, kept.publisher, link or kept.url, known)
    first_line = next((line.strip() for line in page.text.splitlines() if line.strip()), "")
    title = insight.title if insight else page.title or first_line
    publisher = insight.publisher if insight else page.publisher
    known = published_at or page.published_at
    return About(title[:LONGEST_TITLE], publisher[:LONGEST_PUBLISHER], link, known)


def _same(text: str, url: str) -> QuerySet[Article]:
    same = Q(text_sha256=hashlib.sha256(text.encode()).hexdigest())
    return Article.objects.filter(same | Q(url=url) if url else same).order_by("pk")


def kept_article(text: str, about: About) -> Article | None:
    """The article that this publisher's text or URL is already kept as."""
    return _same(text, about.url).filter(publisher=about.publisher.strip()).first()


class Already:
    """The predictions that were made of an article's sentences before; a void one may be logged anew. One query."""

    def __init__(self, article: Article | None) -> None:
        rows = article.predictions.exclude(status=PredictionStatus.VOID).order_by("-pk") if article else ()
        self._found: dict[str, Prediction] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Prediction) -> None:
        self._found |= {words: row for words in (row.quote, row.statement) if words}

    def find(self, claim: Claim, statement: str = "") -> Prediction | None:
        """By the sentence, by the statement suggested for it or by the one that an editor gave it."""
        found = (self._found.get(words) for words in (claim.quote, claim.statement, statement))
        return next(filter(None, found), None)


def keep_paste(*, pasted: Pasted, about: About, picks: Sequence[Pick], at: dt.datetime, by: By) -> Kept:
    """Keep the article and log every pick as a draft, all of it or nothing. What is there already is left as it is.

    Raises Refused for what no draft may hold; what only stands in the way of opening is told in `drafts`.
    """
    try:
        return _keep(pasted, about, picks, at, by)
    except Conflict:  # a colleague kept the same meanwhile: now it is found
        return _keep(pasted, about, picks, at, by)


@transaction.atomic
def _keep(pasted: Pasted, about: About, picks: Sequence[Pick], at: dt.datetime, by: By) -> Kept:
    kept = kept_article(pasted.text, about)
    # Whoever else pastes it waits here, and then sees what was logged.
    article = Article.objects.select_for_update(no_key=True).get(pk=kept.pk) if kept else _record(pasted, about, at, by)
    known, already, drafts = Already(kept), [], []
    for pick in picks:
        if before := known.find(pick.candidate.claim, pick.statement):
            already.append(before)
        else:
            drafts.append(_log(article, pick, at, by))
            known.add(drafts[-1].prediction)
    return Kept(article, kept is not None, tuple(drafts), tuple(already))


def _record(pasted: Pasted, about: About, at: dt.datetime, by: By) -> Article:
    insight = pasted.insight
    article = Article(
        publisher=about.publisher.strip(),
        title=about.title.strip(),
        url=about.url,
        published_at=about.published_at,
        text=pasted.text,
    )
    if insight:
        article.headline, article.key_takeaways = insight.headline, list(insight.key_takeaways)
        article.what_changed, article.why_it_matters = insight.what_changed, insight.why_it_matters
        article.what_to_do_next, article.who_should_care = insight.what_to_do_next, insight.who_should_care
    milestones = [NewMilestone(row.date, row.precision, row.text) for row in insight.milestones] if insight else []
    return record_article(article=article, milestones=milestones, at=at, by=by)


def _log(article: Article, pick: Pick, at: dt.datetime, by: By) -> Logged:
    claim = pick.candidate.claim
    draft = Prediction(statement=pick.statement, article=article, rationale=pick.candidate.rationale)
    if claim.quote in article.text:
        draft.quote = claim.quote
    else:
        later = f"A later version of the article, pasted on {at:%d %B %Y}, says: “{claim.quote}”"
        draft.rationale = f"{draft.rationale} {later}".strip()
    draft.resolution_source = pick.resolution_source
    if pick.credited == Credit.PUBLICATION:
        draft.suggested_forecaster = publication(article.publisher, at, by)
    elif isinstance(pick.credited, Forecaster):
        draft.suggested_forecaster = pick.credited
    _set_deadline(draft, pick)
    _set_probability(draft, pick)
    unchanged = pick.criteria in ("", claim.criteria)
    draft.criteria = skeleton(draft.statement, draft.resolves_by) if unchanged else pick.criteria
    log_prediction(prediction=draft, at=at, by=by)
    return Logged(draft, lint_prediction(draft))


def publication(name: str, at: dt.datetime, by: By) -> Forecaster:
    """Whoever published it is credited with what its wording implies; a merged one under the name it has now."""
    new = Forecaster(slug=_slug(name), name=name, kind=ForecasterKind.PUBLICATION)
    return known_publication(name) or save_reference(row=new, at=at, by=by)


def known_publication(name: str) -> Forecaster | None:
    row = Forecaster.objects.filter(slug=_slug(name)).select_related("merged_into").first()
    return (row.merged_into or row) if row else None


def _slug(name: str) -> str:
    return slugify(name)[:LONGEST_SLUG].strip("-") or hashlib.sha256(name.encode()).hexdigest()[:12]


def _set_deadline(draft: Prediction, pick: Pick) -> None:
    claim, read = pick.candidate.claim, pick.candidate.claim.deadline
    draft.resolves_by_wording = read.wording[:LONGEST_WORDING] if read else ""
    draft.resolves_by_rule = claim.deadline_rule
    if isinstance(read, Deadline) and pick.resolves_by == read.resolves_by.date():
        draft.resolves_by, draft.resolves_by_precision = read.resolves_by, read.precision
    elif pick.resolves_by:
        draft.resolves_by = dt.datetime.combine(pick.resolves_by, END_OF_DAY)
        draft.resolves_by_precision, draft.resolves_by_rule = Precision.DAY, f"{BY_EDITOR} {claim.deadline_rule}"


def _set_probability(draft: Prediction, pick: Pick) -> None:
    claim, typed = pick.candidate.claim, pick.probability.strip()
    if not typed:
        return
    draft.suggested_tick, draft.suggested_basis = tick_of(typed, "probability"), Basis.STATED
    if draft.suggested_tick != claim.tick:
        draft.suggested_rule = BY_EDITOR
        return
    draft.suggested_rule = claim.tick_rule
    if claim.implied:
        draft.suggested_basis = Basis.IMPLIED
        draft.suggested_wording, draft.suggested_wording_table = claim.implied.expression, claim.implied.table_version
