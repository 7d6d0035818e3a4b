"""What the items of a source mean for open predictions: by the watch groups of editors, and by ranking them all."""

import datetime as dt
import hashlib
import itertools
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.db.models import Count, F
from django.db.models.functions import Least, Substr

from forecasts.actions import terms_of
from forecasts.evidence.duplicates import Story, groups
from forecasts.evidence.evaluate import alerts
from forecasts.evidence.matching import MATCHER, best_quote, is_excluded, match
from forecasts.evidence.sources import Item, Reading
from forecasts.evidence.sources.kind import BETWEEN
from forecasts.evidence.stance import stance
from forecasts.evidence.subjects import Known, Report, read_subject
from forecasts.jobs.open_index import UNSETTLED, open_index, subject_of
from forecasts.models import EvidenceSource, Finding, FoundBy, Review, SourceKind, Stance, Watch
from forecasts.queries.thresholds import alert_threshold

log = logging.getLogger(__name__)
PER_DAY = 20  # findings by ranking for one prediction; more would bury what matters
DAY = dt.timedelta(days=1)
COMPARED = 100  # latest findings of a prediction among which a story may have been told before
COMPARED_LENGTH = 5_000  # characters, from the start

Placed = tuple[Item, int]
"""An item, and where in the text of its reading it begins."""

KnownAmong = Callable[[Iterable[Placed]], Set[tuple[int, str]]]
"""For some items, the pairs of a prediction and the digest of an item that it has."""


def new_items(reading: Reading, before: str) -> list[Placed]:
    """The items of which the text of the last snapshot lacks a part."""
    seen = set(before.split(BETWEEN))
    placed = zip(reading.items, reading.begins, strict=True)
    return [(item, begins) for item, begins in placed if not seen.issuperset(item.text.split(BETWEEN))]


def digest_of(item: Item) -> str:
    """What makes an item the same piece of evidence."""
    return hashlib.sha256(item.text.encode()).hexdigest()


def report_of(item: Item) -> Report:
    """An item as the ranking reads it: its title stands once."""
    text = item.text.removeprefix(item.title).lstrip("\n")
    return Report(item.title, text, item.published_at.date() if item.published_at else None)


def findings_in(
    source: EvidenceSource, reading: Reading, new: Sequence[Placed], now: dt.datetime, whole: Reading | None = None
) -> list[Finding]:
    """Findings among the items of `reading` that no prediction has yet, unsaved; a watch's match before a ranked one.

    Watches and the ranking look at the `new` items. A watch that is new itself looks at all that the source shows:
    at `whole`, where the reading is only what changed.
    """
    rows = matches_in(source, whole or reading, new, now, _known)
    _mark_retold(source, rows, reading.text)
    return rows


def matches_in(
    source: EvidenceSource, shown: Reading, new: Sequence[Placed], now: dt.datetime, known: KnownAmong
) -> list[Finding]:
    """The same without a look at stories; `known` says of items which predictions have them, and these are left out.

    A source that was never saved has no watches.
    """
    ranked = _ranked_or_none(source, new, now, known) if source.search_all and new else ()
    watched = _watched(source, shown, new, now, known) if source.pk else ()
    found: dict[tuple[int, str], Finding] = {}
    for row in itertools.chain(watched, ranked):
        found.setdefault((row.prediction_id, row.digest), row)
    return list(found.values())


def _known(items: Iterable[Placed]) -> set[tuple[int, str]]:
    return kept_digests(digest_of(item) for item, _ in items)


def kept_digests(digests: Iterable[str]) -> set[tuple[int, str]]:
    """Prediction and digest of the findings that are kept already."""
    return set(Finding.objects.filter(digest__in=set(digests)).values_list("prediction_id", "digest"))


def _watched(
    source: EvidenceSource, shown: Reading, new: Sequence[Placed], now: dt.datetime, known_among: KnownAmong
) -> Iterator[Finding]:
    """Item by item, so that each is folded once for all watches."""
    watches = Watch.objects.filter(source=source, prediction__status__in=UNSETTLED, rule={})
    unread = set(watches.unread(source).values_list("pk", flat=True))
    rows = list(watches.select_related("prediction").order_by("prediction_id"))
    wanted = {watch.pk: terms_of(watch) for watch in rows}
    everything = list(zip(shown.items, shown.begins, strict=True)) if unread else []
    places = {digest_of(item): (item, begins) for item, begins in [*new, *everything]}
    fresh = {digest_of(item) for item, _ in new}
    known = known_among(places.values())
    for digest, placed in places.items():
        for watch in rows:
            if (watch.prediction_id, digest) in known or not (digest in fresh or watch.pk in unread):
                continue
            if matched := match(placed[0].text, wanted[watch.pk]):
                yield _finding(
                    source,
                    read_subject(subject_of(watch.prediction)),
                    placed,
                    now,
                    (matched.start, matched.end),
                    found_by=FoundBy.WATCH,
                    relevance=matched.relevance,
                    stance=matched.stance,
                    why=matched.why,
                    version=MATCHER,
                )


def _ranked_or_none(
    source: EvidenceSource, items: Sequence[Placed], now: dt.datetime, known_among: KnownAmong
) -> list[Finding]:
    """A fault in the ranking must not cost what editors watch for."""
    try:
        return list(_ranked(source, items, now, known_among))
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("the items of source %s could not be ranked", source.pk)
        return []


