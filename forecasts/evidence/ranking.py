"""Which open predictions does an item concern? Cosine of rare words first, then what a careful reader checks.

The first step is one sparse product over an inverted index: every prediction that shares a term with the item gets a
similarity. The second looks at the few best: are the names there, the place, the year? Both are words
only, unless the index is given a way to tell what a text means; then those that are left are scored again with it.
A person decides. Method and figures: docs/evidence.md.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import exp, log
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.evidence.subjects import Found, Known, Report, Subject, read_report, read_subject
from forecasts.evidence.words import Frequencies, terms

RANKER = "tfidf-1"
CRITERIA_WEIGHT = 0.5
TITLE_WEIGHT = 2
FLOOR = 0.1  # cosine under which nothing is looked at twice
LOOKED_AT = 5  # predictions an item is compared with in the second step
HOPELESS = 0.02  # a score by words under which nobody wants to see it
ENOUGH = 6  # shared words of the statement; more say no more
PER_ITEM = 3  # predictions shown for an item at most
THRESHOLD = 0.3  # alerts four of five resolving items of the dev half

# Fitted by logistic regression on the dev half of the labelled set and rounded: benchmarks/fit_matching.py.
INTERCEPT = -6.4
WEIGHTS = (2.8, 3.7, 0.7, -3.5, -0.7, -1.2, 5.0)  # in the order of Features

# The same with the semantic extra, fitted on what the words let through.
SEMANTIC_RANKER = "tfidf-minilm-1"
SEMANTIC_THRESHOLD = 0.4  # alerts nine of ten resolving items of the dev half
SEMANTIC_INTERCEPT = -8.5
SEMANTIC_WEIGHTS = (0.0, 1.2, 0.2, -2.9, -2.1, -1.1, 3.6, 9.6)  # of Features, then of the likeness in meaning

Meaning = Callable[[str], NDArray[np.float32]]
"""A text to a vector of length 1: forecasts.evidence.semantic.vector."""


class Features(NamedTuple):
    """What the second step sees of an item and a prediction; shares from 0 to 1, weighted by rarity."""

    similarity: float
    statement_share: float
    names_share: float
    other_place: bool
    other_time: bool
    lead_missing: bool
    shared_words: float


@dataclass(frozen=True)
class Ranked:
    """A prediction that an item may concern: `score` from 0 to 1, shared words of its statement, rarest first.

    `likeness` is the cosine of the meanings, None where only words were compared.
    """

    id: str
    score: float
    features: Features
    matched: tuple[str, ...]
    resolves_by: date
    source_weight: float
    likeness: float | None = None

    @property
    def why(self) -> str:
        """The explanation to keep with a finding."""
        alike = "" if self.likeness is None else f"; likeness in meaning {self.likeness:.2f}"
        return (
            f"matched: {', '.join(self.matched)}{alike}; date {self.resolves_by}; source weight {self.source_weight:g}"
        )


class _Run(NamedTuple):
    """The predictions that hold one term, and its weight in each."""

    which: NDArray[np.int64]
    weight: NDArray[np.float64]
    size: int


class Index:
    """Open predictions, ready to be ranked for any number of items. Building it costs one pass over their words.

    With `meaning`, ranker and threshold are other ones, and what words let through costs a run of the model for each
    item and, once, for each prediction.
    """

    def __init__(self, subjects: Iterable[Subject], frequencies: Frequencies, meaning: Meaning | None = None) -> None:
        self.ranker, self.threshold = (SEMANTIC_RANKER, SEMANTIC_THRESHOLD) if meaning else (RANKER, THRESHOLD)
        self._meaning = meaning
        self._rarity = _Rarities(frequencies)
        self._known = [read_subject(subject) for subject in subjects]
        self._place = {known.subject.id: place for place, known in enumerate(self._known)}
        self._totals = [(self._sum(known.statement), self._sum(known.names)) for known in self._known]
        self._runs = self._postings()

    def known(self, prediction_id: str) -> Known:
        """What was read of a prediction. KeyError for one that is not here."""
        return self._known[self._place[prediction_id]]

    def similarities(self, words: Sequence[str], title: Sequence[str] = ()) -> NDArray[np.float64]:
        """Cosine of an item's terms with every prediction, in the order they were given. Shape (predictions,)."""
        counted = Counter(words)
        for term in title:
            counted[term] += TITLE_WEIGHT - 1
        rarity = self._rarity
        weights = {term: (1 + log(n) if n > 1 else 1) * rarity[term] for term, n in counted.items()}
        shared = [(run, weights[term]) for term in weights if (run := self._runs.get(term))]
        if not shared:
            return np.zeros(len(self._known))
        length = sum(weight * weight for weight in weights.values()) ** 0.5
        which = np.concatenate([run.which for run, _ in shared])
        products = np.concatenate([run.weight for run, _ in shared])
        products *= np.repeat([weight / length for _, weight in shared], [run.size for run, _ in shared])
        return np.bincount(which, weights=products, minlength=len(self._known)).astype(np.float64, copy=False)

    def rank(self, report: Report, source_weight: float = 1.0) -> tuple[Ranked, ...]:
        """The predictions that `report` may concern, best first, those that are hopeless left out; () for most items.

        `source_weight` multiplies the odds: above 1 for a trusted source, under 1 for a doubtful one.
        """
        title = terms(report.title)
        words = [*title, *terms(report.text)]
        cosines = self.similarities(words, title)
        best = np.flatnonzero(cosines >= FLOOR)
        if best.size > LOOKED_AT:
            best = np.sort(best[np.argpartition(-cosines[best], LOOKED_AT)[:LOOKED_AT]])
        found = read_report(words, report.published_on)
        tried = ((place, self._ranked(place, float(cosines[place]), found, source_weight)) for place in best.tolist())
        kept = {place: one for place, one in tried if one}
        ranked = self._by_meaning(self._meaning, report, kept) if self._meaning and kept else kept.values()
        return tuple(sorted(ranked, key=lambda one: -one.score))

    def _by_meaning(self, meaning: Meaning, report: Report, ranked: dict[int, Ranked]) -> Iterable[Ranked]:
        """The same predictions, scored anew."""
        said = meaning(f"{report.title}. {report.text}")
        for place, one in ranked.items():
            subject = self._known[place].subject
            likeness = float(said @ meaning(f"{subject.statement} {subject.criteria}"))
            values = (*one.features, likeness)
            score = _score(SEMANTIC_INTERCEPT, SEMANTIC_WEIGHTS, values, one.source_weight)
            yield replace(one, score=score, likeness=likeness)

    def _ranked(self, place: int, cosine: float, found: Found, source_weight: float) -> Ranked | None:
        known = self._known[place]
        shared = known.statement & found.terms
        statement, named = self._totals[place]
        features = Features(
            similarity=cosine,
            statement_share=self._sum(shared) / statement if statement else 0.0,
            names_share=self._sum([name for name in known.names if name in shared]) / named if named else 0.0,
            other_place=known.is_other_place(found),
            other_time=known.is_other_time(found),
            lead_missing=known.is_lead_missing(found),
            shared_words=min(len(shared), ENOUGH) / ENOUGH,
        )
        score = _score(INTERCEPT, WEIGHTS, features, source_weight)
        if score < HOPELESS:
            return None
        rarest = sorted(shared, key=lambda term: (-self._rarity[term], term))
        matched = tuple(known.written.get(term, (term,))[0] for term in rarest)
        return Ranked(known.subject.id, score, features, matched, known.subject.resolves_by, source_weight)

    def _sum(self, words: Iterable[str]) -> float:
        return sum(map(self._rarity.__getitem__, words))

    def _postings(self) -> dict[str, _Run]:
        """For each term the predictions that hold it, with their weights scaled to length 1."""
        which: dict[str, array[int]] = {}
        weight: dict[str, array[float]] = {}
        for place, known in enumerate(self._known):
            weights = self._vector(known.subject)
            length = sum(value * value for value in weights.values()) ** 0.5
            for term, value in weights.items():
                which.setdefault(term, array("q")).append(place)
                weight.setdefault(term, array("d")).append(value / length)
        return {term: _Run(np.array(which[term]), np.array(weight[term]), len(which[term])) for term in which}

    def _vector(self, subject: Subject) -> dict[str, float]:
        return {term: said * self._rarity[term] for term, said in said_by(subject)}


def _score(intercept: float, weights: Sequence[float], values: Sequence[float], source_weight: float) -> float:
    return 1 / (1 + exp(-intercept - sum(map(mul, weights, values)) - log(source_weight)))


@lru_cache(maxsize=20_000)
def said_by(subject: Subject) -> tuple[tuple[str, float], ...]:
    """How much a prediction says each of its terms, read once: an index is built anew whenever another one changes."""
    counted: dict[str, float] = dict(Counter(terms(subject.statement)))
    for term, count in Counter(terms(subject.criteria)).items():
        counted[term] = counted.get(term, 0.0) + CRITERIA_WEIGHT * count
    return tuple((term, log(1 + count)) for term, count in counted.items())


class _Rarities(dict[str, float]):
    """Rarity by term, worked out once each."""

    def __init__(self, frequencies: Frequencies) -> None:
        super().__init__()
        self._frequencies = frequencies

    def __missing__(self, term: str) -> float:
        self[term] = rarity = self._frequencies.rarity(term)
        return rarity
