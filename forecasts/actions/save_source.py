"""Add or change a source of evidence, and the watches that point predictions at it."""

import datetime as dt
import hashlib
from decimal import Decimal

from django.conf import settings

from forecasts.errors import Conflict, Refused
from forecasts.evidence.matching import WatchTerms, terms_problems
from forecasts.evidence.sources import source_kind
from forecasts.evidence.sources.data_series import Rule
from forecasts.ledger.append import By, append
from forecasts.ledger.canonical import canonical
from forecasts.models import EntryKind, EvidenceSource, ForecasterKind, HostGate, PredictionKind, SourceKind, Watch

from .base import action, require
from .values import require_text, require_web_url

SHORTEST, SHORTEST_OF_OUR_OWN = 900, 5
# What a worker writes meanwhile (lease, next check, etag) is not ours to put back.
SET_BY_EDITORS = (
    "kind",
    "title",
    "url",
    "host",
    "spec",
    "spec_sha256",
    "search_all",
    "weight",
    "is_primary",
    "follow_links",
    "forecaster",
    "interval",
    "shortest_interval",
    "paused",
    "paused_reason",
)
TOLD = (
    "kind", "title", "url", "spec", "search_all", "weight", "is_primary", "follow_links", "forecaster_id", "interval",
    "paused",
)  # fmt: skip
WEIGHTS = (Decimal("0.1"), Decimal(10))


@action
def save_source(*, source: EvidenceSource, at: dt.datetime, by: By) -> EvidenceSource:
    """Insert or change `source`; a new or unpaused one is checked at once. Pausing needs a reason."""
    require(by, "operate_sources", "change a source")
    require_text("title", source.title, "give the source a title")
    require_web_url("url", require_text("url", source.url, "give an http or https address"))
    _check_intervals(source)
    source_kind(source.kind).spec(source.spec)
    if not WEIGHTS[0] <= source.weight <= WEIGHTS[1]:
        raise Refused("weight", source.weight, f"give a number from {WEIGHTS[0]} to {WEIGHTS[1]}; 1 changes nothing")
    _check_forecaster(source)
    if source.paused:
        require_text("paused_reason", source.paused_reason, "say why it is paused; readers see that it is not checked")
    source.host = HostGate.of(source.url)
    source.spec_sha256 = hashlib.sha256(canonical(source.spec)).hexdigest()
    _refuse_twin(source)
    source.next_check_at = source.next_check_at or at
    if source.pk is None:
        source.save()
    else:
        again = not source.paused and bool(source.failure_count or source.crash_count)
        source.save(update_fields=[*SET_BY_EDITORS, *(_start_again(source, at) if again else ())])
    content = {name: getattr(source, name) for name in TOLD}
    append(EntryKind.SOURCE_SAVED, subject=f"source:{source.pk}", content=content, at=at, by=by)
    return source


def _start_again(source: EvidenceSource, at: dt.datetime) -> tuple[str, ...]:
    source.failure_count, source.crash_count, source.next_check_at = 0, 0, at
    return "failure_count", "crash_count", "next_check_at"


def _refuse_twin(source: EvidenceSource) -> None:
    same = EvidenceSource.objects.filter(kind=source.kind, url=source.url, spec_sha256=source.spec_sha256)
    if twin := same.exclude(pk=source.pk).first():
        raise Conflict("url", source.url, f"it is already kept as {twin.title}")


def _check_forecaster(source: EvidenceSource) -> None:
    row = source.forecaster
    if row and (source.kind != SourceKind.MARKET or row.kind != ForecasterKind.MARKET):
        only = "only prices of a market become forecasts: give a forecaster of kind market to a source of kind market"
        raise Refused("forecaster", row.slug, only)


def _check_intervals(source: EvidenceSource) -> None:
    own = HostGate.of(source.url) in settings.EVIDENCE_ALLOW_PRIVATE_HOSTS
    least = SHORTEST_OF_OUR_OWN if own else SHORTEST
    if source.shortest_interval < least:
        raise Refused("shortest_interval", source.shortest_interval, f"give {least} seconds or more")
    if source.interval < source.shortest_interval:
        raise Refused("interval", source.interval, f"give the shortest interval, {source.shortest_interval}, or more")


def terms_of(watch: Watch) -> WatchTerms:
    """The matching terms of a watch as the evidence code takes them."""
    return WatchTerms(
        groups=tuple(tuple(group) for group in watch.groups),
        exclusions=tuple(watch.exclusions),
        confirms=tuple(tuple(group) for group in watch.confirms),
    )


def _check_rule(watch: Watch) -> None:
    """A rule decides by the values of a series; words to look for would have nothing to look in."""
    if watch.source.kind != SourceKind.DATA_SERIES:
        raise Refused("rule", watch.rule, "only a data series has values; watch other sources by words")
    if watch.prediction.kind != PredictionKind.BINARY:
        raise Refused("rule", watch.rule, "a rule is true or false, so it decides predictions of yes or no only")
    if watch.groups or watch.exclusions or watch.confirms:
        raise Refused("groups", watch.groups, "give a rule or words, and not both")
    Rule.from_dict(watch.rule)


def _is_by_price(watch: Watch) -> bool:
    return watch.source.kind == SourceKind.MARKET and not (watch.groups or watch.exclusions or watch.confirms)


@action
def save_watch(*, watch: Watch, at: dt.datetime, by: By) -> Watch:
    """Insert or change `watch`; refuses groups that would match everything or nothing.

    Over a market it may do without words: its price is the point, and all that it says concerns its question.
    """
    require(by, "keep_predictions", "watch a prediction")
    if watch.rule:
        _check_rule(watch)
    elif not _is_by_price(watch) and (problems := terms_problems(watch.groups, watch.exclusions, watch.confirms)):
        raise Refused.all(problems)
    if Watch.objects.filter(prediction=watch.prediction, source=watch.source).exclude(pk=watch.pk).exists():
        raise Conflict("source", watch.source.title, "this prediction watches it already; change that watch")
    watch.since, watch.changed_at = watch.since or at, at
    watch.save()
    content = {
        "prediction": watch.prediction_id,
        "source": watch.source_id,
        "groups": watch.groups,
        "exclusions": watch.exclusions,
        "confirms": watch.confirms,
        "rule": watch.rule,
    }
    append(EntryKind.WATCH_SAVED, subject=f"watch:{watch.pk}", content=content, at=at, by=by)
    return watch
