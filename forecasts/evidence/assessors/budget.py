"""May an assessor be asked once more? Pure: what was spent, what went wrong and what the time is in, an answer out."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Literal

from forecasts.errors import FetchFailed

FAILURES_TO_OPEN = 5
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
LONGEST_ASKED = dt.timedelta(days=1)
PROBE_LEASE = dt.timedelta(minutes=5)
WRONG_KEY = frozenset({401, 403})


@dataclass(frozen=True)
class Spend:
    """What was spent since midnight UTC, calls in flight included at their highest cost; costs in millionths."""

    calls: int = 0
    cost_micros: int = 0
    prediction_calls: int = 0
    prediction_cost_micros: int = 0


@dataclass(frozen=True)
class Caps:
    """The most that a day may take, in all and for one prediction; 0 allows nothing. Costs are in millionths."""

    calls: int
    cost_micros: int
    prediction_calls: int
    prediction_cost_micros: int


def over_budget(spend: Spend, caps: Caps, at_most: int) -> str:
    """Why another call that costs `at_most` millionths may not be made today, as a sentence; "" when it may."""
    if spend.calls >= caps.calls:
        return f"today's {caps.calls:,} calls are used up"
    if spend.prediction_calls >= caps.prediction_calls:
        return f"today's {caps.prediction_calls:,} calls for this prediction are used up"
    if spend.cost_micros + at_most > caps.cost_micros:
        return f"another call might cost more than today's {_money(caps.cost_micros)}"
    if spend.prediction_cost_micros + at_most > caps.prediction_cost_micros:
        return f"another call might cost more than today's {_money(caps.prediction_cost_micros)} for this prediction"
    return ""


def cache_key(*, model: str, prompt_version: str, prediction_version: int, text_sha256: str) -> str:
    """SHA-256 of everything that an assessment depends on: the same key need not be paid for twice."""
    parts = [model, prompt_version, prediction_version, text_sha256]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Breaker:
    """Whether the endpoint is spared. `closed`: it is asked. `open`: not before `until`. `half_open`: one call probes
    it, and if that is never heard of again another may from `until` on.

    `failures` counts failures in a row, `trips` how often it opened since the last success.
    """

    state: Literal["closed", "open", "half_open"] = "closed"
    failures: int = 0
    trips: int = 0
    until: dt.datetime | None = None

    def may_ask(self, now: dt.datetime) -> bool:
        return self.until is None or now >= self.until


@dataclass(frozen=True)
class Asked:
    """A call begins; record it before the call is made."""

    at: dt.datetime


@dataclass(frozen=True)
class Answered:
    """A call came back with an answer, sensible or not."""

    at: dt.datetime


@dataclass(frozen=True)
class Failed:
    """A call raised FetchFailed. `retry_after` in seconds and `http_status` as in BadStatus, None when there are none;
    `permanent` as in the error.
    """

    at: dt.datetime
    http_status: int | None = None
    retry_after: int | None = None
    permanent: bool = False


Event = Asked | Answered | Failed


def failed(error: FetchFailed, at: dt.datetime) -> Failed:
    """What the breaker needs to know of an error that `Assessor.assess` raised."""
    return Failed(at, getattr(error, "http_status", None), getattr(error, "retry_after", None), error.permanent)


def after(breaker: Breaker, event: Event) -> Breaker:
    """The breaker after `event`.

    It opens after 5 failures in a row, at once when a probe fails, the endpoint names a time or the fault will not go
    away by itself; for 1 minute, doubled each time, at most 1 hour, or as long as the endpoint asks, at most a day.
    """
    if isinstance(event, Asked):
        probing = breaker.state != "closed" and breaker.may_ask(event.at)
        return replace(breaker, state="half_open", until=event.at + PROBE_LEASE) if probing else breaker
    if isinstance(event, Answered):
        # A call from before it opened says nothing about now.
        return breaker if breaker.state == "open" else Breaker()
    return _failed(breaker, event)


def _failed(breaker: Breaker, event: Failed) -> Breaker:
    failures = breaker.failures + 1
    lasting = event.permanent or event.http_status in WRONG_KEY
    asked = min(dt.timedelta(seconds=event.retry_after or 0), LONGEST_ASKED)
    opens = breaker.state == "half_open" or failures >= FAILURES_TO_OPEN or lasting or bool(asked)
    if breaker.state == "open" and breaker.until is not None:  # another call that was under way when it opened
        return replace(breaker, failures=failures, until=max(breaker.until, event.at + asked))
    if not opens:
        return replace(breaker, failures=failures)
    wait = LONGEST_WAIT if lasting else min(FIRST_WAIT * 2 ** min(breaker.trips, 10), LONGEST_WAIT)
    return Breaker("open", failures, breaker.trips + 1, event.at + max(wait, asked))


def _money(micros: int) -> str:
    return f"{micros / 1_000_000:,.2f}"
