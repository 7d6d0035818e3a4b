"""Printed figures to Decimal. What is no clear number is refused: a wrong guess here would decide a prediction."""

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cached_property

from forecasts.errors import UnreadableSource
from forecasts.evidence.plaintext import clean

DECIMALS = (".", ",")
THOUSANDS = ("", ",", ".", " ", "'")
MAX_DECIMALS = 12
MAX_DIGITS = 40
MAX_MAGNITUDE = 30  # powers of ten, up and down
MAX_PRINTED = 80
# What statistical offices print where there is no figure yet.
MISSING = frozenset({"", ".", "..", "...", "…", ":", "-", "\N{EN DASH}", "\N{EM DASH}", "n/a", "na", "null"})

EXACT = Context(prec=MAX_DIGITS + MAX_MAGNITUDE + MAX_DECIMALS, rounding=ROUND_HALF_EVEN)
_SIGNS = str.maketrans(dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{SMALL HYPHEN-MINUS}\N{FULLWIDTH HYPHEN-MINUS}", "-"))
_QUOTES = str.maketrans(dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}", "'"))


@dataclass(frozen=True)
class NumberStyle:
    """How a source prints numbers: its decimal mark, its thousands separator ("" = none), its unit ("" = none).

    A separator " " stands for every space: no-break, thin and narrow ones too. "'" stands for the typographic one too.
    """

    decimal: str = "."
    thousands: str = ""
    unit: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        group = re.escape(self.thousands)
        grouped = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|" if group else ""
        fraction = rf"(?:{re.escape(self.decimal)}(?P<fraction>[0-9]+))?"
        return re.compile(
            rf"(?P<sign>[+-]?) ?(?P<whole>{grouped}[0-9]+)?{fraction}(?:[eE](?P<exponent>[+-]?[0-9]{{1,3}}))?"
        )


def is_missing(value: object) -> bool:
    """Whether `value` says that there is no figure (null, an empty cell, a mark such as ".." or "n/a")."""
    if isinstance(value, str):
        return len(value) <= MAX_PRINTED and clean(value).lower() in MISSING
    return value is None


def number(value: object, style: NumberStyle) -> Decimal:
    """`value` as printed, its decimals kept: 4.50 stays 4.50. Percent and currency signs and the unit are taken off.

    Numbers of JSON are taken as they are; text is read in `style`. Raises UnreadableSource with code `bad_number` for
    anything else: booleans, NaN, Infinity, over 40 digits, from 1e31 up, doubtful grouping.
    """
    if isinstance(value, str):
        found = _from_text(value, style)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        found = Decimal(value)
    elif isinstance(value, float) and math.isfinite(value):  # from a function of JMESPath
        found = Decimal(repr(value))
    else:
        raise _bad(value, style)
    if not fits(found):
        raise _bad(value, style)
    return found.copy_abs() if found.is_zero() else found


def fits(value: Decimal) -> bool:
    """Whether `value` is finite, of at most 40 digits, and zero or from 1e-30 to below 1e31 in size."""
    if not value.is_finite() or len(value.as_tuple().digits) > MAX_DIGITS:
        return False
    return value.is_zero() or abs(value.adjusted()) <= MAX_MAGNITUDE


def shown(value: object) -> str:
    """`value` for a message. Of a list or object only its type: what an expression built may be endless on paper."""
    is_long = isinstance(value, int) and value.bit_length() > 1_000  # Python refuses to print over 4,300 digits
    is_plain = value is None or (isinstance(value, str | int | float | Decimal) and not is_long)
    return repr(value)[:MAX_PRINTED] if is_plain else type(value).__name__


def rounded(value: Decimal, decimals: int | None) -> Decimal:
    """`value` with `decimals` decimals, halves to even; as it is when `decimals` is None."""
    return value if decimals is None else value.quantize(Decimal(1).scaleb(-decimals), context=EXACT)


def _from_text(printed: str, style: NumberStyle) -> Decimal:
    text = clean(printed).translate(_SIGNS).translate(_QUOTES) if len(printed) <= MAX_PRINTED else ""
    match = style.pattern.fullmatch(_bare(text, style.unit))
    if match is None or not (match["whole"] or match["fraction"]):
        raise _bad(printed, style)
    whole = (match["whole"] or "0").replace(style.thousands, "") if style.thousands else match["whole"] or "0"
    fraction = f".{match['fraction']}" if match["fraction"] else ""
    return Decimal(f"{match['sign']}{whole}{fraction}E{match['exponent'] or 0}")


def _bare(text: str, unit: str) -> str:
    """`text` without its unit, one percent sign at its end and one currency sign: "-€ 3" and "€-3" are both -3."""
    text = text.removesuffix(unit).removeprefix(unit).strip().removesuffix("%")
    signs = [place for place, character in enumerate(text) if unicodedata.category(character) == "Sc"]
    if len(signs) == 1:
        before, after = text[: signs[0]].rstrip(), text[signs[0] + 1 :].lstrip()
        # A sign between digits ("4€50") separates; taking it off would join them.
        text = before + after if not before or not after or before in "+-" else text
    return text.strip()


def _bad(value: object, style: NumberStyle) -> UnreadableSource:
    size = f"up to {MAX_DIGITS} digits below 1e{MAX_MAGNITUDE + 1}"
    marks = f"decimal mark {style.decimal!r}, thousands separator {style.thousands or 'none'!r}"
    return UnreadableSource(
        f"{shown(value)} is no number that can be used; expected {size}, {marks}",
        "bad_number",
    )
