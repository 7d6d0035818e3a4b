"""When a source is looked at again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.evidence.schedule import LONGEST, SHORTEST, NextCheck, after_failed, after_ok, after_unchanged

NOW = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


def test_news_shortens_the_interval_and_silence_lengthens_it() -> None:
    assert after_ok(NOW, 4 * HOUR, jitter=0) == NextCheck(NOW + 3 * HOUR, 3 * HOUR)
    assert after_unchanged(NOW, 4 * HOUR, jitter=0) == NextCheck(NOW + 5 * HOUR, 5 * HOUR)


def test_jitter_delays_a_good_check_by_up_to_a_tenth() -> None:
    assert after_ok(NOW, 4 * HOUR, jitter=1).at == NOW + 3 * HOUR * 1.1


def test_the_interval_stays_between_a_quarter_of_an_hour_and_a_day() -> None:
    assert after_ok(NOW, QUARTER, jitter=0).interval == QUARTER
    assert after_unchanged(NOW, DAY, jitter=0).interval == DAY


@pytest.mark.parametrize(
    ("failures", "shortest", "longest"),
    [
        (1, QUARTER, 2 * QUARTER),
        (2, 2 * QUARTER, HOUR),
        (3, HOUR, 2 * HOUR),
        (6, 8 * HOUR, 16 * HOUR),
        (7, 12 * HOUR, DAY),
        (9, 12 * HOUR, DAY),
        (5000, 12 * HOUR, DAY),
    ],
)
def test_failures_double_the_wait_up_to_a_day(failures: int, shortest: timedelta, longest: timedelta) -> None:
    assert after_failed(NOW, HOUR, failures, jitter=0).at == NOW + shortest
    assert after_failed(NOW, HOUR, failures, jitter=1).at == NOW + longest


def test_a_failure_leaves_the_interval_as_it_was() -> None:
    assert after_failed(NOW, 3 * HOUR, 4, jitter=0.5).interval == 3 * HOUR


@pytest.mark.parametrize(
    ("failures", "permanent", "quarantined"), [(9, False, False), (10, False, True), (1, True, True)]
)
def test_ten_failures_or_a_permanent_one_mean_quarantine(failures: int, permanent: bool, quarantined: bool) -> None:
    assert after_failed(NOW, HOUR, failures, jitter=0, permanent=permanent).quarantined is quarantined


@pytest.mark.parametrize(("asked", "wait"), [(10, QUARTER), (7200, 2 * HOUR), (10**12, 7 * DAY), (-5, QUARTER)])
def test_a_server_may_ask_for_a_longer_wait_up_to_a_week(asked: int, wait: timedelta) -> None:
    assert after_failed(NOW, HOUR, 1, jitter=0, retry_after=asked).at == NOW + wait
    assert after_ok(NOW, QUARTER, jitter=0, retry_after=asked).at == NOW + wait


@given(
    failures=st.integers(1, 10_000), jitter=st.floats(0, 1), seconds=st.integers(0, 10**9), asked=st.integers(0, 10**9)
)
def test_every_wait_is_within_bounds(failures: int, jitter: float, seconds: int, asked: int) -> None:
    interval = timedelta(seconds=seconds)
    for following in (
        after_ok(NOW, interval, jitter=jitter),
        after_unchanged(NOW, interval, jitter=jitter),
    ):
        assert NOW + SHORTEST <= following.at <= NOW + LONGEST * 1.1
    failed = after_failed(NOW, interval, failures, jitter=jitter)
    assert NOW + min(interval, SHORTEST) <= failed.at <= NOW + LONGEST
    assert after_failed(NOW, interval, failures, jitter=jitter, retry_after=asked).at <= NOW + 7 * DAY


@pytest.mark.parametrize("jitter", [-0.1, 1.1, float("nan")])
def test_jitter_is_a_number_from_0_to_1(jitter: float) -> None:
    with pytest.raises(ValueError, match="jitter"):
        after_ok(NOW, HOUR, jitter=jitter)
    with pytest.raises(ValueError, match="jitter"):
        after_failed(NOW, HOUR, 1, jitter=jitter)


def test_the_first_failure_is_number_one() -> None:
    with pytest.raises(ValueError, match="failures"):
        after_failed(NOW, HOUR, 0, jitter=0)
