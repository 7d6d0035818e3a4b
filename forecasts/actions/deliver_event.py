"""Bookkeeping of webhooks: queue what was decided, claim one delivery under a lease, record how it went."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from forecasts.errors import Refused
from forecasts.ledger.append import By
from forecasts.models import Delivery, DeliveryStatus, LedgerEntry, Webhook
from forecasts.queries.ledger_entries import PUBLIC, published

from .base import action, claimed, require

LEASE = dt.timedelta(seconds=90)  # the hard limit of a task
MOST_REPLAYED = 10_000


@dataclass(frozen=True)
class Sent:
    """How one try went. `retry_at`: when to try again, None when it is over. `free_at`: when to call at all again.

    `pause`: why the webhook is paused; what waits then waits for an operator.
    """

    status: DeliveryStatus
    free_at: dt.datetime
    retry_at: dt.datetime | None = None
    http_status: int | None = None
    error_code: str = ""
    error: str = ""
    milliseconds: int | None = None
    pause: str = ""


@action
def queue_event(*, entry: LedgerEntry, at: dt.datetime) -> int:
    """Queue what `entry` decided for every webhook that wants it and does not have it yet; returns for how many.

    Paused ones are no exception, so that a receiver which comes back misses nothing. What is not public never leaves.
    """
    wanting = [row for row in Webhook.objects.all() if entry.kind in row.kinds]
    if not wanting or not _public([entry]):
        return 0
    _queue(wanting, [entry], at)
    return len(wanting)


@action
def queue_test(*, webhook: Webhook, at: dt.datetime, by: By) -> Delivery:
    """Queue an event that says nothing, to see whether it arrives."""
    require(by, "operate_webhooks", "send a test event")
    return Delivery.objects.create(webhook=webhook, queued_at=at, next_try_at=at)


@action
def replay_events(*, webhook: Webhook, since: int, at: dt.datetime, by: By) -> int:
    """Queue again every event from entry `since` on, also those of before the webhook; returns how many.

    Raises Refused for more than 10,000 at once.
    """
    require(by, "operate_webhooks", "send events again")
    entries = LedgerEntry.objects.filter(seq__gte=since, kind__in=webhook.kinds).order_by("-seq")[: MOST_REPLAYED + 1]
    found = list(entries)
    if len(found) > MOST_REPLAYED:
        raise Refused("since", since, f"{MOST_REPLAYED:,} are sent again at once; begin with {found[-2].seq} or later")
    public = _public(found[::-1])
    _queue([webhook], public, at)
    _again(Delivery.objects.filter(webhook=webhook, entry__in=[entry.seq for entry in public]), at)
    return len(public)


@action
def replay_delivery(*, delivery: Delivery, at: dt.datetime, by: By) -> None:
    """Queue one delivery again, whatever became of it."""
    require(by, "operate_webhooks", "send an event again")
    _again(Delivery.objects.filter(pk=delivery.pk), at)


@action
def claim_delivery(*, webhook: int, at: dt.datetime) -> Delivery | None:
    """Take the lease of a webhook and the delivery that has waited longest; None when another worker has it.

    Each claim is a try, so that one which kills its worker ends, too.
    """
    lease = uuid.uuid4()
    free = Webhook.objects.due(at).filter(pk=webhook).order_by()
    if free.update(lease_id=lease, lease_until=at + LEASE) != 1:
        return None
    row = Delivery.objects.due(at).filter(webhook=webhook).select_related("webhook", "entry").first()
    if row is None:
        Webhook.objects.filter(pk=webhook, lease_id=lease).update(lease_id=None, lease_until=None)
        return None
    row.attempts, row.tried_at = row.attempts + 1, at
    row.save(update_fields=["attempts", "tried_at"])
    return row


@action
def record_delivery(*, delivery: Delivery, sent: Sent, at: dt.datetime) -> None:
    """Store how the try of a claimed delivery went, and give the lease back.

    Raises Conflict when the lease was lost meanwhile; whoever holds it now sends the event again.
    """
    webhook = delivery.webhook
    held = Webhook.objects.filter(pk=webhook.pk, lease_id=webhook.lease_id)
    changes: dict[str, object] = {"lease_id": None, "lease_until": None, "free_at": sent.free_at}
    if sent.status == DeliveryStatus.DELIVERED:
        changes |= {"failure_count": 0, "last_good_at": at}
    elif sent.error_code:
        changes |= {"failure_count": webhook.failure_count + 1}
    if sent.pause:
        changes |= {"paused": True, "paused_reason": sent.pause[:300]}
    claimed(held.update(**changes), "webhook", webhook.title, "the lease was lost; the event will be sent again")
    delivery.status, delivery.next_try_at = sent.status, sent.retry_at
    delivery.http_status, delivery.milliseconds = sent.http_status, sent.milliseconds
    delivery.error_code, delivery.error = sent.error_code, sent.error[:500]
    delivery.save(update_fields=["status", "next_try_at", "http_status", "milliseconds", "error_code", "error"])


@action
def release_webhook(*, delivery: Delivery) -> None:
    """Give the lease back after a try that broke off; the delivery is still due, and the try stays counted."""
    webhook = delivery.webhook
    Webhook.objects.filter(pk=webhook.pk, lease_id=webhook.lease_id).update(lease_id=None, lease_until=None)


@action
def drop_deliveries(*, before: dt.datetime) -> int:
    """Forget what was queued before a time and is over; returns how many."""
    over = Delivery.objects.filter(queued_at__lt=before).exclude(status=DeliveryStatus.WAITING)
    return over.delete()[0]


def _public(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    return [found.entry for found in published(entries) if found.content_status == PUBLIC]


def _queue(webhooks: Sequence[Webhook], entries: Sequence[LedgerEntry], at: dt.datetime) -> None:
    new = (Delivery(webhook=row, entry=entry, queued_at=at, next_try_at=at) for row in webhooks for entry in entries)
    Delivery.objects.bulk_create(new, ignore_conflicts=True)


def _again(rows: QuerySet[Delivery], at: dt.datetime) -> None:
    rows.update(status=DeliveryStatus.WAITING, attempts=0, next_try_at=at)
