"""Numbers as people read them, the same in charts, pages and refusals."""

import math

TICKS_IN_A_PERCENT = 100
NBSP = "\N{NO-BREAK SPACE}"


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


def percent(tick: float) -> str:
    """Ten-thousandths as a percentage.

    >>> percent(1250)
    '12.5\\xa0%'
    """
    return f"{number(tick / TICKS_IN_A_PERCENT)}{NBSP}%"
