"""Reading the article behind an item: fetch, read, quote, record. No transaction is open while the network is."""

import datetime as dt
import hashlib
import logging
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from forecasts.actions import Followed, claim_link, record_link, release_link, terms_of
from forecasts.errors import Conflict, FetchFailed
from forecasts.evidence.fetch import BadStatus
from forecasts.evidence.matching import MATCHER, Match, best_quote, is_excluded, match
from forecasts.evidence.schedule import SHORTEST, after_failed
from forecasts.evidence.snapshot import capture
from forecasts.evidence.sources import Item, source_kind
from forecasts.evidence.stance import stance
from forecasts.evidence.subjects import read_subject
from forecasts.jobs.fetching import store
from forecasts.jobs.matching import report_of
from forecasts.jobs.open_index import subject_of
from forecasts.jobs.web_page import read_web_page
from forecasts.models import Finding, FoundBy, LinkedArticle, SourceKind, Stance, Watch

log = logging.getLogger(__name__)
AT_ONCE = 200
NOT_FOUND = 404
# What the same page would be again.
FINAL = frozenset({"login_wall", "not_a_page", "too_complex", "too_deep", "too_large", "ratio"})
NOTHING = (0, 0)
_WORD = re.compile(r"\w{4,}")  # shorter ones are mostly in every sentence


@dataclass(frozen=True)
class DueArticle:
    """An article to read, and after how many seconds, so that its host is not asked twice at once."""

    link_id: int
    due_at: dt.datetime
    delay: float


def due_articles(now: dt.datetime, per_host: int = 1) -> list[DueArticle]:
    """The articles to read now, spread over hosts, the longest waiting first."""
    rows: list[Any] = list(LinkedArticle.objects.spread(now, per_host)[:AT_ONCE])
    return [DueArticle(row.pk, row.next_try_at, (row.turn - 1) * settings.EVIDENCE_HOST_GAP) for row in rows]


def read_article(link_id: int, due_at: dt.datetime) -> bool:
    """Read an article that was due at `due_at`; False when another worker has done it or is doing it.

    Whatever breaks it off, a lost database included, is raised with the lease given back.
    """
    link = LinkedArticle.objects.select_related("finding").filter(pk=link_id).first()
    if link is None:
        return False
    try:
        links = claim_link(link=link, due_at=due_at, at=timezone.now())
        if links:
            _follow(links)
    except Conflict as conflict:
        log.info("article %s given up: %s", link_id, conflict)
        return False
    return bool(links)


def _follow(links: Sequence[LinkedArticle]) -> None:
    try:
        record_link(links=links, outcome=_look(links, timezone.now()), at=timezone.now())
    except Exception:
        release_link(links=links, at=timezone.now())
        raise


def _look(links: Sequence[LinkedArticle], now: dt.datetime) -> Followed:
    """Everything that needs the network, and the outcome of it, whatever happened."""
    try:
        return _read(links, now)
    except FetchFailed as error:
        return _failed(error, max(link.tries for link in links), now)


def _read(links: Sequence[LinkedArticle], now: dt.datetime) -> Followed:
    fetched, reading = read_web_page(links[0].finding.url, now)
    [article] = reading.items
    found = [row for link in links if (row := _finding(link.finding, article, now))]
    if not found:
        return Followed()
    extractor = source_kind(SourceKind.PAGE).extractor
    kept = capture(fetched.body, reading.text, fetched=fetched, fetched_at=now, extractor=extractor)
    return Followed(store(kept, fetched, now), found)


def _finding(item: Finding, article: Item, now: dt.datetime) -> Finding | None:
    """What the article adds for the prediction of `item`; None when the item said it all, or an editor excludes it."""
    digest = hashlib.sha256(article.text.encode()).hexdigest()
    if digest == item.digest or article.text in _text_of(item):
        return None
    matched, (start, end) = _match(item, article.text)
    if (start, end) == NOTHING:
        return None
    why = f"{matched.why} ({MATCHER})" if matched else "the sentence nearest to what the item says"
    published_at = item.published_at or article.published_at  # the source dates its items better than a page itself
    is_primary = item.source is not None and item.source.is_primary
    known = read_subject(subject_of(item.prediction))
    seen = stance(known, report_of(replace(article, published_at=published_at)), is_primary=is_primary)
    return Finding(
        prediction_id=item.prediction_id,
        source_id=item.source_id,
        title=(article.title or item.title)[:500],
        url=article.url or item.url,
        published_at=published_at,
        dated_by=item.dated_by if item.published_at else article.dated_by,
        found_at=now,
        found_by=FoundBy.LINK,
        quote=article.text[start:end],
        quote_start=start,
        quote_end=end,
        item_start=0,
        item_end=len(article.text),
        relevance=matched.relevance if matched else item.relevance,
        reading_order=seen.order,
        warnings=list(seen.warnings),
        same_story_as_id=item.same_story_as_id or item.pk,
        behind=item,
        stance=matched.stance if matched else Stance.RELATED,
        why="; ".join((f"behind an item of the source; {why}", *seen.reasons)),
        digest=digest,
    )


def _text_of(item: Finding) -> str:
    return "" if item.item_start is None else item.snapshot.text[item.item_start : item.item_end]


def _match(item: Finding, text: str) -> tuple[Match | None, tuple[int, int]]:
    """By the watch where there is one and all of it is there, else by its words, else by those of the item's quote."""
    watch = Watch.objects.filter(prediction=item.prediction_id, source=item.source_id, rule={}).first()
    if watch is None:
        return None, best_quote(text, _WORD.findall(item.quote))
    terms = terms_of(watch)
    if is_excluded(text, terms.exclusions):
        return None, NOTHING
    if matched := match(text, terms):
        return matched, (matched.start, matched.end)
    return None, best_quote(text, [term for group in (*terms.groups, *terms.confirms) for term in group])


def _failed(error: FetchFailed, tries: int, now: dt.datetime) -> Followed:
    gone = isinstance(error, BadStatus) and error.http_status == NOT_FOUND
    following = after_failed(
        now,
        SHORTEST,
        tries,
        jitter=random.random(),  # noqa: S311 -- it only keeps articles from returning in step
        retry_after=getattr(error, "retry_after", None),
    )
    return Followed(
        error_code=error.code,
        error=error.detail,
        retry_at=None if error.permanent or gone or error.code in FINAL else following.at,
        is_ours=error.code == "snapshot_store",
    )
