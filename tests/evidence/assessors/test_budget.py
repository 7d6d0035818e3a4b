"""Whether an assessor may be asked once more: caps, breaker, cache key."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.errors import FetchRefused, FetchTooLarge
from forecasts.evidence.assessors.budget import (
    PROBE_LEASE,
    Answered,
    Asked,
    Breaker,
    Caps,
    Event,
    Failed,
    Spend,
    after,
    cache_key,
    failed,
    over_budget,
)
from forecasts.evidence.fetch import BadStatus, Hop

NOW = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
CAPS = Caps(calls=10, cost_micros=1_000_000, prediction_calls=3, prediction_cost_micros=200_000)


@pytest.mark.parametrize(
    ("spend", "at_most", "reason"),
    [
        (Spend(), 0, ""),
        (Spend(calls=9, prediction_calls=2), 0, ""),
        (Spend(calls=10), 0, "today's 10 calls are used up"),
        (Spend(prediction_calls=3), 0, "today's 3 calls for this prediction are used up"),
        (Spend(cost_micros=900_000), 100_000, ""),
        (Spend(cost_micros=900_000), 100_001, "another call might cost more than today's 1.00"),
        (
            Spend(prediction_cost_micros=1),
            200_000,
            "another call might cost more than today's 0.20 for this prediction",
        ),
    ],
)
def test_the_caps_hold(spend: Spend, at_most: int, reason: str) -> None:
    assert over_budget(spend, CAPS, at_most) == reason


def test_a_cap_of_nothing_allows_nothing() -> None:
    assert over_budget(Spend(), replace(CAPS, calls=0), 0)
    assert over_budget(Spend(), replace(CAPS, prediction_calls=0), 0)


@given(st.lists(st.integers(0, 300_000), max_size=40))
def test_whatever_calls_cost_a_day_never_takes_more_than_its_caps(costs: list[int]) -> None:
    spend = Spend()
    for cost in costs:
        if not over_budget(spend, CAPS, cost):
            spent = (spend.calls + 1, spend.cost_micros + cost)
            spend = Spend(*spent, prediction_calls=spent[0], prediction_cost_micros=spent[1])
    assert spend.prediction_calls <= CAPS.prediction_calls
    assert spend.prediction_cost_micros <= CAPS.prediction_cost_micros


def test_the_cache_key_changes_with_every_part() -> None:
    parts = {"model": "m", "prompt_version": "1", "prediction_version": 1, "text_sha256": "t"}
    changed = [{**parts, name: 2 if name == "prediction_version" else "x"} for name in parts]
    keys = {cache_key(**each) for each in (parts, parts, *changed)}  # type: ignore[arg-type]
    assert len(keys) == 5
    assert cache_key(model="m1", prompt_version="", prediction_version=1, text_sha256="") != cache_key(
        model="m", prompt_version="1", prediction_version=1, text_sha256=""
    )


def run(*events: Event, start: Breaker | None = None) -> Breaker:
    breaker = start or Breaker()
    for event in events:
        breaker = after(breaker, event)
    return breaker


OPEN = run(*[Failed(NOW)] * 5)


def test_it_opens_after_five_failures_in_a_row() -> None:
    assert run(*[Failed(NOW)] * 4).may_ask(NOW)
    assert run(*[Failed(NOW)] * 4, Answered(NOW), *[Failed(NOW)] * 4).may_ask(NOW)
    assert Breaker("open", failures=5, trips=1, until=NOW + MINUTE) == OPEN
    assert not OPEN.may_ask(NOW + MINUTE - SECOND)
    assert OPEN.may_ask(NOW + MINUTE)


def test_one_call_probes_and_an_answer_closes_it() -> None:
    probing = after(OPEN, Asked(NOW + MINUTE))
    assert probing.state == "half_open"
    assert not probing.may_ask(NOW + MINUTE + SECOND)
    assert after(probing, Answered(NOW + 2 * MINUTE)) == Breaker()


def test_a_probe_that_fails_opens_it_for_twice_as_long_up_to_an_hour() -> None:
    breaker, now, waits = OPEN, NOW, []
    for _ in range(8):
        assert breaker.until is not None
        waits.append((breaker.until - now) // MINUTE)
        now = breaker.until
        breaker = run(Asked(now), Failed(now), start=breaker)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_probe_that_is_never_heard_of_again_lets_another_try() -> None:
    probing = after(OPEN, Asked(NOW + MINUTE))
    assert probing.may_ask(NOW + MINUTE + PROBE_LEASE)
    assert after(probing, Asked(NOW + HOUR)).state == "half_open"


@pytest.mark.parametrize(
    ("failed", "wait"),
    [
        (Failed(NOW, http_status=429, retry_after=7), MINUTE),
        (Failed(NOW, http_status=429, retry_after=7200), 2 * HOUR),
        (Failed(NOW, http_status=401), HOUR),
        (Failed(NOW, http_status=403), HOUR),
        (Failed(NOW, permanent=True), HOUR),
    ],
)
def test_some_failures_open_it_at_once(failed: Failed, wait: dt.timedelta) -> None:
    breaker = after(Breaker(), failed)
    assert (breaker.state, breaker.until) == ("open", NOW + wait)


def test_an_error_says_what_the_breaker_needs() -> None:
    status = BadStatus("busy", "http_status", hops=(Hop("https://m.test/", 429, "10.0.0.7"),), retry_after=30)
    assert failed(status, NOW) == Failed(NOW, 429, 30)
    assert failed(FetchTooLarge("slow", "timeout"), NOW) == Failed(NOW)
    assert failed(FetchRefused("not listed", "endpoint"), NOW) == Failed(NOW, permanent=True)


def test_calls_that_were_under_way_when_it_opened_change_little() -> None:
    assert run(Answered(NOW), Asked(NOW), start=OPEN) == OPEN
    assert run(Failed(NOW), start=OPEN) == replace(OPEN, failures=6)
    assert run(Failed(NOW, retry_after=600), start=OPEN).until == NOW + 10 * MINUTE


moments = st.integers(0, 10_000).map(lambda seconds: NOW + seconds * SECOND)
events = st.one_of(
    st.builds(Asked, moments),
    st.builds(Answered, moments),
    st.builds(Failed, moments, st.sampled_from([None, 401, 429, 500]), st.sampled_from([None, 0, 90]), st.booleans()),
)


@given(st.lists(events, max_size=30))
def test_it_always_asks_again_some_day(happened: list[Event]) -> None:
    breaker = run(*happened)
    assert (breaker.until is None) == (breaker.state == "closed")
    late = NOW + 24 * HOUR
    assert breaker.may_ask(late)
    assert run(Asked(late), Answered(late), start=breaker) == Breaker()
