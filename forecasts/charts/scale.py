"""From values to coordinates, and from numbers to the words on an axis.

Every coordinate leaves this package as a string: a template would localise a decimal point into a comma and break
the path.
"""

from dataclasses import dataclass

from forecasts.language.figures import number, percent
from forecasts.scoring.values import TICKS


def percent_ticks(step: int) -> tuple[tuple[int, str], ...]:
    """Where an axis of probabilities is labelled and with what, every `step` ten-thousandths from 0 to 100 %."""
    return tuple((tick, percent(tick)) for tick in range(0, TICKS + 1, step))


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
