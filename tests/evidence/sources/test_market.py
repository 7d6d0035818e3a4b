"""Markets: a probability, and what is said of the outcome. Hints, never decisions."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from forecasts.errors import Refused, UnreadableSource
from forecasts.evidence.sources.kind import Item, Observation, Reading
from forecasts.evidence.sources.market import KIND, MarketSpec, read

NOW = datetime(2026, 9, 1, 12, 30, tzinfo=UTC)
URL = "https://market.test/q/7"
GIVEN = {"probability": "p", "outcome": "resolution", "yes": ["YES", 1, True], "no": ["No", 0, False]}
SPEC = MarketSpec.from_dict(GIVEN)
CLOSED = MarketSpec.from_dict({**GIVEN, "closed": "state"})
HINT = "What a market says is a hint, no decision."


def market(spec: MarketSpec = SPEC, before: str = "", **document: Any) -> Reading:
    return read(json.dumps({"p": 0.63, **document}).encode(), spec, url=URL, now=NOW, before=before)


def item(spec: MarketSpec = SPEC, before: str = "", **document: Any) -> Item:
    reading = market(spec, before, **document)
    ((one,), (begin,)) = reading.items, reading.begins
    assert reading.text[begin:] == one.text
    assert HINT in one.text
    return one


def refusal(body: bytes, spec: MarketSpec = SPEC) -> UnreadableSource:
    with pytest.raises(UnreadableSource) as caught:
        read(body, spec, now=NOW)
    return caught.value


def test_it_reads_the_probability_of_the_day() -> None:
    observation = Observation("2026-09-01", date(2026, 9, 1), date(2026, 9, 1), Decimal("0.63"))
    assert market() == Reading("2026-09-01 0.63", observations=(observation,))
    assert KIND.read(b'{"p": 0.63}', "", KIND.spec({"probability": "p"}), now=NOW) == market()


def test_a_clear_outcome_is_a_hint() -> None:
    assert market(resolution="yes") == Reading(
        "2026-09-01 0.63\n\nThe market says YES\nIts outcome reads 'yes'. " + HINT,
        items=(Item("outcome:yes", URL, "The market says YES", item(resolution="yes").text, None, "none"),),
        begins=(len("2026-09-01 0.63") + 2,),
        observations=market().observations,
    )


@pytest.mark.parametrize(
    ("outcome", "guid"),
    [
        *(("YES", "outcome:yes"), (" yes ", "outcome:yes"), (1, "outcome:yes"), (1.0, "outcome:yes")),
        *((True, "outcome:yes"), ("no", "outcome:no"), (0, "outcome:no"), (0.0, "outcome:no"), (False, "outcome:no")),
    ],
)
def test_outcomes_are_compared_without_capitals_and_by_number(outcome: object, guid: str) -> None:
    assert item(resolution=outcome).guid == guid


@pytest.mark.parametrize(
    "outcome",
    [
        "0.5",
        0.5,
        "50%",
        50,
        "N/A",
        "n/a",
        "NA",
        "CANCEL",
        "cancelled",
        "Canceled",
        "void",
        "MKT",
        "Reopened",
        "invalid",
    ],
)
def test_a_market_settled_neither_way_has_no_outcome(outcome: object) -> None:
    found = item(resolution=outcome)
    assert found.title == "The market gives no outcome"
    assert found.guid.startswith("no-outcome:")
    assert f"It was settled as '{str(outcome).lower()}': neither yes nor no." in found.text


@pytest.mark.parametrize("outcome", ["probably", "yes and no", 2, 0.99, ["YES"], {"a": "YES"}, "yes" * 1000])
def test_an_outcome_of_other_words_is_none(outcome: object) -> None:
    found = item(resolution=outcome)
    assert found.title == "The market's outcome is unclear: no outcome"
    assert "neither in spec.yes nor in spec.no" in found.text
    assert len(found.text) < 400


@pytest.mark.parametrize("outcome", [None, "", "open", "PENDING", "unresolved"])
def test_an_open_market_says_nothing_of_the_outcome(outcome: object) -> None:
    assert market(resolution=outcome).items == ()
    assert market(before="2026-08-31 0.60", resolution=outcome).items == ()


@pytest.mark.parametrize("earlier", ["YES", "no", "N/A"])
def test_a_market_that_is_open_again_is_said_to_be_reopened_for_good(earlier: str) -> None:
    before = market(resolution=earlier).text
    again = market(before=before, resolution=None)
    assert again.items[0].guid == "no-outcome:reopened"
    assert "settled before and is open again" in again.text
    assert market(before=again.text).items == again.items
    assert item(before=again.text, resolution="yes").guid == "outcome:yes"


def test_words_of_an_open_or_unclear_outcome_reopen_nothing() -> None:
    for before in (market(CLOSED, resolution="yes", state="open").text, market(resolution="probably").text):
        assert market(before=before).items == ()


@pytest.mark.parametrize("state", ["closed", "RESOLVED", True, "true"])
def test_an_outcome_counts_once_the_market_is_closed(state: object) -> None:
    assert item(CLOSED, resolution="yes", state=state).guid == "outcome:yes"


@pytest.mark.parametrize("state", ["open", "active", False, None, "", "closing", [True], 1])
def test_an_outcome_of_a_market_that_is_not_closed_is_none(state: object) -> None:
    found = item(CLOSED, resolution="yes", state=state)
    assert (found.guid, found.title) == ("open:yes", "The market is not closed: no outcome")


@pytest.mark.parametrize(
    ("given", "scale", "value"),
    [
        *((0, 1, "0"), (1, 1, "1"), ("0.125", 1, "0.125"), (63, 100, "0.63"), (100, 100, "1.00")),
        *((0.1234567890123, 100, "0.001234567890123"), ("12.5 %", 100, "0.125"), ("12,5", 100, "")),
    ],
)
def test_percent_are_brought_to_one_exactly(given: object, scale: int, value: str) -> None:
    spec = MarketSpec.from_dict({"probability": "p", "scale": scale})
    if not value:
        assert refusal(json.dumps({"p": given}).encode(), spec).code == "bad_number"
        return
    assert str(market(spec, p=given).observations[0].value) == value


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"<html>", "html"),
        (b"{", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b'{"p": 0.1, "p": 0.9}', "duplicate_key"),
        (b"{}", "no_probability"),
        (b'{"p": null}', "no_probability"),
        (b'{"p": 63}', "not_a_probability"),
        (b'{"p": -0.1}', "not_a_probability"),
        (b'{"p": 1.0000001}', "not_a_probability"),
        (b'{"p": NaN}', "bad_number"),
        (b'{"p": Infinity}', "bad_number"),
        (b'{"p": 1e400}', "bad_number"),
        (b'{"p": true}', "bad_number"),
        (b'{"p": [0.5]}', "bad_number"),
        (b'{"p": "0,5"}', "bad_number"),
        (b'{"p": ' + b"1" * 5000 + b"}", "bad_number"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_gives_no_probability_is_named(body: bytes, code: str) -> None:
    assert refusal(body).code == code


def test_a_settled_market_may_give_no_probability_any_more() -> None:
    reading = market(p=None, resolution="no")
    assert reading.observations == ()
    assert reading.begins == (0,)
    assert reading.text == reading.items[0].text


def test_a_day_is_one_of_utc_and_the_time_of_the_fetch_is_needed() -> None:
    late = datetime.fromisoformat("2026-09-01T23:30:00-05:00")
    assert read(b'{"p": 0.5}', SPEC, now=late).text == "2026-09-02 0.5"
    for now in (None, datetime(2026, 9, 1)):  # noqa: DTZ001 -- that is the point
        with pytest.raises(ValueError, match="now: "):
            read(b'{"p": 0.5}', SPEC, now=now)


def test_only_a_web_address_becomes_the_link() -> None:
    (found,) = read(b'{"p": 1, "resolution": "yes"}', SPEC, url="javascript:x", now=NOW).items
    assert found.url == ""


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"probability": None}, ["spec.probability"]),
        ({"probability": ""}, ["spec.probability"]),
        ({"probability": "a["}, ["spec.probability"]),
        ({"probability": "x" * 501}, ["spec.probability"]),
        ({"outcome": "a["}, ["spec.outcome"]),
        ({"outcome": None}, ["spec.outcome", "spec.yes", "spec.no"]),
        ({"closed": 3}, ["spec.closed"]),
        ({"scale": 10}, ["spec.scale"]),
        ({"scale": True}, ["spec.scale"]),
        ({"scale": "1"}, ["spec.scale"]),
        ({"yes": []}, ["spec.yes"]),
        ({"yes": "YES"}, ["spec.yes"]),
        ({"yes": [None]}, ["spec.yes"]),
        ({"yes": [["a"]]}, ["spec.yes"]),
        ({"yes": ["x"] * 21, "no": None}, ["spec.yes", "spec.no"]),
        ({"no": ["yes"]}, ["spec.no"]),
        ({"no": ["no", "N/A"]}, ["spec.no"]),
        ({"yes": ["resolved", "open", 0.5]}, ["spec.yes", "spec.yes"]),
        ({"odds": "x"}, ["spec.odds"]),
    ],
    ids=str,
)
def test_a_wrong_spec_is_refused_by_name(change: dict[str, object], fields: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        MarketSpec.from_dict({**GIVEN, **change})
    assert [problem.field for problem in caught.value.problems] == fields


def test_a_spec_needs_a_probability_only() -> None:
    assert MarketSpec.from_dict({"probability": "p", "outcome": "", "closed": ""}) == MarketSpec("p")
    with pytest.raises(Refused, match=r"spec\.probability"):
        MarketSpec.from_dict({})
