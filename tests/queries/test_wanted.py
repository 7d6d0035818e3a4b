"""Rare filters: answered without intervals, computed because somebody asked, gone when anything is scored."""

import sys
from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as Gone

from forecasts.actions import keep_filter, refresh_calibration
from forecasts.models import StoredStatistic
from forecasts.queries.calibration import Calibration, calibration
from forecasts.queries.scope import FILTER, parse_query
from forecasts.queries.wanted import MOST, noted, wanted
from tests.story import DAY, DEADLINE, Story

NOW = DEADLINE + 30 * DAY
RARE = {"from": "2026-01", "to": "2026-12"}  # as wide as everything there is


def asked(**given: str) -> Calibration:
    return noted(calibration(parse_query(given), NOW))


@pytest.fixture
def told(story: Story) -> Story:
    for n in range(12):
        story.settled(0.6 if n % 2 else 0.9, "yes" if n % 3 else "no")
    story.scores()
    return story


def test_it_works(told: Story) -> None:
    before = asked(**RARE)
    assert before.brier is not None
    assert (before.is_wanted, before.brier.low) == (True, None)
    assert told.scores() == 0  # nothing new in the ledger
    after, kept = asked(**RARE), asked()
    assert after.brier is not None
    assert after.brier.low is not None
    assert (after.brier, after.log, after.groups) == (kept.brier, kept.log, kept.groups)
    assert after.digest != before.digest
    assert wanted() == {}


@pytest.mark.parametrize(
    "given", [{"cohort": "all"}, {"basis": "stated"}, {"forecaster": "policy-desk", "topic": "rivers"}, RARE]
)
def test_every_crossing_but_a_lead_band_gets_its_interval(told: Story, given: dict[str, str]) -> None:
    rivers = told.topic("rivers")
    for n in range(10):
        told.settled(0.7, "yes" if n % 4 else "no", topics=[rivers])
    told.scores()
    assert asked(**given).is_wanted
    told.scores()
    found = asked(**given)
    assert found.brier is not None
    assert found.brier.low is not None
    assert found.brier.low < found.brier.value < (found.brier.high or 0)


def test_whatever_is_scored_takes_them_away_until_somebody_asks_again(told: Story) -> None:
    asked(**RARE)
    told.scores()
    told.settled(0.2, "no")
    told.scores()
    assert not StoredStatistic.objects.filter(query__startswith=FILTER).exists()
    assert asked(**RARE).is_wanted
    told.scores()
    assert not asked(**RARE).is_wanted


def test_what_is_kept_or_has_a_lead_or_is_a_list_is_not_wanted(told: Story) -> None:
    for given in ({}, {"lead": "90_365d"}, {"from": "2026-12"}):
        asked(**given)
    assert wanted() == {}


def test_the_list_is_short_and_so_is_what_is_kept(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in range(1900, 1900 + MOST + 5):
        asked(**{"from": f"{year}-01"})
    assert len(wanted()) == MOST
    for most, is_kept in ((1, True), (1, False), (2, True)):
        monkeypatch.setattr(sys.modules[keep_filter.__module__], "MOST_FILTERS", most)
        given = parse_query({**RARE, "from": f"20{most}0-01"}).parameters
        assert keep_filter(parameters=given, at=NOW) is is_kept


def test_what_has_gone_meanwhile_is_left_out(told: Story) -> None:
    cache.set("wanted-filters", {"filter:1": {"topic": "gone"}, "filter:2": parse_query(RARE).parameters})
    told.scores()
    assert StoredStatistic.objects.filter(query__startswith=FILTER).count() == 1


def test_one_that_cannot_be_computed_costs_no_other(told: Story, caplog: pytest.LogCaptureFixture) -> None:
    broken: dict[str, object] = {**RARE, "from": 2026}  # a number, which no version of ours puts on the list
    cache.set("wanted-filters", {"filter:1": broken, "filter:2": parse_query(RARE).parameters})
    with caplog.at_level("ERROR"):
        told.scores()
    assert not asked(**RARE).is_wanted
    [record] = [record for record in caplog.records if "cannot be computed" in record.message]
    assert "'from': 2026" in record.message
    assert record.exc_info


def test_a_worker_that_is_killed_leaves_it_to_the_next(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(**given: Any) -> bool:
        raise Killed

    asked(**RARE)
    with monkeypatch.context() as patch:
        patch.setattr("forecasts.jobs.follow.keep_filter", killed)
        with pytest.raises(Killed):
            told.scores()
    told.scores()
    assert not asked(**RARE).is_wanted
    assert wanted() == {}


def test_a_stored_statistic_that_cannot_be_computed_costs_no_other(
    told: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told.stales()
    [first, *others] = sorted(StoredStatistic.objects.values_list("query", flat=True))

    def broken(*, key: str, at: Any) -> bool:
        if key == first:
            raise ArithmeticError("nothing to divide by")
        return refresh_calibration(key=key, at=at)

    monkeypatch.setattr("forecasts.jobs.follow.refresh_calibration", broken)
    with caplog.at_level("ERROR"):
        told.scores()
    assert list(StoredStatistic.objects.filter(stale=True).values_list("query", flat=True)) == [first]
    assert others
    assert first in caplog.text


def test_no_request_and_no_worker_waits_for_a_cache_that_is_gone(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*given: Any) -> None:
        raise Gone("connection refused")

    monkeypatch.setattr(type(cache._connections[cache._alias]), "get", gone)
    assert asked(**RARE).is_wanted
    assert wanted() == {}
