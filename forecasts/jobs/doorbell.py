"""The nudge after a commit. It may be lost, late or doubled: the sweeps find whatever it failed to announce."""

import logging
import time

from celery import current_app
from django.conf import settings

from forecasts.jobs.bell import bell

log = logging.getLogger(__name__)
QUIET_AFTER_FAILURE = 15.0
_quiet_until = 0.0


def ring(task: str = "follow") -> None:
    """Wake whoever does `task`, by default follow the ledger: the embedded loop, or a Celery worker. Never raises.

    After a failure the broker is left alone for a while, so that a dead broker costs one request its time-out, not all.
    """
    global _quiet_until
    if not settings.REDIS_URL:
        bell.set()
        return
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(f"forecasts.tasks.{task}", retry=False, ignore_result=True, expires=60)
    except Exception as error:
        _quiet_until = time.monotonic() + QUIET_AFTER_FAILURE
        log.warning("the broker did not take a nudge; the sweep will follow: %s", error)
