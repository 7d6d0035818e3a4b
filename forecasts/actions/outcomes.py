"""Reading an outcome: what each kind of prediction can come to, in its one spelling."""

import datetime as dt

from forecasts.errors import Refused
from forecasts.models import BINARY_OUTCOMES, NOT_BEFORE, Prediction, PredictionKind, number_text
from forecasts.queries.clock import EPOCH
from forecasts.scoring.days import date_of

from .values import date_of_text, number_of

FIELD = "outcome"


def read_outcome(prediction: Prediction, given: str, known_at: dt.datetime) -> str:
    """`given` as it is stored: yes or no; the number of an option, from 0; a number; or a date, or `not_before`.

    Reading what is stored already changes nothing. Raises Refused naming what is accepted.
    """
    match PredictionKind(prediction.kind):
        case PredictionKind.BINARY:
            accepted = {name: name for name in BINARY_OUTCOMES}
        case PredictionKind.MULTIPLE_CHOICE:
            accepted = {str(number): f"{number} ({name})" for number, name in enumerate(prediction.options)}
        case PredictionKind.NUMERIC:
            return _number(prediction, given)
        case PredictionKind.DATE:
            return _date(prediction, given, known_at)
    if given not in accepted:
        raise Refused(FIELD, given, f"give one of {', '.join(accepted.values())}")
    return given


def _number(prediction: Prediction, given: str) -> str:
    """Beyond an open end is where an outcome may lie; beyond a closed one it cannot."""
    number, (low, high) = number_of(given, FIELD), prediction.ends
    if number < low and not prediction.open_below:
        raise Refused(FIELD, given, f"the range starts at {number_text(low)}; give that or more")
    if number > high and not prediction.open_above:
        raise Refused(FIELD, given, f"the range ends at {number_text(high)}; give that or less")
    return number_text(number)


def _date(prediction: Prediction, given: str, known_at: dt.datetime) -> str:
    """What has not happened when the limit is over is `not_before`; nothing is known before it has happened."""
    start, end = map(int, prediction.ends)
    first, limit = date_of(start), date_of(end)
    if given == NOT_BEFORE:
        if known_at - EPOCH < dt.timedelta(days=end):
            raise Refused("known_at", known_at.isoformat(), f"that it did not come by {limit} is known once it is over")
        return given
    day = date_of_text(given, FIELD)
    if not first <= day <= limit:
        raise Refused(FIELD, given, f"give a day from {first} to {limit}, or {NOT_BEFORE} if it did not come by then")
    if day > known_at.astimezone(dt.UTC).date():
        raise Refused("known_at", known_at.isoformat(), f"what happened on {day} was not known before")
    return day.isoformat()
