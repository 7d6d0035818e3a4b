"""Quotes in the text they were taken from. Pure; offsets count characters of the archived text."""

from collections.abc import Sequence
from dataclasses import dataclass

AROUND = 240


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `target` is the slug of the prediction quoted there, empty between quotes."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Excerpt:
    before: str
    quote: str
    after: str


def excerpt(text: str, start: int | None, end: int | None, around: int = AROUND) -> Excerpt | None:
    """The quote text[start:end] with about `around` characters on either side, cut between words.

    None when there are no offsets or they lie outside the text.
    """
    if start is None or end is None or not 0 <= start < end <= len(text):
        return None
    before, after = text[max(start - around, 0) : start], text[end : end + around]
    if start > around:
        before = "… " + before.partition(" ")[2]
    if end + around < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Excerpt(before, text[start:end], after)


def marked(text: str, quotes: Sequence[tuple[int | None, int | None, str]]) -> tuple[Piece, ...]:
    """`text` cut into pieces by `quotes`, each (start, end, target).

    Where quotes overlap, the one that starts first is marked; one that lies outside the text is not.
    """
    pieces, reached = [], 0
    for start, end, target in sorted((s, e, t) for s, e, t in quotes if s is not None and e is not None):
        if reached <= start < end <= len(text):
            pieces += [Piece(text[reached:start]), Piece(text[start:end], target)]
            reached = end
    pieces.append(Piece(text[reached:]))
    return tuple(piece for piece in pieces if piece.text)
