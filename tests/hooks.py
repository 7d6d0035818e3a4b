"""Short words for webhooks in tests."""

import datetime as dt
from typing import Any

from forecasts.actions import action, save_webhook
from forecasts.models import Delivery, LedgerEntry, Webhook
from tests.receiver import Receiver
from tests.story import START, Story

SETTLED = ["prediction.resolved", "prediction.voided", "prediction.corrected"]


def webhook(story: Story, url: str, *kinds: str, **fields: Any) -> Webhook:
    row = Webhook(title="A consumer", url=url, kinds=list(kinds) or SETTLED, **fields)
    return save_webhook(webhook=row, at=START, by=story.editor)


def listening(story: Story, receiver: Receiver, *kinds: str) -> Webhook:
    """A webhook that calls `receiver`, which knows its secret."""
    row = webhook(story, receiver.url, *kinds)
    receiver.secrets.append(row.secret)
    return row


@action
def due_now() -> None:
    """What waiting brings, without waiting: everything is due, and every receiver has rested."""
    Webhook.objects.update(free_at=START)
    Delivery.objects.filter(next_try_at__isnull=False).update(next_try_at=START)


@action
def tried(delivery: Delivery, times: int) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(attempts=times)


@action
def queued_long_ago(at: dt.datetime) -> None:
    Delivery.objects.update(queued_at=at)


@action
def erase(delivery: Delivery) -> None:
    """As when personal data is erased from the ledger."""
    LedgerEntry.objects.filter(pk=delivery.entry_id).update(content=None, salt=None)


@action
def lease_runs_out() -> None:
    """What 90 seconds bring: the webhook of a killed worker is free again."""
    Webhook.objects.filter(lease_id__isnull=False).update(lease_until=START)


@action
def rested() -> None:
    Webhook.objects.update(free_at=START)
