"""Fatebook's CSV export, of a person or of a tournament: one row for each forecast.

The file has no ids. A question is known by the digest of its title, its option, who asked it and when; a forecast by
that of its question, its forecaster, its time and its value. Neither resolving the question nor forecasting again
changes them. Each option of a question with several is a question of yes or no, since it is forecast and resolved by
itself; together they are a family.
"""

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction
from forecasts.imports.reading import Files, only
from forecasts.models import NO, YES, ForecasterKind, VoidReason

from .book import Book, digest
from .rows import START_OF_DAY, Row

NAME = "fatebook"
TITLE = "Fatebook"
ENDS = (".csv",)
CREDIT = "Exported from Fatebook by one of its users, whose data it is."
TITLE_CELL, OPTION, WHO = "Question title", "Multiple choice option", "Forecast created by"
PROBABILITY, ISSUED, ASKED_BY = "Forecast (scale = 0-1)", "Forecast created at", "Question created by"
OPENED, DEADLINE, RESOLUTION, KNOWN = "Question created at", "Question resolve by", "Resolution", "Resolved at"
NEEDED = (TITLE_CELL, WHO, PROBABILITY, ISSUED, ASKED_BY, OPENED, DEADLINE, RESOLUTION, KNOWN)
OUTCOMES = {"": ("", ""), "yes": (YES, ""), "no": (NO, ""), "ambiguous": ("", VoidReason.AMBIGUOUS_CRITERIA.value)}


def parse(files: Files) -> Import:
    """One exported table. Raises Refused when it is none; rows that cannot be taken are in `refused`."""
    book, firsts = Book(NAME), dict[str, Row]()
    for row in book.table(*only(files, "Fatebook's export in CSV"), NEEDED):
        with book.row(row.number):
            key = book.key(digest(*(row.optional(cell) for cell in (TITLE_CELL, OPTION, ASKED_BY, OPENED))))
            first = firsts.setdefault(key, row)
            if first is row:
                book.add(_question(row, key))
            row.agrees_with(first, (DEADLINE, RESOLUTION, KNOWN))
            book.said(key, _forecast(book, row, key))
    return book.close(files, CREDIT)


def _question(row: Row, key: str) -> ImportedPrediction:
    title, option, deadline = row.text(TITLE_CELL), row.optional(OPTION), row.time(DEADLINE, utc=True)
    outcome, void_reason = row.choice(RESOLUTION, OUTCOMES)
    return ImportedPrediction(
        row=row.number,
        external_id=key,
        statement=f"{title} — {option}" if option else title,
        criteria=f"As asked on Fatebook: {title}",
        fine_print=row.optional("Question notes"),
        resolution_source="Whoever resolves the question on Fatebook",
        opens_at=row.time(OPENED, utc=True),
        closes_at=deadline,
        resolves_by=deadline,
        outcome=outcome,
        void_reason=void_reason,
        known_at=row.time(KNOWN, day=START_OF_DAY, utc=True) if outcome or void_reason else None,
        group=title if option else "",
        topics=tuple(tag.strip() for tag in row.optional("Question tags").split(";") if tag.strip()),
        forecasts=(),
    )


def _forecast(book: Book, row: Row, key: str) -> ImportedForecast:
    who, value = row.text(WHO), row.probability(PROBABILITY)
    issued_at = row.time(ISSUED, utc=True)
    return ImportedForecast(
        row=row.number,
        forecaster=book.forecaster(who, who, ForecasterKind.PERSON),
        issued_at=issued_at,
        value=value,
        external_id=digest(key, who, issued_at.isoformat(), f"{value.normalize():f}"),
    )
