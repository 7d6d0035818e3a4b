"""Does a report concern a prediction? Words only: exact, explainable, the same every time."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from forecasts.evidence.folding import Folded, fold
from forecasts.evidence.terms import Groups, WatchTerms, pattern, terms_problems

__all__ = ["MATCHER", "Match", "WatchTerms", "best_quote", "is_excluded", "match", "terms_problems"]

MATCHER = "words-1"
MAX_QUOTE = 500

_SENTENCE = re.compile(r"[^\n]*?(?:(?<!\b[A-Z])[.!?…][\"'”’)\]]*(?=\s)|[。！？]|(?=\n)|\Z)")

Span = tuple[int, int]
Hit = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Match:
    """Why an item concerns a prediction.

    `quote` is `item_text[start:end]`: the sentence that says most of what was watched for, at most 500 characters.
    `matched` are the terms as the editor wrote them. `relevance` runs from 0 to 1000: up to 500 for the share of groups
    in the quote, 300 for their share in the title, 200 for the share of confirming groups anywhere.
    """

    quote: str
    start: int
    end: int
    matched: tuple[str, ...]
    relevance: int
    stance: Literal["supports_yes", "related"]
    why: str


def match(item_text: str, terms: WatchTerms) -> Match | None:
    """The match of `terms` in `item_text` (title, line break, text), or None.

    The stance is "supports_yes" only when the editor wrote `confirms` and all of it matches too: the words are there,
    which is not yet the meaning. A person decides.
    """
    folded = fold(item_text)
    groups = [_hits(folded, group) for group in terms.groups]
    if not groups or not all(groups) or _has_one_of(folded, terms.exclusions):
        return None
    confirms = [_hits(folded, group) for group in terms.confirms]
    start, end = _best_sentence(item_text, groups, confirms)
    return Match(
        quote=item_text[start:end],
        start=start,
        end=end,
        matched=tuple(dict.fromkeys(term for hits in (*groups, *confirms) for term, _ in hits)),
        relevance=_relevance(item_text, groups, confirms, (start, end)),
        stance="supports_yes" if confirms and all(confirms) else "related",
        why=_why(groups, terms.confirms, confirms),
    )


def is_excluded(item_text: str, exclusions: Sequence[str]) -> bool:
    """Whether an item has a term that an editor does not want."""
    return bool(exclusions) and _has_one_of(fold(item_text), exclusions)


def best_quote(item_text: str, words: Sequence[str]) -> Span:
    """Start and end of the sentence with most of `words`, at most 500 characters; of the first one when none occurs.

    For ranked items, whose words are not all there as written. (0, 0) for a text without a visible character.
    """
    folded = fold(item_text)
    hits = [found for word in words if (found := _hits(folded, (word,)))]
    if not _sentences(item_text):
        return 0, 0
    if hits:
        return _best_sentence(item_text, hits, ())
    start, end = _sentences(item_text)[0]
    return start, min(end, start + MAX_QUOTE)


def _has_one_of(folded: Folded, terms: Sequence[str]) -> bool:
    return any(pattern(term).search(folded.text) for term in terms)


def _hits(folded: Folded, group: Sequence[str]) -> tuple[Hit, ...]:
    """The terms of one group that occur, each with where in the source it begins."""
    found = ((term, tuple(folded.origin[hit.start()] for hit in pattern(term).finditer(folded.text))) for term in group)
    return tuple((term, starts) for term, starts in found if starts)


def _best_sentence(text: str, groups: Sequence[Sequence[Hit]], confirms: Sequence[Sequence[Hit]]) -> Span:
    """The sentence with most groups, then most confirming groups; the first of equals."""

    def merit(sentence: Span) -> tuple[int, int]:
        return _groups_in(groups, sentence), _groups_in(confirms, sentence)

    start, end = max(_sentences(text), key=merit)
    if end - start <= MAX_QUOTE:
        return start, end
    first = min(place for hits in groups for _, starts in hits for place in starts if start <= place < end)
    return _trim(text, *_window(start, end, first))


def _window(start: int, end: int, first: int) -> Span:
    """At most MAX_QUOTE characters of a long sentence, around its first hit."""
    left = max(start, min(first - MAX_QUOTE // 4, end - MAX_QUOTE))
    return left, min(end, left + MAX_QUOTE)


def _sentences(text: str) -> list[Span]:
    spans = (_trim(text, *found.span()) for found in _SENTENCE.finditer(text))
    return [span for span in spans if span[0] < span[1]]


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _groups_in(groups: Sequence[Sequence[Hit]], place: Span) -> int:
    """How many groups have a term that begins in `place`."""
    return sum(any(_has_any(starts, place) for _, starts in hits) for hits in groups)


def _has_any(starts: tuple[int, ...], place: Span) -> bool:
    index = bisect_left(starts, place[0])
    return index < len(starts) and starts[index] < place[1]


def _relevance(text: str, groups: Sequence[Sequence[Hit]], confirms: Sequence[Sequence[Hit]], quote: Span) -> int:
    title = (0, len(text.partition("\n")[0]))
    in_quote, in_title = _groups_in(groups, quote), _groups_in(groups, title)
    confirmed = sum(map(bool, confirms))
    return (500 * in_quote + 300 * in_title) // len(groups) + (200 * confirmed // len(confirms) if confirms else 0)


def _why(groups: Sequence[Sequence[Hit]], wanted: Groups, confirms: Sequence[Sequence[Hit]]) -> str:
    sentence = "mentions " + " and ".join(_named(hits) for hits in groups)
    if not wanted:
        return sentence
    if all(confirms):
        return f"{sentence}; also says {' and '.join(_named(hits) for hits in confirms)}"
    missing = " and ".join(_quoted(group) for group, hits in zip(wanted, confirms, strict=True) if not hits)
    return f"{sentence}; does not say {missing}"


def _named(hits: Sequence[Hit]) -> str:
    return _quoted([term for term, _ in hits])


def _quoted(terms: Sequence[str]) -> str:
    return " or ".join(f"“{term}”" for term in terms)
