"""The denominators bar: every prediction that was made, by what became of it, so that no n is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from forecasts.charts.shapes import Bar
from forecasts.language.figures import number

HEIGHT = 14
GAP = 2.0
LEAST_WIDTH = 4.0


@dataclass(frozen=True)
class Part:
    """`number` from 1 picks the shade; it stays the part's own when others are empty. An empty part has no bar."""

    number: int
    label: str
    count: int
    bar: Bar | None


@dataclass(frozen=True)
class DenominatorsChart:
    view_box: str
    total: int
    parts: tuple[Part, ...]


def bar(counts: Sequence[tuple[str, int]], *, width: int = 440) -> DenominatorsChart:
    """Geometry of one bar `width` units long, divided by (label, count) in their order.

    Widths go with the counts beyond a least width, so that one prediction among hundreds is still seen.
    Raises ValueError when a count is negative or all are zero.
    """
    total = sum(count for _, count in counts)
    if total <= 0 or min(count for _, count in counts) < 0:
        raise ValueError("counts must not be negative and not all be zero")
    filled = sum(count > 0 for _, count in counts)
    share = (width - GAP * (filled - 1) - LEAST_WIDTH * filled) / total
    parts, left = [], 0.0
    for shade, (label, count) in enumerate(counts, start=1):
        long = LEAST_WIDTH + share * count
        parts.append(Part(shade, label, count, Bar(number(left), "0", number(long), str(HEIGHT)) if count else None))
        left += long + GAP if count else 0
    return DenominatorsChart(f"0 0 {width} {HEIGHT}", total, tuple(parts))
