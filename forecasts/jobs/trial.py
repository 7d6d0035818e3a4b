"""A test fetch: what a check of a source would see and find, for an editor who waits for it. Nothing of it is saved."""

import datetime as dt
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.utils import timezone

from forecasts.actions import begin_trial, end_visit
from forecasts.errors import Conflict, FetchFailed, UnreadableSource
from forecasts.evidence.fetch import BadStatus, Fetched, FetchRequest, fetch
from forecasts.evidence.sources import Reading
from forecasts.jobs.fetching import fetch_policy, read_answer
from forecasts.jobs.market import said_of_the_outcome
from forecasts.jobs.matching import kept_digests, matches_in
from forecasts.jobs.robots import check_robots
from forecasts.jobs.series import findings_of
from forecasts.models import EvidenceSource, Finding, Prediction, Snapshot

MATCHED_ITEMS = 100  # a check matches all; somebody waits for this one
MATCHED_VALUES = 12
SHOWN_MATCHES = 20

# What to change when an answer came and could not be read. Anything else lies with the address or the spec.
WRONG_KIND = frozenset({"html", "not_json", "not_a_feed", "not_a_page", "not_a_sitemap", "not_csv"})
WRONG_SPEC = frozenset(
    {"bad_date", "bad_number", "bad_row", "double_column", "double_period", "no_columns", "no_match"}
    | {"no_probability", "not_a_probability", "ragged", "select"}
)

_one_here = threading.Lock()  # an answer may be megabytes, and readers want this process too


@dataclass(frozen=True)
class Answer:
    """What HTTP said: the status and address of the last hop, bytes as sent and unpacked, what the body claims to be.

    After an error status there is no body.
    """

    status: int
    final_url: str
    sent: int = 0
    unpacked: int = 0
    media_type: str = ""
    charset: str = ""


@dataclass(frozen=True)
class Match:
    """A finding that a check would keep; `is_known` when it is kept already."""

    finding: Finding
    is_known: bool


@dataclass(frozen=True)
class Trial:
    """What a test fetch brought.

    `error` is a sentence, empty when all went well; `change` names the fields of the source to look at then.
    `seconds` is what the fetch took. `matches` are the first of `matched` in all.
    """

    kind: str
    error: str = ""
    change: tuple[str, ...] = ()
    seconds: float = 0
    answer: Answer | None = None
    reading: Reading | None = None
    matches: tuple[Match, ...] = ()
    matched: int = 0
    looked_at: int = 0


def try_source(source: EvidenceSource, by: User) -> Trial:
    """Fetch, read and match `source` as it stands, saved or not, like a first check, but keep nothing.

    Raises NotAllowed and Refused as `begin_trial` does. Takes as long as its host, at most twice the limit of a fetch.
    """
    if not _one_here.acquire(blocking=False):
        return Trial(source.kind, "another test fetch is under way here; try again in a few seconds")
    try:
        lease = uuid.uuid4()
        try:
            begin_trial(source=source, lease=lease, at=timezone.now(), by=by)
        except Conflict as busy:
            return Trial(source.kind, busy.problems[0].accepted)
        try:
            return _tried(source, timezone.now())
        finally:
            end_visit(url=source.url, lease=lease, at=timezone.now(), by=by)
    finally:
        _one_here.release()


def _tried(source: EvidenceSource, now: dt.datetime) -> Trial:
    trial, begun = Trial(source.kind), time.monotonic()
    try:
        policy = fetch_policy()
        check_robots(source.kind, source.url, policy.user_agent, lambda request: fetch(request, policy), now)
        fetched = fetch(FetchRequest(source.url), policy)
        trial = replace(trial, answer=_answer(fetched), seconds=time.monotonic() - begun)
        reading = read_answer(source, fetched, now, before="")
    except FetchFailed as error:
        failed = _failed(trial, error)
        return failed if failed.seconds else replace(failed, seconds=time.monotonic() - begun)
    found = list(_found(source, reading, now))
    looked_at = min(len(reading.items), MATCHED_ITEMS)
    matches = tuple(_matches(found[:SHOWN_MATCHES], reading))
    return replace(trial, reading=reading, matches=matches, matched=len(found), looked_at=looked_at)


def _answer(fetched: Fetched) -> Answer:
    return Answer(
        fetched.http_status,
        fetched.final_url,
        fetched.raw_length,
        len(fetched.body),
        fetched.media_type,
        fetched.charset,
    )


def _failed(trial: Trial, error: FetchFailed) -> Trial:
    if isinstance(error, BadStatus):
        trial = replace(trial, answer=Answer(error.http_status, error.hops[-1].url))
    return replace(trial, error=error.detail, change=_to_change(error))


def _to_change(error: FetchFailed) -> tuple[str, ...]:
    if not isinstance(error, UnreadableSource):
        return ("url",)
    if error.code in WRONG_KIND:
        return ("kind", "url")
    return ("spec",) if error.code in WRONG_SPEC else ("url", "spec")


def _found(source: EvidenceSource, reading: Reading, now: dt.datetime) -> Iterator[Finding]:
    """What a check would find in the first items and the last values, were all of them new."""
    first = replace(reading, items=reading.items[:MATCHED_ITEMS], begins=reading.begins[:MATCHED_ITEMS])
    placed = list(zip(first.items, first.begins, strict=True))
    yield from matches_in(source, first, placed, now, known=lambda items: frozenset())
    yield from findings_of(source, reading, reading.observations[-MATCHED_VALUES:], now)
    yield from said_of_the_outcome(source, reading, now)


def _matches(found: Sequence[Finding], reading: Reading) -> Iterator[Match]:
    """With their predictions, and with the text that their quotes point into."""
    known, snapshot = kept_digests(row.digest for row in found), Snapshot(text=reading.text)
    predictions = Prediction.objects.in_bulk([row.prediction_id for row in found])
    for row in found:
        row.prediction, row.snapshot = predictions[row.prediction_id], snapshot
        yield Match(row, (row.prediction_id, row.digest) in known)
