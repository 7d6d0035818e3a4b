"""PredictionBook's JSON: what `/api/my_predictions` answers, or a list of predictions, each with its responses.

A response without a confidence is a comment and no forecast. The outcome is that of the last judgement; an outcome of
null is none yet.
"""

from decimal import Decimal

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction
from forecasts.imports.reading import Files, json_of, only
from forecasts.models import NO, YES, ForecasterKind, VoidReason

from .book import Book
from .rows import START_OF_DAY, Row

NAME = "predictionbook"
TITLE = "PredictionBook"
ENDS = (".json",)
CREDIT = "Exported from PredictionBook by one of its users, whose data it is."
A_CONFIDENCE = "a comment without a confidence is no forecast; give one from 0 to 100"


def parse(files: Files) -> Import:
    """One document. Raises Refused when it is none; what cannot be taken is in `refused`, by prediction."""
    book = Book(NAME)
    document = json_of(*only(files, "PredictionBook's JSON"))
    found = document.get("predictions") if isinstance(document, dict) else document
    for row in book.objects(found, "predictions"):
        responses = row.cells.get("responses")
        with book.row(row.number):
            row.rows("responses")
            book.add(_question(book, row))
        for index, response in enumerate(responses if isinstance(responses, list) else ()):
            with book.row(row.number):
                _respond(book, row, row.inner("responses", index, response))
    return book.close(files, CREDIT)


def _question(book: Book, row: Row) -> ImportedPrediction:
    statement, deadline = row.text("description"), row.time("deadline")
    withdrawn = row.flag("withdrawn")
    outcome = "" if withdrawn or row.cells.get("outcome") is None else YES if row.flag("outcome") else NO
    judged = "last_judgement_at" if outcome or row.optional("last_judgement_at") else "updated_at"
    return ImportedPrediction(
        row=row.number,
        external_id=book.key(row.text("id")),
        statement=statement,
        criteria=f"As asked on PredictionBook: {statement}",
        resolution_source="The last judgement on PredictionBook",
        opens_at=row.time("created_at"),
        closes_at=deadline,
        resolves_by=deadline,
        outcome=outcome,
        void_reason=VoidReason.RETRACTED if withdrawn else "",
        known_at=row.time(judged, day=START_OF_DAY) if outcome or withdrawn else None,
        forecasts=(),
    )


def _respond(book: Book, question: Row, row: Row) -> None:
    confidence = row.number_in("confidence") if row.cells.get("confidence") is not None else None
    if confidence is None or not 0 <= confidence <= Decimal(100):
        raise row.refusal("confidence", A_CONFIDENCE)
    who = row.text("user_id")
    said = ImportedForecast(
        row=row.number,
        forecaster=book.forecaster(who, row.optional("user_label") or f"PredictionBook {who}", ForecasterKind.PERSON),
        issued_at=row.time("created_at"),
        value=confidence / 100,
        external_id=row.text("id"),
        rationale=row.optional("comment"),
    )
    book.said(book.key(question.text("id")), said)
