"""What Metaculus's questions and forecasts of several options, of numbers and of dates hold.

A forecast of a number or a date comes as the CDF at the places of the question's "Continuous Range". Its ends are
points too, save where the end is closed: there the range says it. A date stands for the end of its day; where several
places fall on one day, the last counts.
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from forecasts.actions.imported import ImportedPrediction, Value
from forecasts.models import NOT_BEFORE, PredictionKind, number_text
from forecasts.scoring.days import day_number

from .rows import A_TIME, END_OF_DAY, Row, number_from, time_from

OPTIONS = ("MC Options (All)", "MC Options (Current)", "MC Options")
KINDS = {
    "binary": PredictionKind.BINARY,
    "multiple_choice": PredictionKind.MULTIPLE_CHOICE,
    "numeric": PredictionKind.NUMERIC,
    "discrete": PredictionKind.NUMERIC,
    "date": PredictionKind.DATE,
}
MOST_POINTS, MOST_PLACES = 200, 400
DECIMALS, MOST_WHOLE = 10, 18  # together what decimals are rounded to exactly
BY_CATEGORY, CDF, PLACES = "Probability Yes Per Category", "Continuous CDF", "Continuous Range"
SLACK = 1e-6


def shape_of(row: Row) -> dict[str, Any]:
    """The fields of a prediction that say what can be forecast of it."""
    kind = row.choice("Question Type", KINDS)
    if kind == PredictionKind.MULTIPLE_CHOICE:
        return {"kind": kind, "options": _options(row)}
    if kind == PredictionKind.BINARY:
        return {"kind": kind}
    low, high = _end(row, kind, "Lower Bound"), _end(row, kind, "Upper Bound")
    open_below, open_above = row.flag("Open Lower Bound"), row.flag("Open Upper Bound")
    if kind == PredictionKind.DATE and open_below:
        raise row.refusal("Open Lower Bound", "give False: of a date before the range only the range itself can say no")
    return {
        "kind": kind,
        "range_min": low,
        "range_max": high,
        "open_below": open_below,
        "open_above": open_above or kind == PredictionKind.DATE,
        "log_scale": kind == PredictionKind.NUMERIC and _is_logarithmic(row, low, high),
    }


def _options(row: Row) -> tuple[str, ...]:
    """All that ever were: an option that was dropped has probabilities of its time."""
    column = next((name for name in OPTIONS if row.optional(name)), OPTIONS[0])
    found = row.listed(column)
    if not all(isinstance(name, str) and name.strip() for name in found):
        raise row.refusal(column, "give a list of names")
    return tuple(name.strip() for name in found)


def _end(row: Row, kind: PredictionKind, field: str) -> Decimal:
    return Decimal(day_number(row.time(field).date())) if kind == PredictionKind.DATE else _short(row.number_in(field))


def _short(number: Decimal) -> Decimal:
    """Float noise beyond what can be kept is rounded away."""
    return round(number, DECIMALS) if number.adjusted() < MOST_WHOLE else number


def _is_logarithmic(row: Row, low: Decimal, high: Decimal) -> bool:
    """Whether the middle place of the range is its geometric mean."""
    places = [number_from(place) for place in row.listed(PLACES)]
    middle = places[len(places) // 2] if len(places) % 2 else None
    return middle is not None and 0 < low < high and math.isclose(middle, math.sqrt(low * high), rel_tol=1e-6)


def place_of(row: Row, question: ImportedPrediction, said: str) -> str:
    """The outcome of a number or a date. Where it lies beyond an open end, only a date needs no more than that."""
    if question.kind == PredictionKind.DATE:
        if said == "above_upper_bound":
            return NOT_BEFORE
        found = time_from(said, END_OF_DAY)
        if found is None:
            raise row.refusal("Resolution", f"{A_TIME}, or above_upper_bound")
        return found.date().isoformat()
    number = number_from(said)
    if number is None:
        raise row.refusal("Resolution", "give the number itself: what lies beyond an end has to be scored, too")
    return number_text(_short(number))


def places_of(row: Row, question: ImportedPrediction) -> tuple[str, ...]:
    """Where the CDFs of a number or a date are given, as people type it; for other kinds nowhere."""
    if not question.kind.has_range:
        return ()
    places = tuple(_place(row, question, place) for place in row.listed(PLACES))
    if not 2 <= len(places) <= MOST_PLACES:
        raise row.refusal(PLACES, f"give a list of 2 to {MOST_PLACES} places")
    return places


def _place(row: Row, question: ImportedPrediction, place: object) -> str:
    """A day, or a number inside the range, whose rounded ends may have cut the last digits of the place."""
    low, high = question.range_min, question.range_max
    if question.kind == PredictionKind.DATE:
        found = time_from(str(place), END_OF_DAY)
        if found is not None:
            return found.date().isoformat()
    elif (number := number_from(place)) is not None and low is not None and high is not None:
        return number_text(min(max(_short(number), low), high))
    raise row.refusal(PLACES, "give a list of numbers, or of days")


def value_of(row: Row, question: ImportedPrediction, places: Sequence[str]) -> Value:
    match question.kind:
        case PredictionKind.BINARY:
            return row.probability("Probability Yes")
        case PredictionKind.MULTIPLE_CHOICE:
            return _by_option(row, question)
        case _:
            return _points(row, question, places)


def _by_option(row: Row, question: ImportedPrediction) -> dict[str, Decimal]:
    """An option that was not there yet, or no more, has probability 0."""
    found = [number_from(0 if share is None else share) for share in row.listed(BY_CATEGORY)]
    shares = [share for share in found if share is not None and 0 <= share <= 1]
    if len(shares) != len(found) or len(found) != len(question.options):
        raise row.refusal(BY_CATEGORY, f"give a probability for each of {len(question.options)} options")
    if not math.isclose(sum(shares), 1, abs_tol=SLACK):
        raise row.refusal(BY_CATEGORY, "give probabilities that sum to 1")
    return dict(zip(question.options, shares, strict=True))


def _points(row: Row, question: ImportedPrediction, places: Sequence[str]) -> list[tuple[str, Decimal]]:
    found = [number_from(share) for share in row.listed(CDF)]
    shares = [share for share in found if share is not None and 0 <= share <= 1]
    if not len(shares) == len(found) == len(places):
        raise row.refusal(CDF, f"give a probability for each of the {len(places)} places of {PLACES}")
    if any(after < before for before, after in pairwise(shares)):
        raise row.refusal(CDF, "give probabilities that never fall")
    points = list(dict(zip(places, shares, strict=True)).items())
    if question.kind == PredictionKind.NUMERIC:
        points = points[not question.open_below : len(points) - (not question.open_above)] or points
    return _thinned(points)


def _thinned(points: list[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """At most as many as can be kept: those go first that change the curve least, never an end."""
    kept = list(points)
    while len(kept) > MOST_POINTS:
        bends = [abs(kept[i - 1][1] + kept[i + 1][1] - 2 * kept[i][1]) for i in range(1, len(kept) - 1)]
        del kept[bends.index(min(bends)) + 1]
    return kept
