"""Text to terms: folded, stop words out, endings off, one name per place. The same for items and predictions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from forecasts.evidence.folding import fold
from forecasts.evidence.places import ONE_WORD, PLACES, named, one_name
from forecasts.evidence.terms import is_unspaced, singular

MEMORY = 50_000  # documents; older ones fade by halves

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_CAPITALISED = re.compile(r"\b(?:[A-Z]|\d+[A-Z]|[a-z]+[A-Z0-9]|usa\b)[\w.&'’-]*")
_WRITTEN = re.compile(r"[^\W_][\w-]*")
_SMALL = re.compile(r"\b[a-z]+\b")
_ENDINGS = (
    "isations", "izations", "isation", "ization", "ations", "ation", "ements", "ement", "ments", "ment", "ating",
    "ators", "ator", "atory", "ated", "ates", "ate", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or", "ory",
    "ed", "es", "al", "ly", "s", "e", "y",
)  # fmt: skip
MIN_STEM = 4
_STOP = frozenset(
    re.findall(
        r"\w+",
        """a about above according after again against all almost along already also although among an and any are as at
    be because been before being below between both but by can could day days deadline did do does during each
    earlier end ends ever every few first for from further had has have he her his how if in include includes into is
    it its last later least less like made make many may might more most much must near new next no nor not now of off
    on once one only or other our out over per same say says said see set several she should since so some still such
    take taken than that the their them then there these they this those through time to today under until up upon
    very was way we week weeks were what when where whether which while whose will with within without would year
    years yes yesterday count counts states state report reports reported publish published publishes announce
    announces announced january february march april june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday""",
    )
)


@lru_cache(maxsize=100_000)
def _term(word: str) -> str:
    """The term of a folded word, "" for one that says nothing."""
    if word in _STOP or (len(word) < 2 and not word.isdigit()):
        return ""
    return ONE_WORD.get(word) or stem(word)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Folded `word` without plural and one common ending, at least 4 letters left."""
    if not word.isascii() or not word.isalpha():
        return word
    word = singular(word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= MIN_STEM:
            return word.removesuffix(ending)
    return word


def terms(text: str) -> list[str]:
    """The terms of `text` in their order, repeated as they are; pairs of characters where words have no spaces."""
    found = _WORD.findall(one_name(fold(named(text)).text))
    if all(map(str.isascii, found)):
        return [term for word in found if (term := _term(word))]
    return [term for word in found for term in _terms_of(word)]


def _terms_of(word: str) -> list[str]:
    if is_unspaced(word):
        return [word[place : place + 2] for place in range(max(1, len(word) - 1))]
    term = _term(word)
    return [term] if term else []


def names(text: str) -> tuple[str, ...]:
    """Terms that `text` writes as names, in their order: capitals within a sentence, letters with digits.

    The first word of a sentence is one, too, unless the text also has it in small letters.
    """
    spelled = named(text)
    small = {term for word in _SMALL.findall(spelled) for term in terms(word)}
    found = [term for word in _CAPITALISED.findall(spelled) for term in terms(word)]
    return tuple(dict.fromkeys(term for term in found if term not in small or term in PLACES))


def as_written(text: str) -> dict[str, tuple[str, ...]]:
    """Each term with the different words of `text` that say it, in their order; names of several words are left out."""
    found: dict[str, dict[str, str]] = {}
    for word in _WRITTEN.findall(text):
        said = terms(word)
        if len(said) == 1 and len(word) > 1:
            found.setdefault(said[0], {}).setdefault(fold(word).text, word)
    return {term: tuple(words.values()) for term, words in found.items()}


@dataclass(frozen=True)
class Frequencies:
    """How many documents hold each term, of `documents` seen; both may be fractions, since old ones fade."""

    documents: float = 0.0
    counts: Mapping[str, float] = field(default_factory=dict)

    def rarity(self, term: str) -> float:
        """Inverse document frequency, at least 0: large for a term that few documents hold."""
        return log((self.documents + 1) / (self.counts.get(term, 0.0) + 1)) + 1

    def grown(self, documents: list[list[str]]) -> "Frequencies":
        """With these documents' terms added. Beyond MEMORY, everything counts half, and what nearly vanishes goes."""
        counts = dict(self.counts)
        for document in documents:
            for term in set(document):
                counts[term] = counts.get(term, 0.0) + 1
        total = self.documents + len(documents)
        while total > MEMORY:
            total /= 2
            counts = {term: count / 2 for term, count in counts.items() if count >= 1}
        return Frequencies(total, counts)
