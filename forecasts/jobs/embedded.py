"""The worker inside the web process: the same jobs over the same due-queue, without a broker."""

import datetime as dt
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connections
from django.utils import timezone

from forecasts.actions import take_lease
from forecasts.jobs.articles import due_articles, read_article
from forecasts.jobs.assessments import assess
from forecasts.jobs.bell import bell
from forecasts.jobs.check import check_source, due_sources
from forecasts.jobs.dataset import dataset_due, export_nightly
from forecasts.jobs.deadlines import pass_deadlines
from forecasts.jobs.digest import owed, send_digests
from forecasts.jobs.follow import follow
from forecasts.jobs.upkeep import upkeep, upkeep_due
from forecasts.jobs.webhooks import deliver, due_webhooks

log = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=30)
TICK = 1.0
SWEEP_EVERY = 10.0
CHECKERS = 16  # they wait for the network most of the time, some of them for servers that never answer


class Loop:
    """Schedules until stopped, while it holds the scheduler's lease; another process's loop waits its turn."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._pool = ThreadPoolExecutor(CHECKERS, thread_name_prefix="reckoner-check")
        self._under_way: set[tuple[str, int]] = set()
        self._thread = threading.Thread(target=self._run, name="reckoner-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way, then return."""
        self._stopping.set()
        bell.set()
        self._thread.join(timeout=30)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        swept = -SWEEP_EVERY
        while not self._stopping.is_set():
            sweeping = time.monotonic() - swept >= SWEEP_EVERY
            if sweeping:
                swept = time.monotonic()
            _guarded(lambda rung, sweeping=sweeping: self._turn(rung or sweeping, sweeping), bell.wait(TICK))
        connections.close_all()

    def _turn(self, following: bool, sweeping: bool) -> None:
        bell.clear()
        now = timezone.now()
        if not take_lease(name="scheduler", holder=self._holder, lasting=LEASE, at=now):
            return
        if sweeping:
            pass_deadlines(now)
        for source in due_sources(now):
            self._submit(("source", source.source_id), check_source, source.source_id, source.due_at)
        for article in due_articles(now):
            self._submit(("article", article.link_id), read_article, article.link_id, article.due_at)
        for webhook in due_webhooks(now):
            self._submit(("webhook", webhook), deliver, webhook, self._stopping.is_set)
        if sweeping:
            self._submit(("assess", 0), assess, self._stopping.is_set)
            if upkeep_due(now):
                self._submit(("upkeep", 0), upkeep, now)
            if dataset_due(now):
                self._submit(("dataset", 0), export_nightly, now)
            if owed(now):
                self._submit(("digest", 0), send_digests, now)
        if following:
            follow()

    def _submit(self, key: tuple[str, int], job: Callable[..., object], *arguments: object) -> None:
        if key not in self._under_way:
            self._under_way.add(key)
            self._pool.submit(self._do, key, job, *arguments)

    def _do(self, key: tuple[str, int], job: Callable[..., object], *arguments: object) -> None:
        try:
            _guarded(job, *arguments)
        finally:
            self._under_way.discard(key)
            connections.close_all()


def _guarded(job: Callable[..., object], *arguments: object) -> None:
    """A failing job is logged and tried again at its time; it never ends the loop."""
    try:
        close_old_connections()
        job(*arguments)
    except Exception:  # the loop must outlive whatever one job met
        log.exception("an embedded job failed")
