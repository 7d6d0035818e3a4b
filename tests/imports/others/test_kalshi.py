"""Kalshi: markets that close early, results that are not final, and scalar ones."""

import datetime as dt
from typing import Any

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.kalshi import parse

from .made import document, only, reasons, refuses

MARKET = {
    "ticker": "BRIDGE-26JUN",
    "event_ticker": "BRIDGE",
    "market_type": "binary",
    "title": "When will the harbour bridge open?",
    "yes_sub_title": "By June",
    "open_time": "2026-01-01T10:00:00Z",
    "close_time": "2026-05-01T08:00:00Z",
    "latest_expiration_time": "2026-06-30T21:00:00Z",
    "can_close_early": True,
    "status": "active",
    "result": "",
    "rules_primary": "If cars cross it, the market resolves to Yes.",
    "rules_secondary": "Trams do not count.",
}
FINAL = {"status": "finalized", "result": "yes"}


def parsed(*changes: dict[str, Any]) -> Import:
    return parse({"k.json": document({"markets": [{**MARKET, **change} for change in changes]})})


def test_it_works() -> None:
    question = only(parsed(FINAL))
    assert (question.external_id, question.group) == ("kalshi:BRIDGE-26JUN", "")
    assert question.statement == "When will the harbour bridge open? — By June"
    assert (question.criteria, question.fine_print) == (MARKET["rules_primary"], "Trams do not count.")
    assert question.closes_at == question.resolves_by == dt.datetime(2026, 6, 30, 21, tzinfo=dt.UTC)
    assert (question.outcome, question.known_at) == ("yes", dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC))


def test_one_market_and_a_list_are_taken_too() -> None:
    assert only(parse({"k.json": document({"market": MARKET})})) == only(parse({"k.json": document([MARKET])}))


def test_markets_of_one_event_are_a_family() -> None:
    found = parsed({}, {"ticker": "BRIDGE-26JUL"}, {"ticker": "TUNNEL", "event_ticker": "TUNNEL"})
    assert [row.group for row in found.predictions] == ["Kalshi event BRIDGE", "Kalshi event BRIDGE", ""]


def test_a_market_that_cannot_close_early_closes_as_planned() -> None:
    question = only(parsed({"can_close_early": False}))
    assert question.closes_at == dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC) < question.resolves_by


@pytest.mark.parametrize("status", ["active", "closed", "determined", "disputed", "amended"])
def test_a_result_that_is_not_final_is_none_yet(status: str) -> None:
    question = only(parsed({"status": status, "result": "yes"}))
    assert (question.outcome, question.known_at) == ("", None)


def test_a_void_market_is_void() -> None:
    assert only(parsed(FINAL | {"result": "void"})).void_reason == "unresolvable"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (FINAL | {"result": "scalar"}, "result"),
        ({"market_type": "scalar"}, "market_type"),
        ({"latest_expiration_time": ""}, "latest_expiration_time"),
        ({"rules_primary": None}, "rules_primary"),
        ({"ticker": ""}, "ticker"),
    ],
)
def test_a_market_that_cannot_be_read_is_refused(change: dict[str, Any], field: str) -> None:
    found = parsed(change)
    assert ([row[:2] for row in reasons(found)], found.predictions) == ([(1, field)], ())


def test_other_documents_are_refused() -> None:
    for other in ({}, 3, {"markets": {}}):
        with refuses("markets", "give a list of objects"):
            parse({"k.json": document(other)})
