"""What forecasts and outcomes of each kind say: from the stored figures to what people read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.localised import percent, spell
from forecasts.scoring.days import date_of, day_number
from forecasts.scoring.distributions import Point, quantile
from forecasts.scoring.rules import TICKS

from .prediction import Prediction, PredictionKind

YES, NO = "yes", "no"
BINARY_OUTCOMES = {YES: gettext_lazy("It happened"), NO: gettext_lazy("It did not happen")}
NOT_BEFORE = "not_before"  # the outcome of a date prediction whose limit passed
MEDIAN = TICKS // 2
LONGEST_OPTION = 30


def central(share: int) -> tuple[int, int]:
    """The levels between which the central interval with `share`, a tick, of the probability lies."""
    return (TICKS - share) // 2, (TICKS + share) // 2


def number_text(number: Decimal) -> str:
    """The one spelling of a number: no exponent, no trailing zeros.

    >>> number_text(Decimal("8.500")), number_text(Decimal("1E+2")), number_text(Decimal("-0.0"))
    ('8.5', '100', '0')
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def place_text(kind: str, place: Decimal) -> str:
    """A place on the axis as people type it: a number, or the date of the day that is not over before it."""
    return date_of(math.ceil(place)).isoformat() if kind == PredictionKind.DATE else number_text(place)


def place_words(kind: str, text: str) -> str:
    """A place on the axis as people read it: a number in the spelling of their language, a date as 2027-06-30."""
    return spell(text) if kind == PredictionKind.NUMERIC else text


def range_texts(prediction: Prediction) -> tuple[str, str]:
    """The ends of the range as people type them."""
    low, high = prediction.ends
    return place_text(prediction.kind, low), place_text(prediction.kind, high)


def outcome_words(prediction: Prediction, outcome: str) -> str:
    """What happened, in words; empty for no outcome.

    An option is given by its name, a date as 2027-06-30, and one that did not come as “Not by” the limit.
    """
    if prediction.kind == PredictionKind.MULTIPLE_CHOICE and outcome:
        return str(prediction.options[int(outcome)])
    if outcome == NOT_BEFORE:
        return _("Not by %(limit)s") % {"limit": range_texts(prediction)[1]}
    return str(BINARY_OUTCOMES.get(outcome, "")) or place_words(prediction.kind, outcome)


def said_words(prediction: Prediction, tick: int | None, values: Any) -> str:
    """What a forecast says, in short: “70 %”, “Anthropic 40 %”, “median 120”; nothing for a withdrawal."""
    if tick is not None:
        return percent(tick)
    return "" if values is None else value_words(prediction, values)


@dataclass(frozen=True)
class Curve:
    """A forecast of a number or a date as a CDF: its points, and the tails that the prediction's range declares."""

    prediction: Prediction
    values: Sequence[tuple[str, int]]

    @cached_property
    def points(self) -> list[Point]:
        """The CDF over the whole axis.

        To a closed end it runs linearly. At an open end of a number, what is left over sits on the outermost point, or
        beyond the range if that point is the end itself. After a date, it is “not before the limit”.
        """
        row, (low, high) = self.prediction, self.prediction.ends
        given = [(self._place(x), tick) for x, tick in self.values]
        (first, below), (last, _) = given[0], given[-1]
        if not row.open_below:
            given.insert(0, (low, 0))
        elif first == low:
            given.insert(0, (Decimal("-Infinity"), below))
        if not row.open_above:
            given.append((high, TICKS))
        elif row.kind == PredictionKind.NUMERIC and last < high:
            given.append((last, TICKS))
        return given

    def quantile(self, level: int) -> str | None:
        """Where the CDF reaches `level`, a tick, as people type it; None beyond the range.

        A number has one decimal place more than the finest that was given.
        """
        place = quantile(self.points, level)
        if not place.is_finite():
            return None
        if self.prediction.kind == PredictionKind.NUMERIC:
            place = Decimal(f"{place:.{self._decimals + 1}f}")
        return place_text(self.prediction.kind, place)

    def words(self, level: int) -> str:
        """The same, and in words what lies beyond the range."""
        if found := self.quantile(level):
            return place_words(self.prediction.kind, found)
        low, high = (place_words(self.prediction.kind, end) for end in range_texts(self.prediction))
        if self.points[0][1] >= level:
            return _("below %(end)s") % {"end": low}
        is_date = self.prediction.kind == PredictionKind.DATE
        return (_("after %(end)s") if is_date else _("above %(end)s")) % {"end": high}

    @property
    def _decimals(self) -> int:
        return max(len(x.partition(".")[2]) for x, _ in self.values)

    def _place(self, x: str) -> Decimal:
        return Decimal(day_number(x)) if self.prediction.kind == PredictionKind.DATE else Decimal(x)


def value_words(prediction: Prediction, values: Sequence[Any]) -> str:
    """In short what a forecast of options, of a number or of a date says: its likeliest option, or its median."""
    if prediction.kind != PredictionKind.MULTIPLE_CHOICE:
        return _("median %(value)s") % {"value": Curve(prediction, values).words(MEDIAN)}
    likeliest = values.index(max(values))
    name = prediction.options[likeliest]
    short = name if len(name) <= LONGEST_OPTION else f"{name[: LONGEST_OPTION - 1]}…"
    return f"{short} {percent(values[likeliest])}"
