"""Telling webhooks what was decided. No transaction is open while the network is."""

import datetime as dt
import logging
import random
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.utils import timezone

from forecasts.actions import Sent, claim_delivery, queue_event, record_delivery, release_webhook
from forecasts.errors import Conflict, FetchFailed, FetchRefused
from forecasts.evidence.fetch import FetchPolicy, PostRequest, post_event
from forecasts.evidence.signing import signed_headers
from forecasts.evidence.urls import parse_url
from forecasts.exports.events import event_body, trial_body
from forecasts.jobs.doorbell import ring
from forecasts.jobs.fetching import user_agent
from forecasts.jobs.hosts import named_hosts
from forecasts.models import ANNOUNCED, Delivery, DeliveryStatus, LedgerEntry, Webhook

log = logging.getLogger(__name__)
AT_ONCE = 200
RUN_SECONDS = 30
TRIES = 11  # with the waits between them over three days
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=30), dt.timedelta(hours=24)
PAUSE = dt.timedelta(seconds=5)  # of all events for a receiver that failed


def announce(entry: LedgerEntry) -> None:
    """Queue what a new entry decided for the webhooks that want it, and have them called."""
    if entry.kind in ANNOUNCED and queue_event(entry=entry, at=timezone.now()):
        ring("dispatch_deliveries")


def due_webhooks(now: dt.datetime) -> list[int]:
    """The webhooks to call now."""
    return list(Webhook.objects.due(now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def deliver(webhook_id: int, stopping: Callable[[], bool] = lambda: False) -> int:
    """Call a webhook with what is due, one event after another, for about 30 seconds; returns how many it took.

    Whoever answers badly is left alone for now. Whatever breaks a try off, a lost database included, is raised with
    the lease given back.
    """
    ends, taken = time.monotonic() + RUN_SECONDS, 0
    while time.monotonic() < ends and not stopping():
        row = claim_delivery(webhook=webhook_id, at=timezone.now())
        if row is None or not _deliver(row):
            break
        taken += 1
    return taken


def _deliver(row: Delivery) -> bool:
    try:
        sent = _try(row, timezone.now())
        record_delivery(delivery=row, sent=sent, at=timezone.now())
    except Conflict as conflict:
        log.info("delivery %s given up: %s", row.pk, conflict)
        return False
    except Exception:
        release_webhook(delivery=row)
        raise
    return not sent.error_code


def _try(row: Delivery, now: dt.datetime) -> Sent:
    """Everything that needs the network, and how it went, whatever happened."""
    body = event_body(row.entry) if row.entry else trial_body(row.queued_at)
    if body is None:
        return Sent(DeliveryStatus.WITHHELD, free_at=now)
    headers = signed_headers(row.webhook.secrets_at(now), row.event_id, now, body)
    began = time.monotonic()
    try:
        status = post_event(PostRequest(row.webhook.url, body, headers=headers), _policy())
    except FetchFailed as error:
        return _failed(error, row, now, _since(began))
    return Sent(DeliveryStatus.DELIVERED, free_at=now, http_status=status, milliseconds=_since(began))


def _policy() -> FetchPolicy:
    return FetchPolicy(
        allow_private=named_hosts("WEBHOOK_ALLOW_PRIVATE_HOSTS"), connect=5, read=10, total=15, user_agent=user_agent()
    )


def _since(began: float) -> int:
    return round(1000 * (time.monotonic() - began))


def _failed(error: FetchFailed, row: Delivery, now: dt.datetime, milliseconds: int) -> Sent:
    patience = dt.timedelta(seconds=getattr(error, "retry_after", None) or 0)
    is_over = row.attempts >= TRIES
    detail = _without_path(error.detail, row.webhook.url)
    return Sent(
        DeliveryStatus.FAILED if is_over else DeliveryStatus.WAITING,
        free_at=now + max(PAUSE, patience),
        retry_at=None if is_over else now + max(wait_after(row.attempts, _jitter()), patience),
        http_status=getattr(error, "http_status", None),
        error_code=error.code,
        error=detail,
        milliseconds=milliseconds,
        pause=_pause(error, detail) or (f"an event was tried {TRIES} times; the last time {detail}" if is_over else ""),
    )


def _jitter() -> float:
    return random.random()  # noqa: S311 -- it only keeps events from returning in step


def wait_after(attempts: int, jitter: float) -> dt.timedelta:
    """How long to wait after so many tries: 30 seconds, each time three times as long, up to a day.

    `jitter` (0 to 1) moves it by a quarter either way.
    """
    wait: dt.timedelta = min(FIRST_WAIT * 3 ** min(attempts - 1, TRIES), LONGEST_WAIT)
    return wait * (0.75 + jitter / 2)


def _pause(error: FetchFailed, detail: str) -> str:
    """What no later try can change: an operator has to look."""
    if error.code == "gone":
        return "the receiver answered 410: it wants no more"
    return detail if isinstance(error, FetchRefused) else ""


def _without_path(detail: str, url: str) -> str:
    """The path and the query of the address often hold a key, and everybody at the desk can read this."""
    for shown in (url, _read_as(url)):
        detail = detail.replace(shown, urlsplit(url).netloc)
    return detail


def _read_as(url: str) -> str:
    try:
        return parse_url(url).url
    except FetchRefused:
        return url
