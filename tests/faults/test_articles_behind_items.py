"""The article behind an item is read once, whoever dies on the way and however many are at it."""

import signal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.utils import timezone

from forecasts.jobs.articles import due_articles, read_article
from forecasts.jobs.check import check_source
from forecasts.jobs.upkeep import upkeep_due
from forecasts.models import Finding, HostGate, LedgerEntry, LinkedArticle, Snapshot
from tests.faults.mortal import Death, work
from tests.faults.newsroom import AUTHORITY, OPENED, SETTLED, Newsroom, leases_run_out, rule
from tests.faults.test_two_workers import both
from tests.processes import wait_for, worker
from tests.wire import Wire, serving

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
BETWEEN = (
    Death("claim_link", "before"),
    Death("claim_link", "after"),
    Death("record_link", "before"),
    Death("record_link", "after"),
)
ARTICLE = (
    f"<html><body><article><p>Six voted for it.</p><p>The {AUTHORITY} adopted {rule(0)}.</p></article></body></html>"
)


@pytest.fixture
def wire(own_database: str, settings: Any, tmp_path: Path) -> Any:
    with serving() as found:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [found.host]
        found.site = f"http://{found.host}"
        found.pages = {"/1": ARTICLE.encode(), "/robots.txt": b""}
        yield found


def queued(wire: Wire) -> LinkedArticle:
    [source] = Newsroom.begin(wire, predictions=1, sources=1, follow_links=True).sources
    check_source(source.pk, source.next_check_at)
    return LinkedArticle.objects.get()


def assert_read_once(link: LinkedArticle) -> None:
    link.refresh_from_db()
    assert (link.next_try_at, link.lease_id, link.error_code) == (None, None, "")
    found = Finding.objects.get(found_by="link")
    assert (found.same_story_as, found.found_at) == (link.finding, link.read_at)
    assert LedgerEntry.objects.filter(subject=f"link:{link.pk}").count() == 1
    assert Snapshot.objects.count() == 2
    assert not HostGate.objects.filter(lease_id__isnull=False).exists()
    kept = Path(configured.STORAGES["snapshots"]["OPTIONS"]["location"])
    names = {str(path.relative_to(kept)) for path in kept.rglob("*.gz")}
    assert names == {row.storage_name for row in Snapshot.objects.all()}


@pytest.mark.parametrize(
    "deaths",
    [BETWEEN, [Death("commit", "before", nth) for nth in (1, 2, 3, 2)]],
    ids=["between actions", "before commits"],
)
def test_a_worker_killed_anywhere_loses_nothing_and_doubles_nothing(wire: Wire, deaths: list[Death]) -> None:
    link = queued(wire)
    for death in deaths:
        assert (death, work(death)) == (death, -signal.SIGKILL)
        leases_run_out()
    assert work() == 0
    assert_read_once(link)


def test_two_workers_read_it_once(wire: Wire) -> None:
    link = queued(wire)
    fetches, wire.seconds = wire.fetches, 0.2
    assert sorted(both(read_article, link.pk, link.next_try_at)) == [False, True]
    assert wire.fetches - fetches == 2  # robots.txt and the article
    assert_read_once(link)


def test_a_message_that_comes_late_or_again_changes_nothing(wire: Wire) -> None:
    link = queued(wire)
    assert read_article(link.pk, OPENED) is False
    [due] = due_articles(SETTLED.replace(year=2100))
    assert [read_article(due.link_id, due.due_at) for _ in range(3)] == [True, False, False]
    assert_read_once(link)


def test_a_running_worker_finds_it_by_itself(wire: Wire, tmp_path: Path) -> None:
    link = queued(wire)
    with worker(tmp_path) as ring:
        wait_for(
            lambda: Finding.objects.filter(found_by="link").exists() and not upkeep_due(timezone.now()),
            meanwhile=lambda: [ring(task) for task in ("dispatch_due", "upkeep")],
        )
    assert_read_once(link)
    assert not Snapshot.objects.filter(verified_at=None, pk=link.finding.snapshot_id).exists()
