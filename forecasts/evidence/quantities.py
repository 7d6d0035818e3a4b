"""Numbers with their units, and whether an item's number meets what a prediction asks."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from forecasts.evidence.folding import fold
from forecasts.evidence.words import stem

Asked = Literal["at least", "above", "at most", "below"]

_SCALES = {"thousand": 10**3, "million": 10**6, "bn": 10**9, "billion": 10**9, "tn": 10**12, "trillion": 10**12}
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "%": "percent"}
_QUANTITY = re.compile(
    r"(?<![\w.,-])(?P<sign>[$€£])?\s?(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?![\d])\s?"
    rf"(?P<scale>{'|'.join(_SCALES)})?\s?(?:us )?(?P<unit>%|per cent|[a-z]+)?"
)
_ASKED: tuple[tuple[Asked, str, str], ...] = (
    ("at least", r"(?:at least|no less than|to|reaches)\s*$", r"^\W*(?:a \w+ )?or (?:more|higher|above)"),
    ("above", r"(?:above|more than|over|exceeds?|greater than)\s*$", r"^\b$"),
    ("at most", r"(?:at most|no more than|up to)\s*$", r"^\W*or (?:less|lower|below|fewer)"),
    ("below", r"(?:below|under|less than|fewer than)\s*$", r"^\b$"),
)
_TESTS = {
    "at least": Decimal.__ge__,
    "above": Decimal.__gt__,
    "at most": Decimal.__le__,
    "below": Decimal.__lt__,
}
_NO_UNITS = frozenset(
    {"and", "or", "in", "on", "at", "to", "by", "of", "the", "for", "as", "from", "with", "than", "is"}
)


@dataclass(frozen=True)
class Quantity:
    """A number, scaled (million and the like are in it), its unit as a term ("percent", "dollar", ...), as written."""

    value: Decimal
    unit: str
    wording: str
    start: int
    end: int


@dataclass(frozen=True)
class Threshold:
    """What a prediction asks of a number."""

    asked: Asked
    quantity: Quantity

    def is_met_by(self, other: Quantity) -> bool:
        """Whether a quantity of the same unit lies on the asked side."""
        return bool(_TESTS[self.asked](other.value, self.quantity.value))


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers with a unit in `text`, decimal points as in English. Bare numbers and years say nothing here."""
    found = []
    for match in _QUANTITY.finditer(fold(text).text):
        unit = _SIGNS.get(match["sign"] or match["unit"] or "", "") or _unit(match["unit"] or "")
        if unit:
            value = Decimal(match["number"].replace(",", "")) * _SCALES.get(match["scale"] or "", 1)
            found.append(Quantity(value, unit, match[0].strip(), match.start(), match.end()))
    return tuple(found)


def threshold(statement: str) -> Threshold | None:
    """The first number of `statement` with a comparison beside it; None when it asks for none."""
    text = fold(statement).text
    for quantity in quantities(statement):
        for asked, before, after in _ASKED:
            if re.search(before, text[: quantity.start]) or re.search(after, text[quantity.end :]):
                return Threshold(asked, quantity)
    return None


def _unit(word: str) -> str:
    if word in ("per cent", "percent"):
        return "percent"
    return "" if word in _NO_UNITS else stem(word)
