"""A model on loopback that the workers really ask, reports for it to read, and the passing of time."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import F

from forecasts.actions import action
from forecasts.models import (
    AssessorCall,
    AssessorState,
    EvidenceSource,
    Finding,
    FoundBy,
    Prediction,
    Review,
    Snapshot,
)
from tests.evidence.assessors.model import ModelServer, read_words
from tests.story import START

ADOPTED = "The authority adopted the binding watermarking rule on 2026-03-03."
ABANDONED = "The authority abandoned the watermarking rule for good on 2026-03-03."
PUBLISHED = dt.datetime(2026, 3, 4, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@contextmanager
def model_at_work(settings: Any) -> Iterator[ModelServer]:
    """A model that reads honestly, named in the settings."""
    with ModelServer() as server:
        server.mind = read_words
        settings.ASSESSOR_LLM_URL = f"http://127.0.0.1:{server.port}/v1"
        settings.ASSESSOR_LLM_HOSTS = [f"127.0.0.1:{server.port}"]
        settings.ASSESSOR_LLM_MODEL = "wordy"
        settings.ASSESSOR_LLM_SECONDS = 5
        yield server


@action
def found(
    *,
    prediction: Prediction,
    text: str = ADOPTED,
    host: str = "gazette.test",
    before: str = "",
    behind: str = "",
    **fields: Any,
) -> Finding:
    """A finding as a check leaves it: an item between others in the text of a snapshot."""
    number = Finding.objects.count()
    whole = before + text + behind
    snapshot = Snapshot.objects.create(
        sha256=f"{number:064}", media_type="text/html", size=1, fetched_at=PUBLISHED, text=whole, text_sha256="0" * 64
    )
    given = {
        "title": f"Report {number}",
        "url": f"https://{host}/{number}",
        "published_at": PUBLISHED,
        "found_at": PUBLISHED + HOUR,
        "quote": text[:20],
        "quote_start": len(before),
        "quote_end": len(before) + 20,
        "item_start": len(before),
        "item_end": len(before) + len(text),
        "relevance": 500,
        "digest": f"{number:064}",
        **fields,
    }
    return Finding.objects.create(prediction=prediction, snapshot=snapshot, **given)


WORDS = (
    ("gazette.test", "After years of talks the long disputed question of marked pictures is settled in this country."),
    ("courier.test", "Our correspondent in the capital heard loud applause when the vote was counted late at night."),
    ("herald.test", "What officials had promised to readers of this newspaper since autumn has now come to pass."),
)


def told_by_two(prediction: Prediction) -> list[Finding]:
    """Two reports of different publishers in different words."""
    return [told_by(prediction, number) for number in (0, 1)]


def told_by(prediction: Prediction, number: int) -> Finding:
    """The report of one of three publishers."""
    host, words = WORDS[number]
    return found(prediction=prediction, text=f"{words} {ADOPTED} {words[::-1]}", host=host)


@action
def primary(*, title: str = "The authority") -> EvidenceSource:
    return EvidenceSource.objects.create(title=title, url="https://own.test/", next_check_at=START, is_primary=True)


@action
def dismissed(*, finding: Finding) -> None:
    Finding.objects.filter(pk=finding.pk).update(review=Review.DISMISSED)


@action
def of_a_series(*, finding: Finding) -> None:
    Finding.objects.filter(pk=finding.pk).update(found_by=FoundBy.SERIES)


@action
def passes(*, time: dt.timedelta) -> None:
    """What was called lies further back, and the breaker has waited as much."""
    AssessorCall.objects.update(begun_at=F("begun_at") - time, ended_at=F("ended_at") - time)
    AssessorState.objects.exclude(until=None).update(until=F("until") - time)


@action
def mended() -> None:
    """As if another call had succeeded meanwhile."""
    AssessorState.objects.all().delete()
