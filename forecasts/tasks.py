"""Celery's doors to the jobs: ids in, one job out. Messages are hints; the due-queue is in the database."""

import datetime as dt
from math import ceil

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from forecasts.jobs.assessments import RUN_SECONDS, assess
from forecasts.jobs.check import check_source as check
from forecasts.jobs.check import due_sources
from forecasts.jobs.deadlines import pass_deadlines as pass_them
from forecasts.jobs.follow import follow as follow_ledger

TRANSIENT = (OperationalError, InterfaceError)
MESSAGE_LIVES = 120
PER_SWEEP = 6  # of one host: as many as its gap lets through until the next sweep
# One entry may stand for a large import, which begins again if it is cut off; less than the visibility timeout.
LONG = {"soft_time_limit": 600, "time_limit": 660}
# A run begins calls for a while, and the last of them may take its whole time.
RUN_ENDS = RUN_SECONDS + ceil(settings.ASSESSOR_LLM_SECONDS) + 15


@shared_task
def dispatch_due() -> int:
    """Send one message for every source that is due."""
    due = due_sources(timezone.now(), per_host=PER_SWEEP)
    for each in due:
        given = (each.source_id, each.due_at.isoformat())
        check_source.apply_async(given, countdown=each.delay, expires=MESSAGE_LIVES)
    return len(due)


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3)
def check_source(source_id: int, due_at: str) -> bool:
    return check(source_id, dt.datetime.fromisoformat(due_at))


@shared_task(soft_time_limit=RUN_ENDS, time_limit=RUN_ENDS + 30)
def assess_waiting() -> int:
    return assess()


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3)
def follow() -> int:
    return follow_ledger()


@shared_task(autoretry_for=TRANSIENT, retry_backoff=True, max_retries=3)
def pass_deadlines() -> int:
    return pass_them(timezone.now())
