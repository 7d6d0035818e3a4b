"""Metaculus's download: a zip with `question_data.csv` and `forecast_data.csv`, or these two by themselves.

What else is in the archive (comments, scores, key factors, links) is not read. Forecasters come by number and name, or
anonymised as a digest. Aggregates have a method for a name and no number. A forecast has no id; it is known by its
question, its forecaster and its start. Where it ends while the question is open and none of that forecaster starts
then, it was withdrawn.
"""

import datetime as dt
import re
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import NamedTuple

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction
from forecasts.errors import Refused
from forecasts.imports.archive import members_of
from forecasts.imports.reading import Files, ending
from forecasts.models import NO, YES, Basis, ForecasterKind, PredictionKind, VoidReason

from . import metaculus_values as values
from .book import Book, digest
from .rows import Row

NAME = "metaculus"
TITLE = "Metaculus download"
ENDS = (".zip", ".csv")
CREDIT = "Metaculus; its terms govern what may be done with a download."
QUESTIONS, FORECASTS = "question_data.csv", "forecast_data.csv"
QUESTION_CELLS = (
    "Question ID",
    "Question URL",
    "Question Title",
    "Post ID",
    "Question Type",
    "Open Time",
    "Scheduled Close Time",
    "Resolution",
    "Resolution Known Time",
)
FORECAST_CELLS = ("Question ID", "Start Time", "End Time", "Probability Yes", "Probability Yes Per Category")
ANONYMOUS, NUMBER, USER = "Forecaster (Anonymized)", "Forecaster ID", "Forecaster Username"
VOID = {"ambiguous": VoidReason.AMBIGUOUS_CRITERIA.value, "annulled": VoidReason.UNRESOLVABLE.value}
A_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Asked(NamedTuple):
    """A question, the places at which its CDFs are given, and when forecasting ended."""

    question: ImportedPrediction
    places: tuple[str, ...]
    ended_at: dt.datetime


def parse(files: Files) -> Import:
    """One download. Raises Refused where a table is missing or damaged; rows that cannot be taken are in `refused`."""
    tables = _tables(files)
    book, asked = Book(NAME), dict[str, Asked]()
    for row in book.table(QUESTIONS, tables[QUESTIONS], QUESTION_CELLS, f"{QUESTIONS}: "):
        with book.row(row.number):
            found = _asked(book, row)
            book.add(found.question)
            asked[found.question.external_id] = found
    book.no_lone_families()
    forecasts = [*book.table(FORECASTS, tables[FORECASTS], FORECAST_CELLS, f"{FORECASTS}: ")]
    starts = {_start(row) for row in forecasts}
    for row in forecasts:
        with book.row(row.number):
            _forecast(book, row, asked, starts)
    return book.close(files, CREDIT)


def _tables(files: Files) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, data in files.items():
        found |= members_of(name, data, (QUESTIONS, FORECASTS)) if ending(name) == ".zip" else {name: data}
    if missing := [name for name in (QUESTIONS, FORECASTS) if name not in found]:
        raise Refused("files", sorted(files), f"give the download with {QUESTIONS} and {FORECASTS}; missing: {missing}")
    return found


def _asked(book: Book, row: Row) -> Asked:
    question = _question(book, row)
    closed_at = row.optional_time("Actual Close Time") or question.closes_at
    return Asked(question, values.places_of(row, question), min(closed_at, question.closes_at))


def _question(book: Book, row: Row) -> ImportedPrediction:
    title, label, url = row.text("Question Title"), row.optional("Label"), row.optional("Question URL")
    closes_at = row.time("Scheduled Close Time")
    said = row.optional("Resolution")
    base = ImportedPrediction(
        row=row.number,
        external_id=book.key(row.text("Question ID")),
        statement=f"{title} ({label})" if label and label not in title else title,
        criteria=f"As asked on Metaculus: {url or title}",
        resolution_source=url or "Metaculus",
        opens_at=row.optional_time("Open Time"),
        closes_at=closes_at,
        resolves_by=closes_at,
        void_reason=VOID.get(said, ""),
        known_at=row.time("Resolution Known Time") if said else None,
        group=f"Metaculus post {row.text('Post ID')}",
        forecasts=(),
        **values.shape_of(row),
    )
    return replace(base, outcome=_outcome(row, base, said)) if said and said not in VOID else base


def _outcome(row: Row, question: ImportedPrediction, said: str) -> str:
    match question.kind:
        case PredictionKind.BINARY:
            found = {"yes": YES, "no": NO}.get(said)
            accepted = "give yes, no, ambiguous, annulled or nothing; other outcomes are never rounded"
        case PredictionKind.MULTIPLE_CHOICE:
            found = str(question.options.index(said)) if said in question.options else None
            accepted = f"give one of {', '.join(question.options)}, ambiguous, annulled or nothing"
        case _:
            return values.place_of(row, question, said)
    if found is None:
        raise row.refusal("Resolution", accepted)
    return found


def _start(row: Row) -> tuple[str, str, str]:
    who = row.cells.get(ANONYMOUS) or row.cells.get(NUMBER) or row.cells.get(USER) or ""
    return str(row.cells["Question ID"]), str(who), str(row.cells["Start Time"])


def _forecast(book: Book, row: Row, asked: Mapping[str, Asked], starts: Set[tuple[str, str, str]]) -> None:
    key = book.key(row.text("Question ID"))
    if key not in asked:
        raise row.refusal("Question ID", f"a forecast counts only with its question, which {QUESTIONS} lacks or lost")
    issued_at, value = row.time("Start Time"), values.value_of(row, asked[key].question, asked[key].places)
    withdrawn_at = row.optional_time("End Time")
    who, basis = _forecaster(book, row)
    said = ImportedForecast(
        row=row.number,
        forecaster=who,
        issued_at=issued_at,
        value=value,
        external_id=digest(key, who, issued_at.isoformat()),
        basis=basis,
    )
    book.said(key, said)
    has_successor = (*_start(row)[:2], str(row.cells["End Time"])) in starts
    if withdrawn_at and issued_at < withdrawn_at < asked[key].ended_at and not has_successor:
        end = digest(key, who, issued_at.isoformat(), "withdrawn")
        book.said(key, replace(said, issued_at=withdrawn_at, value=None, external_id=end))


def _forecaster(book: Book, row: Row) -> tuple[str, Basis]:
    """An aggregate is told by its method; it is credited to Metaculus and kept out of the peer pool."""
    anonymous, number, name = row.optional(ANONYMOUS), row.optional(NUMBER), row.optional(USER)
    method = "" if number or A_DIGEST.fullmatch(anonymous) else anonymous or name
    if method:
        title = f"Metaculus, {method.replace('_', ' ')}"
        return book.forecaster(method, title, ForecasterKind.PUBLICATION, is_bot=True), Basis.AGGREGATE
    identity = number or anonymous
    if not identity:
        raise row.refusal(ANONYMOUS, f"give {NUMBER} and {USER}, or {ANONYMOUS}")
    is_bot = row.flag("Is Bot")
    kind, title = ForecasterKind.AI_MODEL if is_bot else ForecasterKind.PERSON, name or f"Metaculus {identity[:8]}"
    return book.forecaster(identity, title, kind, is_bot=is_bot), Basis.MODEL if is_bot else Basis.STATED
