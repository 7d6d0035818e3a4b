"""ForecastBench: a question set, its resolution set and any number of forecast sets.

A question is asked for each of its resolution dates, and each of these is a prediction of its own; a market question is
asked once, until its market closes. Those of one question are a family, in all rounds. The key of a prediction is
`ROUND/SOURCE/ID`, with the resolution date behind it where there are several; forecasts and resolutions are joined on
it. Combinations of two questions follow from their parts and are not taken.
"""

from collections.abc import Iterator
from typing import Any

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction
from forecasts.errors import Refused
from forecasts.imports.reading import Files, json_of
from forecasts.models import NO, YES, Basis, ForecasterKind, Precision

from .book import Book
from .rows import START_OF_DAY, Row

NAME = "forecastbench"
TITLE = "ForecastBench"
ENDS = (".json",)
CREDIT = "ForecastBench, Forecasting Research Institute, forecastbench.org, licensed CC BY-SA 4.0."
LISTS = ("questions", "resolutions", "forecasts")
WHOLE = "give 0 or 1 where resolved is true; a fractional outcome is never rounded"
ONE_ID = "give the id of one question as text; combinations of two are not taken"
ASKED = "give a question and a date of the question set"
NOT_APPLICABLE = "N/A"
UNTIL = "{resolution_date}"
ASKED_ON = "{forecast_due_date}"

Resolutions = dict[str, Row | None]
"""By the key of the prediction; None where the outcome was refused."""


def parse(files: Files) -> Import:
    """One round. Raises Refused where the question set is missing or given twice, or two files are of two rounds."""
    book = Book(NAME)
    asked, resolved, said = _sets(files)
    resolutions = _resolutions(book, asked, resolved)
    for row in book.objects(asked.cells["questions"], "questions", asked.where):
        for until in _dates(book, row):
            with book.row(row.number):
                book.add(_question(book, asked, row, until, resolutions))
    for key, outcome in resolutions.items():
        if outcome and key not in book.questions:
            book.refuse(outcome.number, f"{outcome.where}id", outcome.cells["id"], ASKED)
    for head in said:
        for row in book.objects(head.cells["forecasts"], "forecasts", head.where):
            with book.row(row.number):
                _forecast(book, head, row)
    return book.close(files, CREDIT, f"ForecastBench, round of {asked.text('forecast_due_date')}")


def _sets(files: Files) -> tuple[Row, Row | None, list[Row]]:
    """The heads of the question set, of the resolution set and of the forecast sets."""
    heads = [Row(0, _document(name, json_of(name, data)), f"{name}: ") for name, data in sorted(files.items())]
    asked, resolved, said = ([head for head in heads if key in head.cells] for key in LISTS)
    if len(asked) != 1 or len(resolved) > 1:
        raise Refused("files", sorted(files), "give one question set, at most one resolution set, and forecast sets")
    for head in heads:
        if head.day("forecast_due_date") != asked[0].day("forecast_due_date"):
            raise head.refusal("forecast_due_date", f"give files of one round, {asked[0].day('forecast_due_date')}")
    return asked[0], resolved[0] if resolved else None, said


def _document(name: str, document: Any) -> dict[str, Any]:
    if not isinstance(document, dict) or sum(key in document for key in LISTS) != 1:
        raise Refused("file", name, f"give an object with one of {', '.join(LISTS)}")
    return document


def _resolutions(book: Book, asked: Row, head: Row | None) -> Resolutions:
    """Those of questions that are asked; those of a market whatever their date, since it closes once."""
    dated, found = _dated(asked), Resolutions()
    for row in book.objects(head.cells["resolutions"], "resolutions", head.where) if head else ():
        with book.row(row.number):
            which, until = (_id(row), row.text("source")), row.text("resolution_date")
            if which not in dated:
                raise row.refusal("id", ASKED)
            key = _key(book, asked, row, until if dated[which] else "")
            if key in found:
                raise row.refusal("id", "give each outcome once")
            found[key] = None
            row.time("resolution_date")
            _outcome(row)
            found[key] = row
    return found


def _dated(asked: Row) -> dict[tuple[str, str], bool]:
    """The questions by id and source, and whether each has a list of resolution dates."""
    questions = asked.cells["questions"]
    rows = [row for row in questions if isinstance(row, dict)] if isinstance(questions, list) else []
    return {(str(row.get("id")), str(row.get("source"))): isinstance(row.get("resolution_dates"), list) for row in rows}


