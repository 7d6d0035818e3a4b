"""Manifold: the price after each bet that moved it, and resolutions of which some are fractions."""

import datetime as dt
from typing import Any

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.manifold import parse

from .made import document, only, reasons, refuses, said

MS = 1000
OPENED, CLOSES, KNOWN = 1_767_261_600 * MS, 1_782_853_200 * MS, 1_777_622_400 * MS
MARKET = {
    "id": "m1",
    "question": "Will the harbour bridge open by June?",
    "outcomeType": "BINARY",
    "mechanism": "cpmm-1",
    "createdTime": OPENED,
    "closeTime": CLOSES,
    "url": "https://manifold.markets/desk/bridge",
    "textDescription": "Yes if cars cross it.",
    "isResolved": False,
    "probability": 0.6,
}
BET = {
    "id": "b1",
    "userId": "u1",
    "contractId": "m1",
    "createdTime": OPENED + MS,
    "amount": 10,
    "outcome": "YES",
    "shares": 12.5,
    "probBefore": 0.5,
    "probAfter": 0.55,
    "isRedemption": False,
}
YES = {"isResolved": True, "resolution": "YES", "resolutionTime": KNOWN}
ANSWERS = [{"id": "a1", "text": "Monday"}, {"id": "a2", "text": "Tuesday"}]
CHOICE = {"outcomeType": "MULTIPLE_CHOICE", "answers": ANSWERS}


def parsed(market: dict[str, Any], *bets: dict[str, Any]) -> Import:
    found = [{**BET, "id": f"b{number}", **bet} for number, bet in enumerate(bets, 1)]
    return parse({"markets.json": document([{**MARKET, **market}]), "bets.json": document(found)})


def at(milliseconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(milliseconds // MS, dt.UTC)


def test_it_works() -> None:
    found = parsed(YES, {"createdTime": OPENED + 2 * MS, "probAfter": 0.625}, {})
    question = only(found)
    assert (question.external_id, question.criteria) == ("manifold:m1", "Yes if cars cross it.")
    assert (question.opens_at, question.closes_at, question.known_at) == (at(OPENED), at(CLOSES), at(KNOWN))
    assert (question.outcome, question.resolves_by) == ("yes", question.closes_at)
    prices = [(row.row, row.external_id, row.value, row.basis) for row in question.forecasts]
    assert [(row, key, float(value), basis) for row, key, value, basis in prices] == [  # type: ignore[arg-type]
        (2, "b2", 0.55, "market"),
        (1, "b1", 0.625, "market"),
    ]
    assert [(who.slug, who.kind) for who in found.forecasters] == [("manifold-market", "market")]
    assert "non-commercial" in found.credit


def test_one_market_alone_is_taken_too() -> None:
    question = only(parse({"market.json": document(MARKET)}))
    assert (question.outcome, question.known_at, question.forecasts) == ("", None, ())


def test_redemptions_and_orders_that_wait_are_left_out_with_a_reason() -> None:
    found = parsed({}, {"isRedemption": True}, {"amount": 0, "orderAmount": 50}, {})
    assert reasons(found) == [(1, "bets.json: isRedemption", "True"), (2, "bets.json: amount", "0")]
    assert [row.external_id for row in said(found)] == ["b3"]


@pytest.mark.parametrize(("resolution", "outcome", "void"), [("NO", "no", ""), ("CANCEL", "", "unresolvable")])
def test_a_resolution_of_no_and_a_cancelled_market(resolution: str, outcome: str, void: str) -> None:
    question = only(parsed(YES | {"resolution": resolution}))
    assert (question.outcome, question.void_reason, question.known_at) == (outcome, void, at(KNOWN))


@pytest.mark.parametrize("probability", [0.4, 1])
def test_a_market_resolved_to_a_fraction_is_refused_and_never_rounded(probability: float) -> None:
    found = parsed(YES | {"resolution": "MKT", "resolutionProbability": probability}, {})
    assert (found.predictions, found.refused[0].field, found.refused[0].value) == (
        (),
        "markets.json: resolution",
        "MKT",
    )
    assert "never rounded" in found.refused[0].accepted
    assert found.refused[1].field == "question"


@pytest.mark.parametrize("kind", ["PSEUDO_NUMERIC", "NUMERIC", "POLL", "BOUNTIED_QUESTION", "FREE_RESPONSE", None])
def test_scalar_and_other_markets_are_refused(kind: str | None) -> None:
    assert reasons(parsed({"outcomeType": kind})) == [(1, "markets.json: outcomeType", kind or "")]


def test_each_answer_is_a_question_in_one_family_and_the_one_that_won_is_yes() -> None:
    found = parsed(CHOICE | YES | {"resolution": "a2"}, {"answerId": "a2"}, {"answerId": "a9"})
    title = str(MARKET["question"])
    assert [(row.external_id, row.statement, row.group, row.outcome) for row in found.predictions] == [
        ("manifold:m1/a1", f"{title} — Monday", title, "no"),
        ("manifold:m1/a2", f"{title} — Tuesday", title, "yes"),
    ]
    assert [len(row.forecasts) for row in found.predictions] == [0, 1]
    assert reasons(found) == [(2, "question", "manifold:m1/a9")]


def test_an_answer_resolved_by_itself_counts_before_its_market() -> None:
    answers = [ANSWERS[0] | {"resolution": "NO", "resolutionTime": KNOWN - MS}, ANSWERS[1] | {"resolution": "MKT"}]
    found = parsed(CHOICE | YES | {"resolution": "MKT", "answers": answers})
    assert (only(found).outcome, only(found).known_at) == ("no", at(KNOWN - MS))
    assert reasons(found) == [(1, "markets.json: answers[1].resolution", "MKT")]


def test_shares_between_answers_are_refused_answer_by_answer() -> None:
    found = parsed(CHOICE | YES | {"resolution": "MKT"})
    assert reasons(found) == [(1, "markets.json: resolution", "MKT")] * 2


@pytest.mark.parametrize(
    ("cell", "value"),
    [("closeTime", None), ("closeTime", 10**18), ("closeTime", "soon"), ("question", ""), ("createdTime", True)],
)
def test_a_market_that_cannot_be_read_is_refused(cell: str, value: object) -> None:
    found = parsed({cell: value})
    assert [(row, field) for row, field, _ in reasons(found)] == [(1, f"markets.json: {cell}")]


@pytest.mark.parametrize(("cell", "value"), [("probAfter", 1.5), ("probAfter", None), ("id", ""), ("amount", "ten")])
def test_a_bet_that_cannot_be_read_is_refused(cell: str, value: object) -> None:
    assert [(row, field) for row, field, _ in reasons(parsed({}, {cell: value}))] == [(1, f"bets.json: {cell}")]


def test_bets_without_their_markets_and_other_documents_are_refused() -> None:
    with refuses("files", "there is no list of markets"):
        parse({"bets.json": document([BET])})
    with refuses("files", "there is no list of markets"):
        parse({})
    with refuses("m.json: markets", "give a list of objects"):
        parse({"m.json": b"3"})
