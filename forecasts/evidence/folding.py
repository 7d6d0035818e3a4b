"""Fold text for comparison without losing where each character came from."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_PUNCTUATION = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-"})


@dataclass(frozen=True)
class Folded:
    """`text` is folded; its character i came from character `origin[i]` of the source."""

    text: str
    origin: range | tuple[int, ...]


@lru_cache(maxsize=64)
def fold(text: str) -> Folded:
    """`text` case-folded under compatibility normalisation (NFKD), accents and invisible characters left out.

    Each character is folded alone, which NFKD allows and NFKC does not: that keeps the offsets exact.
    """
    if text.isascii():
        return Folded(text.lower(), range(len(text)))
    folded: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        new = _fold_character(character)
        folded.append(new)
        origin.extend([index] * len(new))
    return Folded("".join(folded), tuple(origin))


@lru_cache(maxsize=20_000)
def _fold_character(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = "".join(one for one in decomposed if unicodedata.category(one) not in ("Mn", "Mc", "Me", "Cf"))
    return kept.translate(_PUNCTUATION)
