"""Polymarket: lists inside texts, prices that are outcomes, and histories that do not say whose they are."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.polymarket import parse

from .made import document, only, reasons, refuses, said

MARKET = {
    "id": "507",
    "conditionId": "0xb",
    "clobTokenIds": '["111", "222"]',
    "question": "Will the harbour bridge open by June?",
    "description": "Yes if cars cross it.",
    "resolutionSource": "",
    "startDate": "2026-01-01T10:00:00Z",
    "endDate": "2026-06-30T21:00:00Z",
    "closedTime": None,
    "outcomes": '["Yes", "No"]',
    "outcomePrices": '["0.6", "0.4"]',
    "closed": False,
}
CLOSED = {"closed": True, "closedTime": "2026-05-01 08:00:00+00", "outcomePrices": '["1", "0"]'}
HISTORY = [{"t": 1_767_700_000, "p": 0.55}, {"t": 1_767_800_000, "p": 0.625}]


def parsed(market: dict[str, Any], history: list[Any] | None = None, name: str = "111.json") -> Import:
    files = {"markets.json": document([{**MARKET, **market}])}
    return parse(files if history is None else {**files, name: document({"history": history})})


def test_it_works() -> None:
    found = parsed(CLOSED, HISTORY)
    question = only(found)
    assert (question.external_id, question.statement) == ("polymarket:507", MARKET["question"])
    assert (question.outcome, question.known_at) == ("yes", dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC))
    assert question.closes_at == question.resolves_by == dt.datetime(2026, 6, 30, 21, tzinfo=dt.UTC)
    assert [(row.value, row.basis, row.external_id) for row in question.forecasts] == [
        (Decimal("0.55"), "market", "polymarket:507/20260106T114640"),
        (Decimal("0.625"), "market", "polymarket:507/20260107T153320"),
    ]
    assert [(who.slug, who.kind) for who in found.forecasters] == [("polymarket-market", "market")]


@pytest.mark.parametrize("name", ["507.json", "0xb.json", "111.json"])
def test_a_history_is_named_for_its_market(name: str) -> None:
    assert len(said(parsed({}, HISTORY, name))) == 2


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"outcomePrices": '["0", "1"]'}, "no"),
        ({"umaResolutionStatus": "resolved"}, "yes"),
        ({"umaResolutionStatus": "proposed"}, ""),
        ({"closed": False}, ""),
    ],
)
def test_when_prices_are_an_outcome(change: dict[str, Any], outcome: str) -> None:
    assert only(parsed(CLOSED | change)).outcome == outcome


def test_of_two_names_the_first_is_asked() -> None:
    statement = only(parsed({"outcomes": '["Gulls", "Herons"]'})).statement
    assert statement == "Will the harbour bridge open by June? — Gulls"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (CLOSED | {"outcomePrices": '["0.5", "0.5"]'}, "outcomePrices"),
        (CLOSED | {"outcomePrices": '["0.999", "0.001"]'}, "outcomePrices"),
        (CLOSED | {"closedTime": None}, "closedTime"),
        ({"outcomes": '["a", "b", "c"]'}, "outcomes"),
        ({"outcomes": "Yes, No"}, "outcomes"),
        ({"endDate": None}, "endDate"),
        ({"question": ""}, "question"),
    ],
)
def test_a_market_that_cannot_be_read_is_refused_with_its_history(change: dict[str, Any], field: str) -> None:
    found = parsed(change)
    assert [row[:2] for row in reasons(found)] == [(1, f"markets.json: {field}")]
    assert found.predictions == ()


def test_points_that_cannot_be_read_are_refused() -> None:
    found = parsed({}, [{"t": 1, "p": 1.5}, {"t": "now", "p": 0.5}, HISTORY[0], HISTORY[0]])
    assert [(row, field) for row, field, _ in reasons(found)] == [
        (1, "111.json: p"),
        (2, "111.json: t"),
        (4, "forecast"),
    ]


def test_files_that_do_not_belong_together_are_refused() -> None:
    with refuses("file", "name a history for the id, conditionId or first token"):
        parsed({}, HISTORY, "222.json")
    with refuses("files", "give markets, and histories"):
        parse({"111.json": document({"history": HISTORY})})
    with refuses("111.json: history", "give a list of objects"):
        parse({"m.json": document(MARKET), "111.json": document({"history": 3})})
