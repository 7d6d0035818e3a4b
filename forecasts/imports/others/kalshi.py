"""Kalshi's markets, as its API answers: `markets`, one `market`, or a list.

A market that may close early has no planned close in the file once it did, so its close and deadline are its latest
expiration; what it closed on is known at the close. An outcome counts once it is final. The file has no dated prices,
so there are no forecasts.
"""

from typing import Any

from forecasts.actions.imported import Import, ImportedPrediction
from forecasts.imports.reading import Files, json_of, only
from forecasts.models import NO, YES, VoidReason

from .book import Book
from .rows import START_OF_DAY, Row

NAME = "kalshi"
TITLE = "Kalshi"
ENDS = (".json",)
CREDIT = "Kalshi; its terms govern what may be done with its data."
FINAL = ("finalized", "settled")
RESULTS = {"": ("", ""), "yes": (YES, ""), "no": (NO, ""), "void": ("", VoidReason.UNRESOLVABLE.value)}


def parse(files: Files) -> Import:
    """One answer. Raises Refused when it is none; markets that cannot be taken are in `refused`."""
    book = Book(NAME)
    for row in book.objects(_markets(json_of(*only(files, "Kalshi's markets in JSON"))), "markets"):
        with book.row(row.number):
            book.add(_question(book, row))
    book.no_lone_families()
    return book.close(files, CREDIT)


def _markets(document: Any) -> Any:
    if isinstance(document, dict):
        return [document["market"]] if "market" in document else document.get("markets")
    return document


def _question(book: Book, row: Row) -> ImportedPrediction:
    if row.optional("market_type") not in ("", "binary"):
        raise row.refusal("market_type", "give a market of market_type binary")
    title, of = row.text("title"), row.optional("yes_sub_title")
    deadline = row.time("latest_expiration_time")
    outcome, void_reason = row.choice("result", RESULTS)
    is_final = row.text("status") in FINAL and bool(outcome or void_reason)
    return ImportedPrediction(
        row=row.number,
        external_id=book.key(row.text("ticker")),
        statement=f"{title} — {of}" if of and of not in title else title,
        criteria=row.text("rules_primary"),
        fine_print=row.optional("rules_secondary"),
        resolution_source=f"Kalshi, market {row.text('ticker')}",
        opens_at=row.time("open_time", day=START_OF_DAY),
        closes_at=deadline if row.flag("can_close_early") else min(deadline, row.time("close_time")),
        resolves_by=deadline,
        outcome=outcome if is_final else "",
        void_reason=void_reason if is_final else "",
        known_at=row.time("close_time") if is_final else None,
        group=f"Kalshi event {row.text('event_ticker')}",
        forecasts=(),
    )
