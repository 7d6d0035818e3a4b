"""The dataset of 1,000,000 forecasts and our own format, against COPY of the same columns on PostgreSQL.

python -m tests.servers -- python -m benchmarks.dataset
"""

import datetime as dt
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()  # in the process that is measured, too

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from forecasts.exports.dataset import write_dataset
from forecasts.exports.own import EXPORTS
from forecasts.models import Prediction

from .files import OWN_COLUMNS, copy_out

FORECASTS, PREDICTIONS, RUNS = 1_000_000, 10_000, 3
MIB = 1024  # of what `getrusage` counts
BEGUN = dt.datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=dt.UTC)
COLUMNS = """SELECT f.id, p.slug, w.slug, issued_at, recorded_at, stands_from, tick, values, basis, wording,
        provenance FROM forecasts_forecast f JOIN forecasts_prediction p ON p.id = f.prediction_id
    JOIN forecasts_forecaster w ON w.id = f.forecaster_id WHERE p.published_at IS NOT NULL ORDER BY f.id"""
FORECASTERS = """INSERT INTO forecasts_forecaster (slug, name, kind, is_bot, url, bio, reply)
    SELECT 'bench-' || n, 'Bench ' || n, 'ai_model', false, '', '', '' FROM generate_series(1, 100) n"""
FORECAST_ROWS = """INSERT INTO forecasts_forecast (prediction_id, forecaster_id, issued_at, recorded_at, stands_from,
        tick, basis, wording, wording_table, quote, provenance, rationale)
    SELECT p.id, w.id, t, t, t, (n::bigint * 7919 %% 10001)::int, 'stated', 'quite likely', '', '', 'live', ''
    FROM generate_series(%s, %s) n JOIN forecasts_prediction p ON p.slug = 'bench-' || n %% %s
    JOIN forecasts_forecaster w ON w.slug = 'bench-' || n %% 100 + 1,
    LATERAL (SELECT %s + n * interval '1 second' t) moment"""


def run() -> None:
    call_command("migrate", verbosity=0)
    _reference()
    stored = 0
    for count in (FORECASTS // 10, FORECASTS):
        _fill(stored, count)
        stored = count
        with tempfile.TemporaryDirectory() as folder:
            what = f"of {count:,} forecasts and {PREDICTIONS:,} predictions"
            _compare(f"dataset {what}, CSV and NDJSON, packed", partial(dataset, Path(folder)), COLUMNS)
            for name in EXPORTS:
                _compare(f"{name} {what}", partial(own, Path(folder) / name, name), OWN_COLUMNS)


def dataset(folder: Path) -> None:
    write_dataset(folder / str(os.getpid()), at=timezone.now())


def own(file: Path, name: str) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        target.writelines(EXPORTS[name]())


def _compare(what: str, job: Callable[[], None], select: str) -> None:
    """The run in the middle, by how its time compares with that of a COPY right before it."""
    runs = []
    for _ in range(RUNS):
        copied = _seconds(partial(copy_out, select))
        with multiprocessing.get_context("spawn").Pool(1) as pool:  # a process whose memory nothing else has used
            seconds, before, peak = pool.apply(measured, (job,))
        runs.append((seconds / copied, seconds, copied, before, peak))
    ratio, seconds, copied, before, peak = sorted(runs)[RUNS // 2]
    print(
        f"{what}: {seconds:.1f} s, {ratio:.1f} x COPY of the forecasts' columns ({copied:.2f} s); "
        f"memory {before // MIB} MiB before, {peak // MIB} MiB at its peak",
        flush=True,
    )


def measured(job: Callable[[], None]) -> tuple[float, int, int]:
    """Seconds, and KiB before and at the peak."""
    before, seconds = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, _seconds(job)
    return seconds, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _seconds(job: Callable[[], None]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def _reference() -> None:
    end = BEGUN + dt.timedelta(days=900)
    with connection.cursor() as cursor:
        cursor.execute(FORECASTERS)
    Prediction.objects.bulk_create(
        Prediction(
            slug=f"bench-{number}", statement=f"The ministry will publish number {number} by then.",
            criteria="Yes if it is published.", resolution_source="The gazette", status="open", opens_at=BEGUN,
            closes_at=end, resolves_by=end, logged_at=BEGUN, published_at=BEGUN,
        )
        for number in range(PREDICTIONS)
    )  # fmt: skip


def _fill(start: int, end: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORECAST_ROWS, [start + 1, end, PREDICTIONS, BEGUN])
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    run()
