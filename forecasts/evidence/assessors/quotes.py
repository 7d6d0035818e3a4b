"""Finding a quote in a report word for word, whatever became of its spaces and compatibility characters."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from forecasts.evidence.assessors.hygiene import is_unseen
from forecasts.evidence.assessors.kind import Quote

MIN_CHARACTERS = 25
MIN_WORDS = 5
MAX_MARKS = 30  # on one letter; no language comes near it (UAX #15, stream-safe text)

# Thai, Lao, Burmese, Khmer, Chinese and Japanese put no spaces between words: there each character counts as one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


@dataclass(frozen=True)
class Comparable:
    """`text` is comparable; its character i came from `source[start[i]:end[i]]`."""

    text: str
    start: tuple[int, ...]
    end: tuple[int, ...]


def comparable(source: str) -> Comparable:
    """`source` under NFKD, unseen characters left out, each run of white space one space, none at the ends.

    Two texts are equal under NFKC if and only if they are under NFKD, and that one works cluster by cluster (a
    character with its combining marks), which keeps the offsets.
    """
    kept: list[tuple[str, int, int]] = []
    for start, end in _clusters(source):
        cluster = "".join(character for character in source[start:end] if not is_unseen(character))
        for character in unicodedata.normalize("NFKD", cluster):
            if not character.isspace():
                kept.append((character, start, end))
            elif kept and kept[-1][0] != " ":
                kept.append((" ", start, end))
    if kept and kept[-1][0] == " ":
        kept.pop()
    characters, starts, ends = zip(*kept, strict=True) if kept else ((), (), ())
    return Comparable("".join(characters), starts, ends)


def _clusters(source: str) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(1, len(source) + 1):
        ends = place == len(source) or not unicodedata.combining(source[place])
        if ends or place - start > MAX_MARKS:  # sorting a long run of marks takes quadratic time
            yield start, place
            start = place


def is_long_enough(quote: str) -> bool:
    """At least 25 characters and 5 words: less would be found by chance."""
    text = unicodedata.normalize("NFKC", comparable(quote).text)
    return len(text) >= MIN_CHARACTERS and len(_WORD.findall(text)) >= MIN_WORDS


def find_quote(quote: str, source: str, where: Comparable) -> Quote | None:
    """The first place of `quote` in `source`, whose comparable form is `where`; None when it is not there.

    Both ends must be ends of whole words, so that no "not" can be cut off a "cannot".
    """
    wanted = comparable(quote).text
    place = where.text.find(wanted) if wanted else -1
    while place >= 0:
        last = place + len(wanted)
        if _is_edge(where.text, place) and _is_edge(where.text, last):
            start, end = where.start[place], where.end[last - 1]
            return Quote(source[start:end], start, end)
        place = where.text.find(wanted, place + 1)
    return None


def _is_edge(text: str, place: int) -> bool:
    """Whether no word and no accented letter runs across `place`."""
    if place in (0, len(text)):
        return True
    if unicodedata.combining(text[place]):
        return False
    around = text[place - 1 : place + 1]
    return not all(map(str.isalnum, around)) or bool(re.search(f"[{_UNSPACED}]", around))
