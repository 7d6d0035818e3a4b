"""Polymarket's markets as its Gamma API answers, and histories of their prices as its CLOB API does.

The market is the forecaster: each point of a history is its forecast that the first outcome comes. A history does not
say whose it is, so its file is named for the market's `id`, `conditionId` or first token, with `.json` behind it.
"""

from pathlib import PurePath
from typing import Any

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction
from forecasts.errors import Refused
from forecasts.imports.reading import Files, json_of
from forecasts.models import NO, YES, Basis, ForecasterKind

from .book import Book
from .rows import SECOND, START_OF_DAY, Row, number_from

NAME = "polymarket"
TITLE = "Polymarket"
ENDS = (".json",)
CREDIT = "Polymarket; its terms govern what may be done with its data."
WHOLE = "give 1 for one outcome and 0 for the other once it is closed; a fraction such as 0.5 is never rounded"


def parse(files: Files) -> Import:
    """Markets and histories. Raises Refused where a history belongs to no market of the files."""
    book, markets = Book(NAME), dict[str, str]()
    found = {name: json_of(name, data) for name, data in sorted(files.items())}
    histories = {name: document for name, document in found.items() if _is_history(document)}
    if len(histories) == len(found):
        raise Refused("files", sorted(found), "give markets, and histories of their prices")
    for name in sorted(found.keys() - histories.keys()):
        document = found[name]
        for row in book.objects([document] if isinstance(document, dict) else document, "markets", f"{name}: "):
            with book.row(row.number):
                names = _names(row)
                book.add(_question(book, row))
                markets |= dict.fromkeys(names, row.text("id"))
    for name, document in histories.items():
        _history(book, name, document["history"], markets)
    return book.close(files, CREDIT)


def _is_history(document: Any) -> bool:
    return isinstance(document, dict) and "history" in document


def _names(row: Row) -> list[str]:
    tokens = row.listed("clobTokenIds")[:1]
    return [name for name in (row.text("id"), row.optional("conditionId"), *map(str, tokens)) if name]


def _question(book: Book, row: Row) -> ImportedPrediction:
    question, outcomes, deadline = row.text("question"), row.listed("outcomes"), row.time("endDate")
    if len(outcomes) != 2 or not all(isinstance(name, str) and name.strip() for name in outcomes):
        raise row.refusal("outcomes", "give a market of two outcomes")
    first, outcome = str(outcomes[0]).strip(), _outcome(row)
    return ImportedPrediction(
        row=row.number,
        external_id=book.key(row.text("id")),
        statement=question if first.lower() == YES else f"{question} — {first}",
        criteria=row.optional("description") or f"As asked on Polymarket: {question}",
        resolution_source=row.optional("resolutionSource") or "Polymarket",
        opens_at=row.time("startDate", day=START_OF_DAY),
        closes_at=deadline,
        resolves_by=deadline,
        outcome=outcome,
        known_at=row.time("closedTime", day=START_OF_DAY) if outcome else None,
        forecasts=(),
    )


def _outcome(row: Row) -> str:
    """Open until it is closed and, where the file says how far its settlement is, resolved."""
    if not row.flag("closed") or row.optional("umaResolutionStatus") not in ("", "resolved"):
        return ""
    prices = [number_from(price) for price in row.listed("outcomePrices")]
    if prices not in ([1, 0], [0, 1]):
        raise row.refusal("outcomePrices", WHOLE)
    return YES if prices[0] == 1 else NO


def _history(book: Book, name: str, points: object, markets: dict[str, str]) -> None:
    market = markets.get(PurePath(name).stem)
    if market is None:
        raise Refused("file", name, "name a history for the id, conditionId or first token of a market of the files")
    for row in book.objects(points, "history", f"{name}: "):
        with book.row(row.number):
            issued_at = row.since_1970("t", SECOND)
            said = ImportedForecast(
                row=row.number,
                forecaster=book.forecaster("market", TITLE, ForecasterKind.MARKET, url="https://polymarket.com"),
                issued_at=issued_at,
                value=row.probability("p"),
                external_id=f"{book.key(market)}/{issued_at:%Y%m%dT%H%M%S}",
                basis=Basis.MARKET,
            )
            book.said(book.key(market), said)
