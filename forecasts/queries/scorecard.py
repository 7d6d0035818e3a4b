"""A scorecard: everything that the page of a forecaster, a topic or an article and its API document show."""

import datetime as dt
from dataclasses import dataclass

from forecasts.models import Article, Forecaster, Prediction, Topic

from .calibration import Calibration, calibration
from .history import History, has_history, history_in
from .rows import PredictionRow
from .scope import CalibrationQuery, about
from .scorecard_lists import lists_of
from .surprises import Surprise, worst
from .tables import Table, heading_of, headline_table, tables_of

LISTED = 30
Subject = Forecaster | Topic | Article


@dataclass(frozen=True)
class Scorecard:
    """`history` is None of what none is kept of: other kinds, countings and cohorts, and articles.

    The lists hold predictions of every kind, whatever the headline counts: what waits for us waits in any of them.
    """

    subject: Subject
    headline: Calibration
    heading: str
    others: tuple[Table, ...]
    history: History | None
    surprises: tuple[Surprise, ...]
    early: tuple[PredictionRow, ...]
    due: tuple[PredictionRow, ...]
    overdue: tuple[PredictionRow, ...]
    predictions: tuple[PredictionRow, ...]
    corrections: tuple[PredictionRow, ...]
    quoted: tuple[Prediction, ...]
    """With a place in the article, in the order of its text; none of other subjects."""


def scorecard(
    subject: Subject, now: dt.datetime, chosen: CalibrationQuery | None = None, *, listed: int = LISTED
) -> Scorecard:
    """The scorecard of `subject`, with at most so many predictions `listed` under each heading.

    `chosen` picks track, cohort, counting or basis; by default the headline is live and given as numbers, or else the
    largest other table, under a heading that names it.
    """
    base = about(subject)
    tables = tables_of(base)
    first = headline_table(base, tables)
    query = chosen or first.query
    table = next((each for each in (first, *tables) if each.query == query), None)
    headline = calibration(query, now, table.summed if table else None)
    scored = headline.scored
    missed = worst(query, scored.stored, table.facts if table else None)
    return Scorecard(
        subject=subject,
        headline=headline,
        heading=heading_of(query),
        others=tuple(other for other in tables if other.query != query),
        history=history_in(query, scored, headline.denominators) if has_history(query) else None,
        **vars(lists_of(base, headline.denominators.place, now, missed, listed)),
    )
