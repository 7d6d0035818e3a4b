"""FiveThirtyEight's tables: who wins, with the probability of each side and what happened.

Three shapes, told by their columns. A game of two sides (`prob1`, `prob2`) is the statement that the first wins; one
that can be drawn (`probtie`) is a choice of three; an election has a row for each candidate, day and model. Games are
not dated by the time of the forecast: it stood when their day began (00:00 UTC), and they are over when it ends.
"""

import datetime as dt
from decimal import Decimal

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction, Value
from forecasts.imports.governors import CREDIT, MODELS, PARTIES, STATES
from forecasts.imports.reading import Files, columns_of, only
from forecasts.models import NO, YES, Basis, ForecasterKind, Precision, PredictionKind

from .book import Book
from .rows import END_OF_DAY, START_OF_DAY, Row

NAME = "probability_tables"
TITLE = "FiveThirtyEight tables"
ENDS = (".csv",)
PREFIX, UNNAMED = "fivethirtyeight", "forecast"
SOURCE = "The outcome recorded in FiveThirtyEight's published table"
TWO = ("season", "date", "team1", "team2", "prob1", "prob1_outcome", "prob2", "prob2_outcome")
THREE = (*TWO, "probtie", "probtie_outcome")
ELECTION = (
    "year",
    "office",
    "state",
    "election_date",
    "forecast_date",
    "forecast_type",
    "party",
    "candidate",
    "probwin",
    "probwin_outcome",
)
TIE = "Tie"
ONE_DAY = dt.timedelta(days=1)
SLACK = Decimal("0.000001")
WHOLE = "give 1 for the side that won and 0 for the others; a tie of two or another fraction is never rounded"


def parse(files: Files) -> Import:
    """One table. Raises Refused when it has none of the three shapes; rows that cannot be taken are in `refused`."""
    book = Book(NAME)
    name, data = only(files, "a table in CSV")
    columns = columns_of(name, data)
    shape = ELECTION if "candidate" in columns else THREE if "probtie" in columns else TWO
    firsts = dict[str, Row]()
    for row in book.table(name, data, shape):
        with book.row(row.number):
            if shape is ELECTION:
                _daily(book, row, firsts)
            else:
                _game(book, row, drawn=shape is THREE)
    return book.close(files, CREDIT)


def _game(book: Book, row: Row, *, drawn: bool) -> None:
    day, first, second, season = row.day("date"), row.text("team1"), row.text("team2"), row.text("season")
    if len({first, second, TIE}) < 3:
        raise row.refusal("team2", f"give two teams, neither of them called {TIE}")
    league = row.optional("league")
    key = book.key(*([league] if league else []), season, day.isoformat(), first, second)
    sides = {"prob1": first, "probtie": TIE, "prob2": second} if drawn else {"prob1": first, "prob2": second}
    won, shares = _won(row, sides), _shares(row, sides)
    game, ends_at = f"{first} – {second}, {league or f'season {season}'}, {day}", dt.datetime.combine(day, END_OF_DAY)
    book.add(
        ImportedPrediction(
            row=row.number,
            external_id=key,
            statement=f"Who wins: {game}" if drawn else f"{first} will beat {second} on {day}.",
            criteria=f"The result of the game {game}, as the table has it.",
            resolution_source=SOURCE,
            kind=PredictionKind.MULTIPLE_CHOICE if drawn else PredictionKind.BINARY,
            options=tuple(sides.values()) if drawn else (),
            closes_at=ends_at,
            resolves_by=ends_at,
            resolves_by_precision=Precision.DAY,
            cannot_resolve_early=True,
            outcome="" if won is None else str(won) if drawn else (YES, NO)[won],
            known_at=None if won is None else ends_at,
            forecasts=(),
        )
    )
    _say(book, row, key, dt.datetime.combine(day, START_OF_DAY), shares if drawn else shares[first], key)


def _shares(row: Row, sides: dict[str, str]) -> dict[str, Decimal]:
    shares = {name: row.probability(cell) for cell, name in sides.items()}
    if not -SLACK <= sum(shares.values()) - 1 <= SLACK:
        raise row.refusal("prob2", f"give {', '.join(sides)} that sum to 1")
    return shares


def _won(row: Row, sides: dict[str, str]) -> int | None:
    """Which side won, from 0; None while the table has no outcome."""
    cells = [f"{side}_outcome" for side in sides]
    if not any(row.optional(cell) for cell in cells):
        return None
    found = [row.number_in(cell) for cell in cells]
    if sorted(found) != [0] * (len(found) - 1) + [1]:
        raise row.refusal(cells[0], WHOLE)
    return found.index(Decimal(1))


def _daily(book: Book, row: Row, firsts: dict[str, Row]) -> None:
    """One candidate's chance on one day by one model; the first row of a candidate brings the question."""
    named = [row.text(cell) for cell in ("year", "office", "state", "election_date", "party")]
    key = book.key(*named, *filter(None, [row.optional("candidate")]))
    first = firsts.setdefault(key, row)
    row.agrees_with(first, ("probwin_outcome",))
    if first is row:
        book.add(_election(row, key))
    model, issued_at = row.optional("forecast_type"), row.time("forecast_date")
    _say(book, row, key, issued_at, row.probability("probwin"), f"{key}/{issued_at.date()}", model)


def _election(row: Row, key: str) -> ImportedPrediction:
    name, party = row.optional("candidate"), row.text("party")
    who = f"{name} ({PARTIES.get(party, party)})" if name else f"the {PARTIES.get(party, party)} candidate"
    office, place, day = row.text("office"), STATES.get(row.text("state"), row.text("state")), row.day("election_date")
    polls_closed = dt.datetime.combine(day + ONE_DAY, START_OF_DAY)
    outcome = row.choice("probwin_outcome", {"1": YES, "0": NO, "": ""})
    return ImportedPrediction(
        row=row.number,
        external_id=key,
        statement=f"{who[0].upper()}{who[1:]} will be elected {office.lower()} of {place} in {row.text('year')}.",
        criteria=f"Yes if {who} won the election of {day} for {office.lower()} of {place}.",
        resolution_source=SOURCE,
        closes_at=polls_closed,
        resolves_by=dt.datetime.combine(day + ONE_DAY, END_OF_DAY),
        resolves_by_precision=Precision.DAY,
        cannot_resolve_early=True,
        outcome=outcome,
        known_at=polls_closed if outcome else None,
        group=f"{office} of {place}, {row.text('year')}",
        forecasts=(),
    )


def _say(
    book: Book, row: Row, key: str, issued_at: dt.datetime, value: Value, external_id: str, model: str = ""
) -> None:
    """By one of FiveThirtyEight's models; those with a name are the ones of the demo's track record."""
    name = MODELS.get(model, f"FiveThirtyEight {model}".strip())
    who = book.forecaster(model or UNNAMED, name, ForecasterKind.AI_MODEL, is_bot=True, prefix=PREFIX)
    book.said(key, ImportedForecast(row.number, who, issued_at, value, external_id, Basis.MODEL))
