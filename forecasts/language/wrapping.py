"""Breaking text into lines of a given width. Pure: how wide letters are is for the caller to know."""

import re
from collections.abc import Callable, Iterator

ELLIPSIS = "…"
BREAKS = re.compile(r"[^\S\u00a0\u202f]+")  # a no-break space keeps a figure and its unit together
Measure = Callable[[str], float]


def wrapped(text: str, width: float, most: int, measure: Measure) -> tuple[str, ...]:
    """At most `most` lines no wider than `width` by `measure`, broken between words, within one only if it must be.

    What does not fit is cut, and an ellipsis says so.

    >>> wrapped("to be or not to be", 5, 3, len)
    ('to be', 'or', 'not…')
    """
    lines = list(_lines(text, width, measure))
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and measure(last + ELLIPSIS) > width:
        last = last[:-1]
    return (*lines[: most - 1], last.rstrip() + ELLIPSIS)


def fits(text: str, width: float, most: int, measure: Measure) -> bool:
    return len(list(_lines(text, width, measure))) <= most


def _lines(text: str, width: float, measure: Measure) -> Iterator[str]:
    line = ""
    for word in filter(None, BREAKS.split(text)):
        longer = f"{line} {word}" if line else word
        if measure(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, width, measure)
        yield from full
    if line:
        yield line


def _pieces(word: str, width: float, measure: Measure) -> Iterator[str]:
    """A word that may be wider than a line, in parts that are not; at least one letter each."""
    piece = ""
    for letter in word:
        if piece and measure(piece + letter) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece
