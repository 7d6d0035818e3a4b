"""What differs between two texts of a page, a line being a block. A line that only moved has not changed.

Everything takes linear time: lines are counted, not aligned.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MAX_BLOCKS = 20_000
MAX_TRIED = 10
MAX_COMPARED = 2_000
ALIKE = 0.5


@dataclass(frozen=True)
class Change:
    """One block that is new (`old` is ""), gone (`new` is "") or worded anew."""

    kind: Literal["added", "removed", "changed"]
    old: str
    new: str


def blocks(text: str) -> list[str]:
    """The lines of `text`. What follows the 20,000th is one block, so that no change there is lost."""
    return text.split("\n", MAX_BLOCKS) if text else []


def new_blocks(before: Sequence[str], after: Sequence[str]) -> list[int]:
    """Which of `after` were not in `before`, as indices. Of a block that is there more often, the last ones are new."""
    left = Counter(before)
    found = []
    for index, block in enumerate(after):
        if left[block] > 0:
            left[block] -= 1
        else:
            found.append(index)
    return found


def diff(before: str, after: str) -> tuple[Change, ...]:
    """The changes from `before` to `after`, in the order of `after`; what is gone stands where it was.

    Two blocks are one worded anew when they stand behind the same unchanged block and share half of their words.
    """
    old, new = blocks(before), blocks(after)
    gone, come = _behind(old, new_blocks(new, old)), _behind(new, new_blocks(old, new))
    return tuple(change for place, added in come.items() for change in _pair(gone[place], added))


_Place = tuple[str, int]  # an unchanged block and the number of its occurrence: what stands behind it


def _behind(all_blocks: Sequence[str], changed: Sequence[int]) -> dict[_Place, list[str]]:
    """The changed blocks by their place. Both texts have the same places, because they share the unchanged blocks."""
    seen: Counter[str] = Counter()
    is_changed = set(changed)
    place = ("", 0)
    found: dict[_Place, list[str]] = {place: []}
    for index, block in enumerate(all_blocks):
        if index in is_changed:
            found[place].append(block)
        else:
            seen[block] += 1
            place = (block, seen[block])
            found[place] = []
    return found


def _pair(gone: list[str], come: list[str]) -> list[Change]:
    """Each gone block with the first of the next few new ones that is like it."""
    words = [_words(block) for block in come]
    partner: dict[int, str] = {}
    removed = []
    start = 0
    for block in gone:
        mine = _words(block)
        tried = range(start, min(start + MAX_TRIED, len(come)))
        match = next((n for n in tried if _likeness(mine, words[n]) >= ALIKE), None)
        if match is None:
            removed.append(Change("removed", block, ""))
        else:
            partner[match] = block
            start = match + 1
    added = [
        Change("changed", partner[n], block) if n in partner else Change("added", "", block)
        for n, block in enumerate(come)
    ]
    return [*removed, *added]


def _words(block: str) -> frozenset[str]:
    return frozenset(block[:MAX_COMPARED].casefold().split())


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common words, 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0
