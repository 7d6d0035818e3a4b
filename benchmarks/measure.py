"""A job beside its yardstick, run in turn so that a slow moment hits both; medians are compared."""

import statistics
import time
from collections.abc import Callable

RUNS = 5


def median_seconds(*jobs: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Median seconds of each job."""
    taken: list[list[float]] = [[] for _ in jobs]
    for _ in range(runs):
        for times, job in zip(taken, jobs, strict=True):
            start = time.perf_counter()
            job()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


def row(name: str, job: Callable[[], object], yardstick: str, floor: Callable[[], object], runs: int = RUNS) -> float:
    """Print one line; returns the job's median seconds."""
    ours, theirs = median_seconds(job, floor, runs=runs)
    print(f"{name:58} {ours * 1e3:9.1f} ms   {ours / theirs:8.1f} x {yardstick} ({theirs * 1e3:.2f} ms)", flush=True)
    return ours


def rate(count: int, unit: str, seconds: float) -> None:
    print(f"{'':58} {count / seconds:12,.0f} {unit} a second", flush=True)
