"""Telling webhooks what was decided: signed, in order, again until it was heard, and only what is public."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from forecasts.actions import queue_test, rotate_secret, save_webhook
from forecasts.evidence.fetch import FetchPolicy
from forecasts.jobs import webhooks
from forecasts.jobs.follow import follow
from forecasts.jobs.hosts import named_hosts
from forecasts.jobs.upkeep import KEPT, upkeep
from forecasts.jobs.webhooks import RUN_SECONDS, TRIES, deliver, due_webhooks, wait_after
from forecasts.models import Cursor, CursorName, Delivery, DeliveryStatus, LedgerHead, Webhook
from tests.hooks import SETTLED, due_now, erase, listening, queued_long_ago, rested, tried, webhook
from tests.receiver import Receiver, is_signed, receiving
from tests.story import DAY, DEADLINE, START, Story

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving() as found:
        settings.WEBHOOK_ALLOW_PRIVATE_HOSTS = [found.host]
        yield found


def decided(story: Story, count: int = 1) -> None:
    for _ in range(count):
        story.resolves(story.opened(), "yes", known_at=DEADLINE - DAY)
    follow()


def only(hook: Webhook) -> Delivery:
    hook.refresh_from_db()
    return Delivery.objects.get()


def test_it_works(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver, "prediction.opened", "forecast.issued", *SETTLED)
    prediction = story.opened()
    story.says(prediction, 0.7)
    story.resolves(prediction, "yes", known_at=DEADLINE - DAY)
    follow()
    assert due_webhooks(timezone.now()) == [hook.pk]
    assert deliver(hook.pk) == 3
    assert [event["type"] for event in receiver.events] == [
        "prediction.opened",
        "forecast.issued",
        "prediction.resolved",
    ]
    assert [f"evt_{event['seq']}" for event in receiver.events] == receiver.ids
    assert receiver.unsigned == 0
    assert receiver.heads[0]["content-type"] == "application/json"
    assert abs(int(receiver.heads[0]["webhook-timestamp"]) - time.time()) < 60
    assert {row.status for row in Delivery.objects.all()} == {DeliveryStatus.DELIVERED}
    assert {row.http_status for row in Delivery.objects.all()} == {204}
    hook.refresh_from_db()
    assert (hook.failure_count, hook.lease_id) == (0, None)
    assert hook.last_good_at is not None
    assert (due_webhooks(timezone.now()), deliver(hook.pk)) == ([], 0)


def test_the_follower_reads_each_entry_once(story: Story, receiver: Receiver) -> None:
    listening(story, receiver)
    decided(story)
    assert Cursor.objects.get(name=CursorName.WEBHOOKS).seq == LedgerHead.objects.get().size
    follow()
    assert Delivery.objects.count() == 1


def test_each_hears_only_of_what_it_chose_and_of_what_came_after_it(story: Story, receiver: Receiver) -> None:
    decided(story)
    hook = listening(story, receiver, "prediction.voided")
    decided(story)
    prediction = story.opened()
    story.resolves(prediction, "unresolvable", known_at=DEADLINE)
    follow()
    assert deliver(hook.pk) == 1
    assert receiver.events[0]["data"]["slug"] == prediction.slug


def test_a_draft_never_leaves(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver, "prediction.amended", *SETTLED)
    draft = story.draft()
    story.amends(draft, {"criteria": "Yes if the gazette of Zubrowka carries it by the deadline."})
    story.resolves(draft, "retracted", known_at=START)
    follow()
    assert not Delivery.objects.exists()
    assert deliver(hook.pk) == 0


def test_hostile_text_arrives_as_text(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver, "prediction.opened")
    hostile = '=HYPERLINK("http://x.test") <script>alert(1)</script> \u202e\\"\r\nX-Evil: 1 {{7*7}} 😀 by 30 June 2026.'
    story.opened(statement=hostile)
    follow()
    assert deliver(hook.pk) == 1
    assert receiver.events[0]["data"]["statement"] == hostile
    assert "x-evil" not in receiver.heads[0]
    assert receiver.unsigned == 0


def test_nobody_who_works_here_is_named(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    decided(story)
    deliver(hook.pk)
    [body] = receiver.bodies
    assert not [name for name in (b"approver", b"editor", b"user:") if name in body]


def test_both_secrets_sign_for_a_day(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    old = hook.secret
    new = rotate_secret(webhook=hook, at=timezone.now(), by=story.editor).secret
    decided(story)
    deliver(hook.pk)
    head, [body] = receiver.heads[0], receiver.bodies
    assert is_signed(old, head, body)
    assert is_signed(new, head, body)
    rotate_secret(webhook=hook, at=timezone.now() - 25 * HOUR, by=story.editor)
    hook.refresh_from_db()
    assert hook.secrets_at(timezone.now()) == (hook.secret,)
    decided(story)
    deliver(hook.pk)
    assert not is_signed(new, receiver.heads[1], receiver.bodies[1])
    assert is_signed(hook.secret, receiver.heads[1], receiver.bodies[1])


@pytest.mark.parametrize(
    ("status", "headers"),
    [(500, {}), (404, {}), (302, {"Location": "http://127.0.0.1:1/"}), (308, {"Location": "/hook"}), (304, {})],
)
def test_whatever_is_no_success_is_tried_again_and_nothing_is_followed(
    story: Story, receiver: Receiver, status: int, headers: dict[str, str]
) -> None:
    hook = listening(story, receiver)
    decided(story)
    receiver.status, receiver.headers = status, headers
    before = timezone.now()
    assert deliver(hook.pk) == 0
    row = only(hook)
    assert (len(receiver.ids), row.status, row.http_status, row.attempts) == (1, "waiting", status, 1)
    assert row.error == f"{receiver.host} answered {status}; 200 to 299 is expected"
    assert (hook.failure_count, hook.paused) == (1, False)
    # 30 seconds, give or take a quarter
    assert dt.timedelta(seconds=22.5) <= row.next_try_at - before <= dt.timedelta(seconds=37.5 + 9)
    receiver.status, receiver.headers = 200, {}
    due_now()
    assert deliver(hook.pk) == 1
    assert receiver.ids == [row.event_id] * 2
    row = only(hook)
    assert (row.status, row.error, row.attempts, hook.failure_count) == ("delivered", "", 2, 0)


def test_retry_after_is_honoured_for_all_events(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    decided(story, 2)
    receiver.status, receiver.headers = 503, {"Retry-After": "7200"}
    before = timezone.now()
    assert deliver(hook.pk) == 0
    assert len(receiver.ids) == 1
    hook.refresh_from_db()
    assert hook.free_at >= before + 2 * HOUR
    assert min(row.next_try_at for row in Delivery.objects.filter(attempts=1)) >= before + 2 * HOUR
    assert due_webhooks(before + 1.9 * HOUR) == []
    assert due_webhooks(before + 2.1 * HOUR) == [hook.pk]


def test_410_stops_until_an_operator_unpauses(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    decided(story, 2)
    receiver.status = 410
    deliver(hook.pk)
    hook.refresh_from_db()
    assert (hook.paused, hook.paused_reason) == (True, "the receiver answered 410: it wants no more")
    due_now()
    assert due_webhooks(timezone.now()) == []
    assert len(receiver.ids) == 1
    decided(story)  # what is decided meanwhile waits, too
    hook.paused, receiver.status = False, 200
    save_webhook(webhook=hook, at=timezone.now(), by=story.editor)
    assert deliver(hook.pk) == 3
    assert len(set(receiver.ids)) == 3


def test_after_three_days_it_is_given_up_and_the_webhook_paused(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    decided(story)
    tried(only(hook), TRIES - 1)
    receiver.status = 500
    deliver(hook.pk)
    row = only(hook)
    assert (row.status, row.next_try_at, row.attempts) == ("failed", None, TRIES)
    assert hook.paused
    assert hook.paused_reason.startswith("an event was tried 11 times; the last time 127.0.0.1:")
    assert "hush" not in hook.paused_reason + row.error  # the path and the query may hold a key


def test_waits_grow_to_a_day_and_last_three_days_in_all() -> None:
    waits = [wait_after(attempts, 0.5).total_seconds() for attempts in range(1, TRIES)]
    assert waits == [30 * 3**power for power in range(8)] + [86_400, 86_400]
    assert 72 < sum(waits) / 3600 < 80
    assert (wait_after(1, 0.0).total_seconds(), wait_after(1, 1.0).total_seconds()) == (22.5, 37.5)
    assert wait_after(10_000, 0.5) == DAY


def test_a_hanging_receiver_is_left_after_its_time(
    story: Story, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = FetchPolicy(allow_private=named_hosts("WEBHOOK_ALLOW_PRIVATE_HOSTS"), total=0.3)
    monkeypatch.setattr(webhooks, "_policy", lambda: impatient)
    hook = listening(story, receiver)
    decided(story)
    receiver.seconds = 1
    deliver(hook.pk)
    row = only(hook)
    assert (row.status, row.error_code, row.attempts) == ("waiting", "timeout", 1)
    assert row.milliseconds is not None
    assert row.milliseconds < 900


def test_an_endless_answer_is_not_read(story: Story, receiver: Receiver) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 2**16
            yield b"\0" * 2**16

    hook = listening(story, receiver)
    decided(story)
    receiver.status, receiver.body = 200, endless
    assert deliver(hook.pk) == 1
    assert sent < 50_000_000  # what fits into buffers before the connection is closed


def test_one_that_fails_does_not_hold_up_the_others(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    decided(story, 3)
    receiver.status = 500
    deliver(hook.pk)
    assert len(receiver.ids) == 1
    receiver.status = 200
    rested()  # and the delivery that failed is not due yet
    assert deliver(hook.pk) == 2
    assert Delivery.objects.filter(status="waiting").count() == 1


def test_a_private_address_is_refused_and_the_webhook_paused(story: Story, receiver: Receiver, settings: Any) -> None:
    hook = listening(story, receiver)
    decided(story)
    settings.WEBHOOK_ALLOW_PRIVATE_HOSTS = []
    deliver(hook.pk)
    row = only(hook)
    assert (row.status, row.error_code, receiver.ids) == ("waiting", "port", [])
    assert hook.paused


def test_a_name_that_turns_out_private_is_refused(story: Story, settings: Any) -> None:
    hook = webhook(story, "https://localhost/hook")
    decided(story)
    deliver(hook.pk)
    row = only(hook)
    assert (row.status, row.error_code, hook.paused) == ("waiting", "address", True)


def test_what_is_no_longer_public_is_withheld(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    decided(story)
    erase(only(hook))
    assert deliver(hook.pk) == 1
    assert (only(hook).status, receiver.ids) == ("withheld", [])


def test_a_test_event_says_nothing(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    row = queue_test(webhook=hook, at=timezone.now(), by=story.editor)
    assert deliver(hook.pk) == 1
    assert (receiver.ids, receiver.events[0]["type"]) == ([f"test_{row.pk}"], "webhook.test")
    assert json.loads(receiver.bodies[0])["data"] == {"message": "This is a test; nothing was decided."}


def test_a_worker_that_stops_begins_no_other(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    decided(story, 2)
    asked = iter((False, True))
    assert deliver(hook.pk, lambda: next(asked)) == 1
    assert RUN_SECONDS + 15 < 60  # the soft limit of a task


def test_old_deliveries_are_forgotten_and_waiting_ones_never(story: Story, receiver: Receiver) -> None:
    hook = listening(story, receiver)
    decided(story)
    deliver(hook.pk)
    receiver.status = 500
    decided(story)
    deliver(hook.pk)
    queued_long_ago(timezone.now() - KEPT - DAY)
    upkeep(timezone.now())
    assert [row.status for row in Delivery.objects.all()] == ["waiting"]