def _id(row: Row) -> str:
    if not isinstance(row.cells.get("id"), str):
        raise row.refusal("id", ONE_ID)
    return row.text("id")


def _key(book: Book, head: Row, row: Row, until: str) -> str:
    return book.key(head.text("forecast_due_date"), row.text("source"), _id(row), *([until] if until else []))


def _dates(book: Book, row: Row) -> Iterator[str]:
    """The dates on which a question is asked; "" for a market's."""
    dates = row.cells.get("resolution_dates")
    if dates in (None, NOT_APPLICABLE):
        yield ""
    elif isinstance(dates, list) and dates and all(isinstance(each, str) for each in dates):
        yield from dates
    else:
        book.refuse(row.number, f"{row.where}resolution_dates", dates, f"give a list of dates, or {NOT_APPLICABLE}")


def _question(book: Book, head: Row, row: Row, until: str, resolutions: Resolutions) -> ImportedPrediction:
    key = _key(book, head, row, until)
    resolution = resolutions.get(key)
    if key in resolutions and resolution is None:
        raise row.refusal("id", "a question counts only with its outcome, which is refused")
    deadline = Row(row.number, {"resolution_dates": until}, row.where).time("resolution_dates") if until else None
    closes_at = deadline or row.time("market_info_close_datetime")
    outcome = _outcome(resolution)
    due, rules = head.text("forecast_due_date"), row.optional("market_info_resolution_criteria")
    question, _, more = row.text("question").partition("\n\n")
    return ImportedPrediction(
        row=row.number,
        external_id=key,
        statement=question.replace(UNTIL, until).replace(ASKED_ON, due),
        criteria=row.text("resolution_criteria").replace(UNTIL, until).replace(ASKED_ON, due),
        fine_print="\n\n".join(part for part in (more, rules) if part not in ("", NOT_APPLICABLE)),
        resolution_source=row.optional("url") or row.text("source"),
        opens_at=row.time("freeze_datetime"),
        closes_at=closes_at,
        resolves_by=closes_at,
        resolves_by_precision=Precision.DAY if until else Precision.INSTANT,
        outcome=outcome,
        known_at=resolution.time("resolution_date", day=START_OF_DAY) if resolution and outcome else None,
        group=question.replace(UNTIL, "each date").replace(ASKED_ON, "the day of the forecast"),
        forecasts=(),
    )


def _outcome(resolution: Row | None) -> str:
    """A row that says `resolved: false` carries the market's price of that day, which is no outcome."""
    if resolution is None or not resolution.flag("resolved"):
        return ""
    found = resolution.number_in("resolved_to")
    if found not in (0, 1):
        raise resolution.refusal("resolved_to", WHOLE)
    return YES if found else NO


def _forecast(book: Book, head: Row, row: Row) -> None:
    dated, market = (_key(book, head, row, until) for until in (row.optional("resolution_date"), ""))
    key = market if market in book.questions else dated
    who, basis = _forecaster(book, head, row)
    said = ImportedForecast(
        row=row.number,
        forecaster=who,
        issued_at=head.time("forecast_due_date"),
        value=row.probability("forecast"),
        external_id=key,
        basis=basis,
        rationale=row.optional("reasoning"),
    )
    book.said(key, said)


def _forecaster(book: Book, head: Row, row: Row) -> tuple[str, Basis]:
    """A person by id; a model by its name and who ran it. What ForecastBench made itself is no model of anybody."""
    if user := row.optional("user_id"):
        return book.forecaster(user, f"ForecastBench forecaster {user}", ForecasterKind.PERSON), Basis.STATED
    runner, model = head.text("organization"), head.text("model")
    maker = head.optional("model_organization") or runner
    kind = ForecasterKind.PUBLICATION if maker == TITLE else ForecasterKind.AI_MODEL
    identity = model if runner == TITLE else f"{runner}/{model}"
    name = model if runner == TITLE else f"{model} ({runner})"
    basis = Basis.AGGREGATE if maker == TITLE else Basis.MODEL
    return book.forecaster(identity, name, kind, is_bot=maker == TITLE), basis
