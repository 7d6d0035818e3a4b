"""Speed as ratios within one run: each row is measured beside its yardstick, alternately, and medians are compared.

Run by `make bench`. Results depend on the machine; the ratios less so. Tests assert none of them.
"""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable

import numpy as np

RUNS = 5
FORECASTERS, UPDATES = 1_000, 3


def median_seconds(*jobs: Callable[[], object]) -> list[float]:
    """Median seconds of each job, run in turn so that a slow moment hits all of them."""
    taken: list[list[float]] = [[] for _ in jobs]
    for _ in range(RUNS):
        for times, job in zip(taken, jobs, strict=True):
            start = time.perf_counter()
            job()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


def row(name: str, job: Callable[[], object], yardstick: str, floor: Callable[[], object]) -> None:
    ours, theirs = median_seconds(job, floor)
    print(f"{name:58} {ours * 1e3:9.1f} ms   {ours / theirs:8.1f} x {yardstick} ({theirs * 1e3:.2f} ms)")


def pure() -> None:
    from forecasts.scoring.reliability import consistency_band, corp, tick_table  # noqa: PLC0415 -- after the header
    from forecasts.scoring.settlement import Recorded, settle_scores  # noqa: PLC0415
    from forecasts.scoring.values import Window  # noqa: PLC0415

    generator = np.random.default_rng(1)
    p = np.round(generator.random(100_000), 3)
    y = (generator.random(p.size) < p).astype(int)
    table = tick_table(p, y)
    day = 86_400_000_000
    recorded = [
        Recorded(who, at * day, at * day, at * day, who * UPDATES + at, int(tick), "stated", "live")
        for who in range(FORECASTERS)
        for at, tick in enumerate(generator.integers(0, 10_001, UPDATES))
    ]
    window = Window(0, 400 * day, 300 * day)

    def settle() -> object:
        return settle_scores(recorded, window, happened=True, cannot_resolve_early=False)

    row("tick table of 100,000 forecasts", lambda: tick_table(p, y), "numpy.unique", lambda: np.unique(p))
    row("CORP from a tick table of 1,001 values", lambda: corp(table), "numpy.sum of 100,000", p.sum)
    row(
        "band of 1,000 replicates, 1,001 values",
        lambda: consistency_band(table),
        "numpy.sort of 100,000",
        lambda: np.sort(p),
    )
    row(
        "settle one prediction, 1,000 forecasters x 3",
        settle,
        "sorting its rows",
        lambda: sorted(recorded, key=lambda r: (r.issued_at, r.id)),
    )


def through_the_database() -> None:
    import django  # noqa: PLC0415 -- the environment is set first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from forecasts.actions import score_predictions  # noqa: PLC0415
    from forecasts.imports.demo import load  # noqa: PLC0415
    from forecasts.jobs.follow import follow  # noqa: PLC0415
    from forecasts.models import FactRow, Prediction  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    load(timezone.now(), "http://127.0.0.1:1/none.xml")
    follow()
    client = Client(headers={"host": "localhost"})
    ids = list(Prediction.objects.filter(current_resolution__isnull=False).values_list("pk", flat=True)[:25])
    api = "/api/v1/calibration?forecaster=fivethirtyeight-lite&track=imported"
    empty, page = "/healthz", "/forecasters/fivethirtyeight-lite/"
    tag = client.get(page)["ETag"]
    row(
        "calibration answer, 19,749 forecasts stored",
        lambda: client.get(api),
        "an empty view",
        lambda: client.get(empty),
    )
    row("scorecard page", lambda: client.get(page), "an empty view", lambda: client.get(empty))
    row(
        "scorecard page, 304",
        lambda: client.get(page, headers={"if-none-match": tag}),
        "an empty view",
        lambda: client.get(empty),
    )
    row(
        "score 25 predictions of 3 models x daily updates",
        lambda: score_predictions(prediction_ids=ids),
        "reading their fact rows",
        lambda: list(FactRow.objects.filter(prediction__in=ids)),
    )


if __name__ == "__main__":
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}")
    pure()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(RECKONER_VAR=folder, LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="project.settings")
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ["EVIDENCE_ALLOW_PRIVATE_HOSTS"] = "127.0.0.1:1"
        through_the_database()
