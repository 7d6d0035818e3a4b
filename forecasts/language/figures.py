"""Numbers as people read them, the same in charts, pages and refusals."""

import math
from dataclasses import dataclass

TICKS_IN_A_PERCENT = 100
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Spelling:
    """How a language writes figures and days. English unless somebody who knows the reader hands over another."""

    decimal: str = "."
    thousands: str = ","
    percent: str = f"%(number)s{NBSP}%%"
    span: str = "%(low)s to %(high)s"
    day: str = "%(day)s %(month)s"
    months: tuple[str, ...] = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

    def of(self, figure: str) -> str:
        """A figure in English spelling, with the marks of this one.

        >>> Spelling(",", ".").of("1,200.5")
        '1.200,5'
        """
        return figure.translate({ord("."): self.decimal, ord(","): self.thousands})

    def between(self, low: object, high: object) -> str:
        """From one end to the other, both as they are spelt.

        >>> Spelling().between("0.1", "0.2")
        '0.1 to 0.2'
        """
        return self.span % {"low": low, "high": high}


ENGLISH = Spelling()


def number(value: float) -> str:
    """A coordinate or a figure with at most two decimals and no trailing zeros.

    Raises ValueError when the value is not finite.

    >>> number(12.5), number(3.0), number(-0.001)
    ('12.5', '3', '0')
    """
    if not math.isfinite(value):
        raise ValueError(f"value must be finite, not {value}")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(tick: float, spelling: Spelling = ENGLISH) -> str:
    """Ten-thousandths as a percentage.

    >>> percent(1250)
    '12.5\\xa0%'
    """
    return spelling.percent % {"number": spelling.of(number(tick / TICKS_IN_A_PERCENT))}
