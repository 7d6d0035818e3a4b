"""What the items of a source mean for open predictions: by the watch groups of editors, and by ranking them all."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

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
from forecasts.models import EvidenceSource, Finding, FoundBy, Stance, Watch
from forecasts.queries.thresholds import alert_threshold

PER_DAY = 20  # findings by ranking for one prediction; more would bury what matters
DAY = dt.timedelta(days=1)
COMPARED = 100  # latest findings of a prediction among which a story may have been told before
COMPARED_LENGTH = 5_000  # characters, from the start

Placed = tuple[Item, int]
"""An item, and where in the text of its reading it begins."""


def new_items(reading: Reading, before: str) -> list[Placed]:
    """The items of which the text of the last snapshot lacks a part."""
    seen = set(before.split(BETWEEN))
    placed = zip(reading.items, reading.begins, strict=True)
    return [(item, begins) for item, begins in placed if not seen.issuperset(item.text.split(BETWEEN))]


def report_of(item: Item) -> Report:
    """An item as the ranking reads it: its title stands once."""
    text = item.text.removeprefix(item.title).lstrip("\n")
    return Report(item.title, text, item.published_at.date() if item.published_at else None)


def findings_in(source: EvidenceSource, reading: Reading, new: Sequence[Placed], now: dt.datetime) -> list[Finding]:
    """The matches in `reading` that no prediction has yet, those tied together that tell the same story."""
    found = matches_in(source, reading, new, now)
    known = known_among(found)
    rows = [row for row in found if (row.prediction_id, row.digest) not in known]
    _mark_retold(rows, reading.text)
    return rows


def matches_in(source: EvidenceSource, reading: Reading, new: Sequence[Placed], now: dt.datetime) -> list[Finding]:
    """Each match of an item of `reading` with a prediction, unsaved, once; a watch's before a ranked one.

    Watches look at every item, so that one made later sees what still stands there; ranking looks at the `new` ones.
    A source that was never saved has no watches.
    """
    ranked = _ranked(source, new, now) if source.search_all and new else ()
    found: dict[tuple[int, str], Finding] = {}
    for row in itertools.chain(_watched(source, reading, now), ranked):
        found.setdefault((row.prediction_id, row.digest), row)
    return list(found.values())


def known_among(found: Iterable[Finding]) -> set[tuple[int, str]]:
    """Prediction and digest of those that are kept already."""
    kept = Finding.objects.filter(digest__in={row.digest for row in found})
    return set(kept.values_list("prediction_id", "digest"))


def _watched(source: EvidenceSource, reading: Reading, now: dt.datetime) -> Iterator[Finding]:
    watches = Watch.objects.filter(source=source.pk, prediction__status__in=UNSETTLED, rule={})
    for watch in watches.select_related("prediction").order_by("prediction_id"):
        wanted, known = terms_of(watch), read_subject(subject_of(watch.prediction))
        for placed in zip(reading.items, reading.begins, strict=True):
            if matched := match(placed[0].text, wanted):
                yield _finding(
                    source,
                    known,
                    placed,
                    now,
                    (matched.start, matched.end),
                    found_by=FoundBy.WATCH,
                    relevance=matched.relevance,
                    stance=matched.stance,
                    why=matched.why,
                    version=MATCHER,
                )


def _ranked(source: EvidenceSource, items: Iterable[Placed], now: dt.datetime) -> Iterator[Finding]:
    """At most three predictions for an item and 20 items for a prediction in a day."""
    index, excluded, shown = open_index(now), _exclusions(source), _shown_today(now)
    threshold = alert_threshold(index.ranker, index.threshold)
    for placed in items:
        item = placed[0]
        for hit in alerts(index.rank(report_of(item), float(source.weight)), threshold):
            pk = int(hit.id)
            start, end = best_quote(item.text, hit.matched)
            if start == end or shown.get(pk, 0) >= PER_DAY or is_excluded(item.text, excluded.get(pk, ())):
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
        digest=hashlib.sha256(item.text.encode()).hexdigest(),
        why=f"{'; '.join((why, *seen.reasons))} ({version})",
        **how,
    )


def _mark_retold(rows: Sequence[Finding], text: str) -> None:
    """Tie each finding to the first one of its prediction that tells the same story, which may be among `rows`."""
    for prediction, mine in _by_prediction(rows).items():
        told = _told_before(prediction)
        stories = [Story(row.url, text[row.item_start : row.item_end][:COMPARED_LENGTH]) for row in mine]
        for first, *others in groups([*(story for _, story in told), *stories]):
            for row in (mine[place - len(told)] for place in others if place >= len(told)):
                if first < len(told):
                    row.same_story_as_id = told[first][0]
                else:
                    row.same_story_as = mine[first - len(told)]


def _by_prediction(rows: Iterable[Finding]) -> dict[int, list[Finding]]:
    found: dict[int, list[Finding]] = {}
    for row in rows:
        found.setdefault(row.prediction_id, []).append(row)
    return found


def _told_before(prediction: int) -> list[tuple[int, Story]]:
    """The stories of a prediction's latest findings, the oldest first, each under the finding that told it first."""
    length = Least(F("item_end") - F("item_start"), COMPARED_LENGTH)
    rows = Finding.objects.filter(prediction=prediction, item_start__isnull=False).annotate(
        item=Substr("snapshot__text", F("item_start") + 1, length)
    )
    latest = rows.order_by("-pk").values_list("pk", "same_story_as", "url", "item")[:COMPARED]
    return [(leader or pk, Story(url, item)) for pk, leader, url, item in reversed(latest)]
