"""Webhooks whose worker is killed, or that two workers call at once: each event arrives, and none is lost."""

import functools
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.utils import timezone

from forecasts.jobs.follow import follow
from forecasts.jobs.webhooks import deliver, due_webhooks
from forecasts.ledger.verify import verify
from forecasts.models import Delivery, LedgerEntry, Webhook
from tests.faults.mortal import Death, work
from tests.faults.test_two_workers import both
from tests.hooks import due_now, lease_runs_out, listening
from tests.processes import kill, needs_broker, ring_for, start_celery, wait_for, worker
from tests.receiver import Receiver, receiving
from tests.story import DAY, DEADLINE, Story

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
EVENTS = 3
DEATHS = (
    Death("queue_event", "after", 2),
    Death("claim_delivery", "after", 1),
    Death("record_delivery", "before", 1),
    Death("record_delivery", "after", 1),
    Death("record_delivery", "before", 2),
)


@pytest.fixture
def receiver(own_database: str, settings: Any) -> Iterator[Receiver]:
    with receiving() as found:
        settings.WEBHOOK_ALLOW_PRIVATE_HOSTS = [found.host]
        yield found


def begin(receiver: Receiver) -> Webhook:
    story = Story.begin()
    row = listening(story, receiver)
    for _ in range(EVENTS):
        story.resolves(story.opened(), "yes", known_at=DEADLINE - DAY)
    return row


def follow_and_deliver(host: str) -> None:
    live.WEBHOOK_ALLOW_PRIVATE_HOSTS = [host]
    follow()
    for pk in due_webhooks(timezone.now()):
        deliver(pk)


def expected() -> list[str]:
    return [
        f"evt_{seq}" for seq in LedgerEntry.objects.filter(kind="prediction.resolved").values_list("seq", flat=True)
    ]


def assert_all_heard(receiver: Receiver) -> None:
    assert list(dict.fromkeys(receiver.ids)) == expected()  # in their order, whatever came twice
    assert len(expected()) >= EVENTS
    assert receiver.unsigned == 0
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
    assert Delivery.objects.count() == len(expected())
    assert Webhook.objects.get().lease_id is None
    verify()


def test_a_worker_killed_anywhere_loses_nothing(receiver: Receiver) -> None:
    begin(receiver)
    job = functools.partial(follow_and_deliver, receiver.host)
    for death in DEATHS:
        assert (death, work(death, job)) == (death, -signal.SIGKILL)
        lease_runs_out()
    assert work(job=job) == 0
    assert_all_heard(receiver)
    # One death fell between the receiver's yes and our note of it, for each of two events.
    assert len(receiver.ids) == EVENTS + 2


def test_two_at_once_send_each_once(receiver: Receiver) -> None:
    row = begin(receiver)
    follow()
    receiver.seconds = 0.05
    assert sum(both(deliver, row.pk)) == EVENTS
    assert receiver.ids == expected()
    assert_all_heard(receiver)


def test_a_running_worker_delivers_by_itself(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_ALLOW_PRIVATE_HOSTS", receiver.host)  # for a worker that is a process
    begin(receiver)
    with worker(tmp_path) as ring:
        wait_for(
            lambda: Delivery.objects.filter(status="delivered").count() == EVENTS,
            meanwhile=lambda: [ring(task) for task in ("follow", "dispatch_deliveries")],
        )
    assert_all_heard(receiver)


@needs_broker
def test_a_celery_worker_killed_in_the_middle_of_a_call(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_ALLOW_PRIVATE_HOSTS", receiver.host)
    begin(receiver)
    receiver.seconds = 3

    def sweep() -> None:
        for task in ("follow", "dispatch_deliveries"):
            ring_for(task)

    process = start_celery(tmp_path)
    try:
        wait_for(lambda: receiver.ids, meanwhile=sweep)
    finally:
        kill(process)  # while the receiver thinks
    assert Delivery.objects.filter(status="delivered").count() == 0
    receiver.seconds = 0
    lease_runs_out()
    due_now()
    with worker(tmp_path):
        wait_for(lambda: Delivery.objects.filter(status="delivered").count() == EVENTS, meanwhile=sweep)
    assert_all_heard(receiver)
