"""The values that the maths takes and gives. Times are integer microseconds since 1970-01-01 UTC."""

from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Issued:
    """One forecast of one forecaster on one prediction, on one track. `tick` is None for a withdrawal.

    `issued_at` is the effective time on that track; a withdrawal takes effect at `recorded_at`, never earlier.
    """

    issued_at: int
    recorded_at: int
    id: int
    tick: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class Window:
    """When forecasts on a prediction count: from `opens_at` up to, not including, `closes_at` and `known_at`.

    Opening and closing are those in force at the first forecast. ValueError if `closes_at` is not after `opens_at`.
    """

    opens_at: int
    closes_at: int
    known_at: int

    def __post_init__(self) -> None:
        if self.closes_at <= self.opens_at:
            raise ValueError("closes_at must be after opens_at")

    @property
    def end(self) -> int:
        """The first moment at which a forecast no longer counts."""
        return min(self.closes_at, self.known_at)

    @property
    def length(self) -> int:
        """Planned length in microseconds, whenever the outcome became known."""
        return self.closes_at - self.opens_at

    def share(self, moment: int) -> int:
        """Millionths of the planned length passed at `moment`, rounded half up.

        A piece [a, b) weighs share(b) - share(a), so that however a span is cut, its pieces sum to the same weight.
        """
        return (2 * MILLION * (moment - self.opens_at) + self.length) // (2 * self.length)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch [start, end) over which one forecast stood within one lead band; weight in millionths of the window."""

    start: int
    end: int
    weight: int
    tick: int
    basis: str
    lead_band: str
    forecast_id: int


@dataclass(frozen=True, slots=True)
class Pick:
    """The one forecast that a counting chose, and the moment at which it stood."""

    moment: int
    tick: int
    basis: str
    lead_band: str
    forecast_id: int
