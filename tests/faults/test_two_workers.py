"""Two workers at once: one does the work, the other finds it done."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connections

from forecasts.jobs.check import check_source
from forecasts.jobs.follow import follow
from forecasts.models import Check, EvidenceSource, Finding, LedgerEntry, Proposal, Score
from tests.faults.newsroom import Newsroom, assert_sound, sweep, sweep_until_quiet
from tests.wire import serving

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


def both(job: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Run `job` in two threads that start together; returns what they returned, or the loser's DatabaseError."""
    start, answers = threading.Barrier(2), []

    def run() -> None:
        try:
            start.wait()
            answers.append(job(*arguments))
        except DatabaseError as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_workers_check_the_same_source_once(own_database: str, settings: Any) -> None:
    with serving() as wire:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [wire.host]
        [source] = Newsroom.begin(wire, predictions=4, sources=1).sources
        wire.seconds = 0.3  # both are at it at once
        assert sorted(both(check_source, source.pk, source.next_check_at)) == [False, True]
    assert wire.fetches == 1
    assert Check.objects.count() == 1
    assert Finding.objects.count() == 2
    assert LedgerEntry.objects.filter(kind="findings.recorded").count() == 1


def test_two_sources_with_the_same_news_keep_it_once(own_database: str, settings: Any) -> None:
    with serving() as wire:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [wire.host]
        first, second = Newsroom.begin(wire, predictions=4, sources=2).sources
        both(lambda rows=[first, second]: check_source((row := rows.pop()).pk, row.next_check_at))
        while EvidenceSource.objects.filter(last_good_check_at=None).exists():
            sweep()  # the slower one may have met the other's snapshot, and looks again
    assert Check.objects.count() == 2
    assert {check.snapshot_id for check in Check.objects.all()} == {Check.objects.all()[0].snapshot_id}
    assert Finding.objects.count() == 2


def test_two_followers_propose_and_score_once(own_database: str, settings: Any) -> None:
    with serving() as wire:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [wire.host]
        room = Newsroom.begin(wire, predictions=4, sources=1)
        [source] = room.sources
        check_source(source.pk, source.next_check_at)
        both(follow)
        assert Proposal.objects.filter(outcome="yes").count() == 2
        sweep_until_quiet()
        room.accept_all()
        both(follow)
        sweep_until_quiet()
    assert Score.objects.values("prediction").distinct().count() == 4
    assert_sound()
