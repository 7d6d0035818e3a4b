"""The queue of a webhook: each event once, one call at a time, and again when somebody asks."""

import pytest

from forecasts.actions import (
    Sent,
    claim_delivery,
    queue_event,
    queue_test,
    record_delivery,
    replay_delivery,
    replay_events,
    save_webhook,
)
from forecasts.actions import deliver_event as queue
from forecasts.actions.deliver_event import LEASE
from forecasts.errors import Conflict, NotAllowed
from forecasts.jobs.follow import follow
from forecasts.models import Delivery, DeliveryStatus, LedgerEntry, Webhook
from tests.hooks import webhook
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story

URL = "https://consumer.test/hook"
DELIVERED = Sent(DeliveryStatus.DELIVERED, free_at=START, http_status=200, milliseconds=9)


def decided(story: Story, count: int) -> None:
    for _ in range(count):
        story.resolves(story.opened(), "yes", known_at=START + DAY)


def events(row: Webhook) -> list[int | None]:
    return list(row.deliveries.order_by("entry_id").values_list("entry_id", flat=True))


def delivered(row: Webhook, count: int) -> None:
    for _ in range(count):
        delivery = claim_delivery(webhook=row.pk, at=DEADLINE + 900 * DAY)
        assert delivery is not None
        record_delivery(delivery=delivery, sent=DELIVERED, at=DEADLINE)


def test_it_works(story: Story) -> None:
    row, other = webhook(story, URL), webhook(story, URL, "prediction.voided")
    decided(story, 1)
    entry = LedgerEntry.objects.get(kind="prediction.resolved")
    assert [queue_event(entry=entry, at=START) for _ in range(2)] == [1, 1]
    assert (events(row), events(other)) == ([entry.seq], [])
    delivery = claim_delivery(webhook=row.pk, at=START)
    assert delivery is not None
    assert (delivery.event_id, delivery.attempts, delivery.tried_at) == (f"evt_{entry.seq}", 1, START)
    record_delivery(delivery=delivery, sent=DELIVERED, at=START)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.next_try_at, delivery.http_status, delivery.milliseconds) == (
        "delivered", None, 200, 9,
    )  # fmt: skip


def test_only_one_calls_at_a_time_until_the_lease_runs_out(story: Story) -> None:
    row = webhook(story, URL)
    for _ in range(2):
        queue_test(webhook=row, at=START, by=story.editor)
    first = claim_delivery(webhook=row.pk, at=START)
    assert first is not None
    assert claim_delivery(webhook=row.pk, at=START + LEASE) is None
    again = claim_delivery(webhook=row.pk, at=START + LEASE + DAY)
    assert again is not None
    assert (again.pk, again.attempts) == (first.pk, 2)
    with refused("webhook", "A consumer", "the lease was lost", Conflict):
        record_delivery(delivery=first, sent=DELIVERED, at=START)
    record_delivery(delivery=again, sent=DELIVERED, at=START)


def test_a_paused_one_is_not_called_and_misses_nothing(story: Story) -> None:
    row = webhook(story, URL)
    row.paused, row.paused_reason = True, "they move"
    save_webhook(webhook=row, at=START, by=story.editor)
    decided(story, 2)
    follow()
    assert len(events(row)) == 2
    assert claim_delivery(webhook=row.pk, at=DEADLINE + 900 * DAY) is None


def test_replaying_sends_what_was_and_what_was_before_the_webhook(story: Story) -> None:
    decided(story, 2)
    draft = story.draft()
    story.resolves(draft, "retracted", known_at=START)
    follow()
    row = webhook(story, URL)
    decided(story, 1)
    follow()
    delivered(row, 1)
    seqs = list(LedgerEntry.objects.filter(kind="prediction.resolved").values_list("seq", flat=True))
    assert replay_events(webhook=row, since=seqs[1], at=DEADLINE, by=story.editor) == 2
    assert events(row) == seqs[1:]
    assert replay_events(webhook=row, since=1, at=DEADLINE, by=story.editor) == 3  # the draft's is none of them
    assert events(row) == seqs
    assert set(Delivery.objects.values_list("status", "attempts", "next_try_at")) == {("waiting", 0, DEADLINE)}


def test_one_is_sent_again_whatever_became_of_it(story: Story) -> None:
    row = webhook(story, URL)
    delivery = queue_test(webhook=row, at=START, by=story.editor)
    delivered(row, 1)
    replay_delivery(delivery=delivery, at=DEADLINE, by=story.editor)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.next_try_at) == ("waiting", DEADLINE)


def test_only_operators_may(story: Story) -> None:
    row = webhook(story, URL)
    delivery = queue_test(webhook=row, at=START, by=story.editor)
    with refused("by", "approver", "the right operate_webhooks is needed", NotAllowed):
        replay_events(webhook=row, since=1, at=START, by=story.approver)
    with refused("by", "approver", "the right operate_webhooks is needed", NotAllowed):
        replay_delivery(delivery=delivery, at=START, by=story.approver)


def test_too_many_at_once_are_refused(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_REPLAYED", 2)
    row = webhook(story, URL)
    decided(story, 3)
    seqs = list(LedgerEntry.objects.filter(kind="prediction.resolved").values_list("seq", flat=True))
    with refused("since", 1, f"2 are sent again at once; begin with {seqs[1]} or later"):
        replay_events(webhook=row, since=1, at=START, by=story.editor)
    assert replay_events(webhook=row, since=seqs[1], at=START, by=story.editor) == 2
