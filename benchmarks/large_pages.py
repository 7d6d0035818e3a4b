"""What `benchmarks.large` measures at each size."""

import os
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from forecasts.actions import Result, record_forecasts, refresh_calibration, resolve_prediction, score_predictions
from forecasts.api.v1.base import ANSWERS
from forecasts.jobs.follow import sum_waiting
from forecasts.jobs.recompute import replace_cells, replace_made
from forecasts.models import Forecaster, Prediction, PredictionStatus, StoredStatistic
from forecasts.web.page import PAGES

from .database import editor_of
from .files import undone
from .large_rows import begin, execute, grow
from .measure import median_seconds
from .pages import EMPTY

PAGES_READ = {
    "home": "/",
    "scorecard, half of all predictions": "/forecasters/large-one/",
    "scorecard, one prediction in 200": "/forecasters/large-few/",
    "scorecard, the first 200": "/forecasters/large-same/",
    "scorecard of a topic, a third": "/topics/large/",
    "predictions": "/predictions/",
    "a prediction": "/predictions/large-10/",
    "API: calibration of everybody": "/api/v1/calibration",
    "API: calibration of a topic": "/api/v1/calibration?topic=large",
    "API: of half of all predictions": "/api/v1/calibration?forecaster=large-one",
    "API: of one prediction in 200": "/api/v1/calibration?forecaster=large-few",
    "API: of the first 200": "/api/v1/calibration?forecaster=large-same",
}


def run(sizes: Sequence[int]) -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, {connection.vendor}", flush=True)
    call_command("migrate", verbosity=0)
    begin()
    stored, measured = 0, []
    for size in sizes:
        with telling(f"{size:,} forecasts stored"):
            grow(stored, size)
        stored = size
        with telling("counted, summed, statistics computed"):
            replace_made()
            replace_cells()
            _statistics()
        execute("VACUUM ANALYZE")
        measured.append(measure())
    print(f"cold at {sizes[-1]:,} forecasts against {sizes[0]:,}:")
    for name, seconds in measured[-1].items():
        print(f"{name:36} {seconds / measured[0][name]:6.2f} x")


def _statistics() -> None:
    """Those that the pages show."""
    for key in StoredStatistic.objects.filter(stale=True, query__contains="|first|live|").values_list(
        "query", flat=True
    ):
        refresh_calibration(key=key, at=timezone.now())
    sum_waiting()


@contextmanager
def telling(what: str) -> Any:
    begun = time.perf_counter()
    yield
    print(f"{what} in {time.perf_counter() - begun:.0f} s", flush=True)


@override_settings(ROOT_URLCONF="benchmarks.pages")
def measure() -> dict[str, float]:
    """Seconds that each page takes cold."""
    client = Client(headers={"host": "localhost"})
    colds = {}
    for name, address in PAGES_READ.items():
        first = client.get(address)
        assert first.status_code == 200, address
        jobs = [lambda: client.get(EMPTY), *_reads(client, address, first["ETag"])]
        empty, *taken = median_seconds(*jobs, runs=15)
        colds[name] = taken[0]
        told = ", ".join(
            f"{how} {seconds * 1e3:6.1f} ms ({seconds / empty:4.1f} x)"
            for how, seconds in zip(("cold", "warm", "304"), taken, strict=True)
        )
        print(f"{name:36} {told}; an empty page {empty * 1e3:.2f} ms", flush=True)
    colds["resolving one with 1,000 forecasts"] = _resolution()
    return colds


def _reads(client: Client, address: str, tag: str) -> Sequence[Callable[[], object]]:
    def cold() -> None:
        for kept in (PAGES, ANSWERS):
            caches[kept].clear()
        client.get(address)

    return cold, lambda: client.get(address), lambda: client.get(address, headers={"if-none-match": tag})


def _resolution() -> float:
    """One prediction with a forecast of each of a thousand people, resolved and scored; everything is rolled back."""
    now = timezone.now()
    editor, approver = (editor_of(f"{name}-{now.timestamp()}") for name in ("editor", "approver"))
    approver.groups.set(Group.objects.all())
    row = Prediction.objects.filter(status=PredictionStatus.OPEN, resolves_by__gt=now).order_by("pk")[0]
    slugs = Forecaster.objects.filter(slug__regex="^large-[0-9]+$").values_list("slug", flat=True)
    said = [{"prediction": row.slug, "forecaster": slug, "value": 0.7} for slug in slugs]
    result = Result(known_at=now, outcome="yes", evidence_exception="a benchmark")

    def resolve() -> None:
        resolve_prediction(prediction=row, result=result, proposer=editor, at=timezone.now(), by=approver)
        score_predictions(prediction_ids=[row.pk])

    def all_of_it() -> None:
        record_forecasts(rows=said, source="a benchmark", at=now, by=editor)
        begun = time.perf_counter()
        resolve()
        taken.append(time.perf_counter() - begun)

    taken: list[float] = []
    for _ in range(5):
        undone(all_of_it)()
    middle = sorted(taken)[2]
    print(f"{'resolving one with 1,000 forecasts':36} {middle * 1e3:8.0f} ms", flush=True)
    return middle
