"""From values to coordinates, and from numbers to the words on an axis.

Every coordinate leaves this package as a string: a template would localise a decimal point into a comma and break
the path.
"""

import math
from dataclasses import dataclass
from typing import Protocol

from forecasts.language.figures import ENGLISH, Spelling, number, percent
from forecasts.scoring.values import TICKS


def percent_ticks(step: int, spelling: Spelling = ENGLISH) -> tuple[tuple[int, str], ...]:
    """Where an axis of probabilities is labelled and with what, every `step` ten-thousandths from 0 to 100 %."""
    return tuple((tick, percent(tick, spelling)) for tick in range(0, TICKS + 1, step))


def round_ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """At most `most` + 1 multiples of 1, 2 or 5 times a power of ten, from at or below `low` to at or above `high`.

    >>> round_ticks(0, 0.31)
    (0.0, 0.1, 0.2, 0.3, 0.4)
    """
    if not low < high:
        raise ValueError(f"high must be above low, not {high} above {low}")
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (power * factor for factor in (1, 2, 5, 10, 20)):
        first, last = math.floor(round(low / step, 9)), math.ceil(round(high / step, 9))
        if last - first <= most:
            return tuple(round(n * step, 12) for n in range(first, last + 1))
    raise AssertionError("the widest step spans everything")


class Scale(Protocol):
    """Something that places values of an axis."""

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...

    def place(self, value: float) -> float: ...

    def at(self, value: float) -> str: ...


@dataclass(frozen=True)
class Linear:
    """A linear scale from [low, high] to coordinates [start, end]; an axis that points up has end < start."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"high must be above low, not {self.high} above {self.low}")

    def place(self, value: float) -> float:
        """The coordinate of a value, for arithmetic."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def at(self, value: float) -> str:
        """The coordinate of a value, for the page."""
        return number(self.place(value))


@dataclass(frozen=True)
class LogOdds:
    """Ticks by their log odds, so that 1 % lies as far from 10 % as 10 % from about 50 %; 0 and 100 % at the ends."""

    start: float
    end: float

    def place(self, tick: float) -> float:
        """The coordinate of ten-thousandths; within 1 of 0 and 10,000 at the ends."""
        within = min(max(tick, 1.0), TICKS - 1.0)
        most = math.log(TICKS - 1)
        return self.start + (1 + math.log(within / (TICKS - within)) / most) / 2 * (self.end - self.start)

    def at(self, tick: float) -> str:
        return number(self.place(tick))
