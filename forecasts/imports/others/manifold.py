"""Manifold's markets and bets, as its API answers: JSON lists, or one market.

The market is the forecaster: each bet that moved the price is its forecast, at the probability after the bet. What
single traders think cannot be read from their bets. Each answer of a market with several is a question of yes or no,
since bets move them one at a time; together they are a family.
"""

from collections.abc import Iterator
from typing import Any

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction
from forecasts.errors import Refused
from forecasts.imports.reading import Files, json_of
from forecasts.models import NO, YES, Basis, ForecasterKind, VoidReason

from .book import Book
from .rows import MILLISECOND, Row

NAME = "manifold"
TITLE = "Manifold"
ENDS = (".json",)
CREDIT = "Manifold Markets; its terms allow non-commercial use of its data."
KINDS = "give a market of outcomeType BINARY or MULTIPLE_CHOICE; scalar and other outcomes are not taken"
WHOLE = "give YES, NO, CANCEL or nothing; a fractional outcome is never rounded"
FILES = "give lists of markets and of bets"


def parse(files: Files) -> Import:
    """Markets, and bets on them in files of their own. Raises Refused when a file holds neither."""
    book = Book(NAME)
    found = {name: _listed(json_of(name, data)) for name, data in sorted(files.items())}
    bets = {name for name, rows in found.items() if _are_bets(rows)}
    for name in sorted(found.keys() - bets):
        for row in book.objects(found[name], "markets", f"{name}: "):
            _market(book, row)
    if len(bets) == len(found):
        raise Refused("files", sorted(found), f"{FILES}; there is no list of markets")
    for name in sorted(bets):
        for row in book.objects(found[name], "bets", f"{name}: "):
            with book.row(row.number):
                _bet(book, row)
    return book.close(files, CREDIT)


def _listed(document: Any) -> Any:
    return [document] if isinstance(document, dict) else document


def _are_bets(rows: object) -> bool:
    return isinstance(rows, list) and any(isinstance(row, dict) and "contractId" in row for row in rows[:1])


def _market(book: Book, row: Row) -> None:
    """One question, or one for each answer; every answer that cannot be taken is refused by itself."""
    with book.row(row.number):
        if row.optional("outcomeType") == "BINARY":
            book.add(_question(book, row, row, row.text("question")))
        elif row.optional("outcomeType") == "MULTIPLE_CHOICE":
            for index, cells in enumerate(row.rows("answers")):
                with book.row(row.number):
                    answer = row.inner("answers", index, cells)
                    statement = f"{row.text('question')} — {answer.text('text')}"
                    book.add(_question(book, row, answer, statement))
        else:
            raise row.refusal("outcomeType", KINDS)


def _question(book: Book, market: Row, row: Row, statement: str) -> ImportedPrediction:
    closes_at = market.since_1970("closeTime", MILLISECOND)
    outcome, void_reason = _outcome(market, row)
    settled = row if row.cells.get("resolutionTime") is not None else market
    answer = () if row is market else (row.text("id"),)
    return ImportedPrediction(
        row=row.number,
        external_id=book.key(market.text("id"), *answer),
        statement=statement,
        criteria=market.optional("textDescription") or f"As asked on Manifold: {market.text('question')}",
        resolution_source=market.optional("url") or "The market's creator on Manifold",
        opens_at=market.since_1970("createdTime", MILLISECOND),
        closes_at=closes_at,
        resolves_by=closes_at,
        outcome=outcome,
        void_reason=void_reason,
        known_at=settled.since_1970("resolutionTime", MILLISECOND) if outcome or void_reason else None,
        group=market.text("question") if answer else "",
        forecasts=(),
    )


def _outcome(market: Row, row: Row) -> tuple[str, str]:
    """An answer's own resolution counts before its market's, which names the answer that won."""
    whole = {"YES": (YES, ""), "NO": (NO, ""), "CANCEL": ("", VoidReason.UNRESOLVABLE.value)}
    if own := row.optional("resolution"):
        if own not in whole:
            raise row.refusal("resolution", WHOLE)
        return whole[own]
    chosen = market.optional("resolution")
    if not market.flag("isResolved") and not chosen:
        return "", ""
    if row is market or chosen in ("MKT", "CHOOSE_MULTIPLE", ""):
        raise market.refusal("resolution", WHOLE)
    return whole["CANCEL"] if chosen == "CANCEL" else whole["YES" if chosen == row.text("id") else "NO"]


def _bet(book: Book, row: Row) -> None:
    for reason in _left_out(row):
        raise row.refusal(*reason)
    answer = row.optional("answerId")
    said = ImportedForecast(
        row=row.number,
        forecaster=book.forecaster("market", "Manifold", ForecasterKind.MARKET, url="https://manifold.markets"),
        issued_at=row.since_1970("createdTime", MILLISECOND),
        value=row.probability("probAfter"),
        external_id=row.text("id"),
        basis=Basis.MARKET,
    )
    book.said(book.key(row.text("contractId"), *([answer] if answer else [])), said)


def _left_out(row: Row) -> Iterator[tuple[str, str]]:
    """What is in a list of bets and says nothing of the price: field and reason."""
    if row.flag("isRedemption"):
        yield "isRedemption", "give bets; a redemption of shares moves no price"
    if row.number_in("amount") == 0:
        yield "amount", "give bets that were filled; an order that waits moves no price"
