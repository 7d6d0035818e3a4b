"""When to look at a source again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
LONGEST_WAIT = timedelta(days=7)
QUARANTINE_AFTER = 10


@dataclass(frozen=True)
class NextCheck:
    """When to check next, the interval to remember, failures in a row. A quarantined source waits for a person."""

    at: datetime
    interval: timedelta
    failures: int = 0
    quarantined: bool = False


def after_ok(
    now: datetime,
    interval: timedelta,
    *,
    jitter: float,
    retry_after: int | None = None,
    shortest: timedelta = SHORTEST,
) -> NextCheck:
    """After a check that found something new: look again sooner, but not within `shortest`. `jitter` is from 0 to 1."""
    return _after_success(now, max(interval * 0.75, shortest), jitter, retry_after)


def after_unchanged(
    now: datetime,
    interval: timedelta,
    *,
    jitter: float,
    retry_after: int | None = None,
    shortest: timedelta = SHORTEST,
) -> NextCheck:
    """After a good check that found nothing new: look again later. `jitter` is a random number from 0 to 1."""
    return _after_success(now, max(interval * 1.25, shortest), jitter, retry_after)


def after_failed(
    now: datetime,
    interval: timedelta,
    failures: int,
    *,
    jitter: float,
    retry_after: int | None = None,
    permanent: bool = False,
) -> NextCheck:
    """After failure number `failures` in a row (1 is the first): the wait doubles up to 24 hours.

    It begins with twice the interval, at most 30 minutes.

    `jitter` (0 to 1) spreads it over its upper half. `retry_after` (seconds) is a lower bound, up to 7 days. The 10th
    failure, or one that a retry cannot help, puts the source in quarantine.

    Raises ValueError for `jitter` outside 0 to 1 or `failures` under 1.
    """
    if failures < 1:
        raise ValueError("failures: give 1 for the first failure")
    # The exponent is bounded, because 15 minutes doubled a thousand times is no timedelta.
    backoff = min(min(SHORTEST, interval) * 2 ** min(failures, QUARANTINE_AFTER), LONGEST)
    wait = backoff * (0.5 + _checked(jitter) / 2)
    return NextCheck(
        at=now + max(wait, _asked_for(retry_after)),
        interval=interval,
        failures=failures,
        quarantined=permanent or failures >= QUARANTINE_AFTER,
    )


def _after_success(now: datetime, interval: timedelta, jitter: float, retry_after: int | None) -> NextCheck:
    kept = min(interval, LONGEST)
    # Up to a tenth later, so that sources added together do not stay in step.
    return NextCheck(at=now + max(kept * (1 + _checked(jitter) / 10), _asked_for(retry_after)), interval=kept)


def _asked_for(retry_after: int | None) -> timedelta:
    return min(timedelta(seconds=max(retry_after or 0, 0)), LONGEST_WAIT)


def _checked(jitter: float) -> float:
    if not 0 <= jitter <= 1:
        raise ValueError("jitter: give a number from 0 to 1")
    return jitter
