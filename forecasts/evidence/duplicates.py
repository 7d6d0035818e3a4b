"""The same story from several outlets: one card that says "7 outlets", by canonical address and shared wording."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from forecasts.evidence.folding import fold

SHINGLE = 5  # words
ALIKE = 0.5  # share of the shorter text's shingles that the longer one has, too
COMMON = 50  # a shingle in more texts than this is boilerplate and finds no candidates

_WORD = re.compile(r"[^\W_]+")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src|cmpid|ocid|smid")
_INDEX_PAGE = re.compile(r"/(?:index\.(?:html?|php)|amp/?)?$")


@dataclass(frozen=True)
class Story:
    """One item: its address and its words (title and text)."""

    url: str
    text: str


def canonical_url(url: str) -> str:
    """`url` without scheme, www, fragment, tracking, AMP ending and final slash, its parameters in order.

    Only for comparing; never fetched. ValueError for what is no URL.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.").removeprefix("amp.")
    kept = sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name))
    return host + _INDEX_PAGE.sub("", parts.path) + (f"?{urlencode(kept)}" if kept else "")


def shingles(text: str) -> frozenset[int]:
    """Hashes of all runs of five folded words; of the whole text where it is shorter. Valid within one process."""
    words = _WORD.findall(fold(text).text)
    if not words:
        return frozenset()
    return frozenset(hash(tuple(words[at : at + SHINGLE])) for at in range(max(1, len(words) - SHINGLE + 1)))


def alike(one: frozenset[int], other: frozenset[int]) -> float:
    """Share of the shorter text's shingles that the other holds, 0 to 1; 0 for an empty text."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def groups(stories: Sequence[Story]) -> tuple[tuple[int, ...], ...]:
    """Positions of `stories` grouped by story, each group and the groups by first position; singles included."""
    leader = list(range(len(stories)))

    def first_of(place: int) -> int:
        while leader[place] != place:
            place = leader[place]
        return place

    for one, other in _pairs(stories):
        low, high = sorted((first_of(one), first_of(other)))
        leader[high] = low
    found: dict[int, list[int]] = {}
    for place in range(len(stories)):
        found.setdefault(first_of(place), []).append(place)
    return tuple(map(tuple, found.values()))


def _pairs(stories: Sequence[Story]) -> list[tuple[int, int]]:
    texts = [shingles(story.text) for story in stories]
    by_url: dict[str, int] = {}
    holders: dict[int, list[int]] = {}
    pairs = []
    for place, story in enumerate(stories):
        if story.url:
            first = by_url.setdefault(canonical_url(story.url), place)
            pairs += [(first, place)] if first != place else []
        near = {
            other for shingle in texts[place] for other in holders.get(shingle, ()) if len(holders[shingle]) <= COMMON
        }
        pairs += [(other, place) for other in near if alike(texts[other], texts[place]) >= ALIKE]
        for shingle in texts[place]:
            holders.setdefault(shingle, []).append(place)
    return pairs
