"""Celery's doors to the jobs: ids in, one job out. Messages are hints; the due-queue is in the database."""

import datetime as dt
from math import ceil
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from forecasts.jobs.articles import due_articles
from forecasts.jobs.articles import read_article as read
from forecasts.jobs.assessments import RUN_SECONDS, assess
from forecasts.jobs.check import check_source as check
from forecasts.jobs.check import due_sources
from forecasts.jobs.dataset import export_nightly
from forecasts.jobs.deadlines import pass_deadlines as pass_them
from forecasts.jobs.digest import send_digests as send_them
from forecasts.jobs.follow import follow as follow_ledger
from forecasts.jobs.upkeep import upkeep as keep_up
from forecasts.jobs.webhooks import deliver as call
from forecasts.jobs.webhooks import due_webhooks

TRANSIENT = (OperationalError, InterfaceError)
MESSAGE_LIVES = 120
PER_SWEEP = 6  # of one host: as many as its gap lets through until the next sweep
# One entry may stand for a large import, which begins again if it is cut off; less than the visibility timeout.
LONG, LONGEST = 600, 660
# A run begins calls for a while, and the last of them may take its whole time.
RUN_ENDS = RUN_SECONDS + ceil(settings.ASSESSOR_LLM_SECONDS) + 15


@shared_task
def dispatch_due() -> int:
    """Send one message for every source to check and every article to read."""
    now = timezone.now()
    due: list[Any] = [(check_source, row.source_id, row) for row in due_sources(now, PER_SWEEP)]
    due += [(read_article, row.link_id, row) for row in due_articles(now, PER_SWEEP)]
    for task, pk, row in due:
        task.apply_async((pk, row.due_at.isoformat()), countdown=row.delay, expires=MESSAGE_LIVES)
    return len(due)


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3)
def check_source(source_id: int, due_at: str) -> bool:
    return check(source_id, dt.datetime.fromisoformat(due_at))


@shared_task(soft_time_limit=RUN_ENDS, time_limit=RUN_ENDS + 30)
def assess_waiting() -> int:
    return assess()


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3)
def read_article(link_id: int, due_at: str) -> bool:
    return read(link_id, dt.datetime.fromisoformat(due_at))


@shared_task
def dispatch_deliveries() -> int:
    """Send one message for every webhook to call."""
    due = due_webhooks(timezone.now())
    for pk in due:
        deliver.apply_async((pk,), expires=MESSAGE_LIVES)
    return len(due)


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3)
def deliver(webhook_id: int) -> int:
    return call(webhook_id)


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3, soft_time_limit=LONG, time_limit=LONGEST)
def follow() -> int:
    return follow_ledger()


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3)
def pass_deadlines() -> int:
    return pass_them(timezone.now())


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3, soft_time_limit=LONG, time_limit=LONGEST)
def upkeep() -> int:
    return keep_up(timezone.now())


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3, soft_time_limit=LONG, time_limit=LONGEST)
def send_digests() -> int:
    return send_them(timezone.now())


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3, soft_time_limit=LONG, time_limit=LONGEST)
def export_dataset() -> bool:
    return export_nightly(timezone.now()) is not None
