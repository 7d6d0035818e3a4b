"""Text on pictures: as lines at their places, in letters as large as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from forecasts.language.figures import number
from forecasts.language.wrapping import fits, wrapped

from . import lettering

LEADING, ASCENT = 1.22, 0.8  # from line to line, and from the top to the first line, in units of the size
LONGEST = 600  # letters of a text that are looked at


@dataclass(frozen=True)
class Line:
    """Text at a place; `anchor` is the side that it stands on."""

    text: str
    x: str
    y: str
    anchor: str


@dataclass(frozen=True)
class Block:
    """Lines in one size of letters."""

    lines: tuple[Line, ...]
    size: str
    weight: str
    end: float


def block(
    text: str,
    *,
    left: float,
    top: float,
    across: float,
    height: float,
    sizes: Sequence[int],
    weight: int = lettering.BOLD,
) -> Block:
    """`text` in the largest of `sizes` in which it fits; cut where it does not fit in the smallest."""
    size = next((size for size in sizes if _fits(text, across, height, size, weight)), sizes[-1])
    lines = wrapped(text, across, _most(height, size), partial(lettering.width, size=size, weight=weight))
    leads = lettering.runs_left(text)
    x, anchor = (left + across, "end") if leads else (left, "start")
    placed = tuple(
        Line(_embedded(line) if leads else line, number(x), number(top + size * (ASCENT + LEADING * i)), anchor)
        for i, line in enumerate(lines)
    )
    return Block(placed, number(size), number(weight), top + size * LEADING * len(lines))


def _fits(text: str, across: float, height: float, size: int, weight: int) -> bool:
    return fits(text, across, _most(height, size), partial(lettering.width, size=size, weight=weight))


def _most(height: float, size: int) -> int:
    return int(height // (size * LEADING))


def _embedded(line: str) -> str:
    return f"{lettering.EMBEDDED}{line}{lettering.END}"


def readable(text: str, instead: str) -> str:
    """`text` as far as anybody reads it on a picture; `instead` where it cannot be written."""
    return lettering.writable(text[:LONGEST], instead)


def one_line(text: str, size: int, across: float) -> str:
    """`text` in bold letters, cut where it is wider than `across` pixels."""
    lines = wrapped(text, across, 1, partial(lettering.width, size=size, weight=lettering.BOLD))
    return "".join(lines)