def _ranked(
    source: EvidenceSource, items: Sequence[Placed], now: dt.datetime, known_among: KnownAmong
) -> Iterator[Finding]:
    """At most three predictions for an item and 20 items for a prediction in a day."""
    index, excluded, shown = open_index(now), _exclusions(source), _shown_today(now)
    known = known_among(items)
    threshold = alert_threshold(index.ranker, index.threshold)
    for placed in items:
        item = placed[0]
        for hit in alerts(index.rank(report_of(item), float(source.weight)), threshold):
            pk = int(hit.id)
            start, end = best_quote(item.text, hit.matched)
            if start == end or shown.get(pk, 0) >= PER_DAY or (pk, digest_of(item)) in known:
                continue
            if is_excluded(item.text, excluded.get(pk, ())):
                continue
            shown[pk] = shown.get(pk, 0) + 1
            yield _finding(
                source,
                index.known(hit.id),
                placed,
                now,
                (start, end),
                found_by=FoundBy.RANKING,
                relevance=round(1000 * hit.score),
                stance=Stance.RELATED,
                why=hit.why,
                version=index.ranker,
            )


def _exclusions(source: EvidenceSource) -> dict[int, tuple[str, ...]]:
    """What the editors of a prediction do not want from this source."""
    rows = Watch.objects.filter(source=source.pk, rule={}).values_list("prediction_id", "exclusions")
    return {pk: tuple(exclusions) for pk, exclusions in rows if exclusions}


def _shown_today(now: dt.datetime) -> dict[int, int]:
    rows = Finding.objects.filter(found_by=FoundBy.RANKING, found_at__gt=now - DAY).order_by()
    return dict(rows.values_list("prediction_id").annotate(n=Count("pk")))


def _finding(
    source: EvidenceSource,
    known: Known,
    placed: Placed,
    now: dt.datetime,
    quote: tuple[int, int],
    *,
    why: str,
    version: str,
    **how: Any,
) -> Finding:
    """`why` it matched, then what words say of the stance, and at the end the `version` of what matched it."""
    item, begins = placed
    start, end = quote
    seen = stance(known, report_of(item), is_primary=source.is_primary)
    return Finding(
        prediction_id=int(known.subject.id),
        source_id=source.pk,
        title=item.title[:500],
        url=item.url,
        published_at=item.published_at,
        dated_by=item.dated_by,
        found_at=now,
        quote=item.text[start:end],
        quote_start=begins + start,
        quote_end=begins + end,
        item_start=begins,
        item_end=begins + len(item.text),
        reading_order=seen.order,
        warnings=list(seen.warnings),
        digest=digest_of(item),
        why=f"{'; '.join((why, *seen.reasons))} ({version})",
        **how,
    )


@dataclass(frozen=True)
class _Told:
    """A finding of before, as far as stories go; `first` is the one that told its story first."""

    first: int
    stance: str
    dismissed: bool
    story: Story


def _mark_retold(source: EvidenceSource, rows: Sequence[Finding], text: str) -> None:
    """Tie each finding to the first one of its prediction that tells the same story, which may be among `rows`.

    What says more than the first one, yes or no, stands by itself; and so does what a watch finds of a story that an
    editor dismissed: those were other words.
    """
    for prediction, mine in _by_prediction(rows).items():
        told = _told_before(prediction)
        texts = [text[row.item_start : row.item_end][:COMPARED_LENGTH] for row in mine]
        stories = [Story(_own_url(source, row, rows), item) for row, item in zip(mine, texts, strict=True)]
        for first, *others in groups([*(one.story for one in told), *stories]):
            for row in (mine[place - len(told)] for place in others if place >= len(told)):
                if first >= len(told):
                    leader = mine[first - len(told)]
                    row.same_story_as = leader if leader.stance == row.stance else None
                elif _is_retelling(row, told[first]):
                    row.same_story_as_id = told[first].first


def _is_retelling(row: Finding, told: _Told) -> bool:
    return row.stance == told.stance and not (told.dismissed and row.found_by == FoundBy.WATCH)


def _own_url(source: EvidenceSource, row: Finding, rows: Sequence[Finding]) -> str:
    """The address of an item where it is its own: blocks of a page, and items of a feed without links, share one."""
    is_shared = row.url == source.url or any(o.url == row.url and o.digest != row.digest for o in rows)
    return "" if source.kind == SourceKind.PAGE or is_shared else row.url


def _by_prediction(rows: Iterable[Finding]) -> dict[int, list[Finding]]:
    found: dict[int, list[Finding]] = {}
    for row in rows:
        found.setdefault(row.prediction_id, []).append(row)
    return found


def _told_before(prediction: int) -> list[_Told]:
    """The prediction's latest findings, the oldest first."""
    length = Least(F("item_end") - F("item_start"), COMPARED_LENGTH)
    rows = Finding.objects.filter(prediction=prediction, item_start__isnull=False).annotate(
        item=Substr("snapshot__text", F("item_start") + 1, length)
    )
    latest = rows.order_by("-pk").values_list(
        "pk", "same_story_as", "stance", "review", "url", "source__url", "source__kind", "item"
    )[:COMPARED]
    return [
        _Told(
            leader or pk,
            stance,
            review == Review.DISMISSED,
            Story("" if kind == SourceKind.PAGE or url == source_url else url, item),
        )
        for pk, leader, stance, review, url, source_url, kind, item in reversed(latest)
    ]
