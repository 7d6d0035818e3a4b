"""Which open predictions does an item concern? Cosine of rare words first, then what a careful reader checks.

The first step is one sparse product over an inverted index: every prediction that shares a term with the item gets a
similarity. The second looks at the few best: are the names there, the numbers, the place, the year? Both are words
only; a person decides. Method and figures: docs/evidence.md.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from forecasts.evidence.subjects import Known, Report, Subject, read_subject
from forecasts.evidence.words import Frequencies, terms

RANKER = "tfidf-1"
CRITERIA_WEIGHT = 0.5
TITLE_WEIGHT = 2
FLOOR = 0.08  # cosine under which nothing is looked at twice
LOOKED_AT = 12  # predictions an item is compared with in the second step
PER_ITEM = 3
THRESHOLD = 0.25

# Fitted by logistic regression on the dev half of the labelled set and rounded: benchmarks/fit_matching.py.
INTERCEPT = -6.8
WEIGHTS = (5.5, 7.2, 1.2, -3.8, -2.0, -0.9)


@dataclass(frozen=True)
class Features:
    """What the second step sees of an item and a prediction; shares from 0 to 1, weighted by rarity."""

    similarity: float
    statement_share: float
    names_share: float
    other_place: bool
    other_time: bool
    lead_missing: bool

    @property
    def values(self) -> tuple[float, ...]:
        return (
            self.similarity,
            self.statement_share,
            self.names_share,
            float(self.other_place),
            float(self.other_time),
            float(self.lead_missing),
        )


@dataclass(frozen=True)
class Ranked:
    """A prediction that an item may concern: `score` from 0 to 1, shared terms of its statement, rarest first."""

    id: str
    score: float
    features: Features
    matched: tuple[str, ...]
    why: str


class Index:
    """Open predictions, ready to be ranked for any number of items. Building it costs one pass over their words."""

    def __init__(self, subjects: Iterable[Subject], frequencies: Frequencies) -> None:
        self._frequencies = frequencies
        self._known = [read_subject(subject) for subject in subjects]
        self._terms: dict[str, int] = {}
        self._starts, self._which, self._weight = self._postings()

    def similarities(self, words: Sequence[str], title: Sequence[str] = ()) -> NDArray[np.float64]:
        """Cosine of an item's terms with every prediction, in the order they were given. Shape (predictions,)."""
        counted = Counter(words)
        for term in title:
            counted[term] += TITLE_WEIGHT - 1
        weights = {term: (1 + log(count)) * self._frequencies.rarity(term) for term, count in counted.items()}
        length = sum(weight**2 for weight in weights.values()) ** 0.5
        shared = [(self._terms[term], weight) for term, weight in weights.items() if term in self._terms]
        if not shared:
            return np.zeros(len(self._known))
        places = [slice(self._starts[number], self._starts[number + 1]) for number, _ in shared]
        which = np.concatenate([self._which[place] for place in places])
        products = np.concatenate(
            [self._weight[place] * weight for place, (_, weight) in zip(places, shared, strict=True)]
        )
        return np.bincount(which, products, len(self._known)) / length

    def rank(self, report: Report, source_weight: float = 1.0) -> tuple[Ranked, ...]:
        """The predictions that `report` may concern, best first, all that share enough words; [] for most items.

        `source_weight` multiplies the odds: above 1 for a trusted source, under 1 for a doubtful one.
        """
        title = terms(report.title)
        words = [*title, *terms(report.text)]
        cosines = self.similarities(words, title)
        best = np.flatnonzero(cosines >= FLOOR)
        best = best[np.argsort(-cosines[best], kind="stable")][:LOOKED_AT]
        ranked = [
            self._ranked(self._known[place], float(cosines[place]), words, report, source_weight) for place in best
        ]
        return tuple(sorted(ranked, key=lambda one: -one.score))

    def _ranked(self, known: Known, cosine: float, words: list[str], report: Report, source_weight: float) -> Ranked:
        features = self._features(known, cosine, words, report)
        shared = sorted(known.statement & set(words), key=lambda term: (-self._frequencies.rarity(term), term))
        odds = INTERCEPT + sum(weight * value for weight, value in zip(WEIGHTS, features.values, strict=True))
        score = 1 / (1 + exp(-odds - log(source_weight)))
        why = f"matched: {', '.join(shared)}; date {known.subject.resolves_by}; source weight {source_weight:g}"
        return Ranked(known.subject.id, score, features, tuple(shared), why)

    def _features(self, known: Known, cosine: float, words: list[str], report: Report) -> Features:
        found = set(words)
        return Features(
            similarity=cosine,
            statement_share=self._share(known.statement, found),
            names_share=self._share(frozenset(known.names), found),
            other_place=known.is_other_place(found),
            other_time=known.is_other_time(found, report.published_on),
            lead_missing=known.is_lead_missing(found),
        )

    def _share(self, wanted: frozenset[str], found: set[str]) -> float:
        total = sum(map(self._frequencies.rarity, wanted))
        return sum(map(self._frequencies.rarity, wanted & found)) / total if total else 0.0

    def _postings(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """For each term where its run starts, and in the runs the predictions that hold it with their unit weights."""
        rows: list[tuple[int, int, float]] = []
        for place, known in enumerate(self._known):
            weights = self._vector(known.subject)
            length = sum(weight**2 for weight in weights.values()) ** 0.5
            rows += [
                (self._terms.setdefault(term, len(self._terms)), place, weight / length)
                for term, weight in weights.items()
            ]
        rows.sort()
        number = np.array([row[0] for row in rows], dtype=np.int64)
        starts = np.searchsorted(number, np.arange(len(self._terms) + 1))
        return starts, np.array([row[1] for row in rows], dtype=np.int64), np.array([row[2] for row in rows])

    def _vector(self, subject: Subject) -> dict[str, float]:
        counted: dict[str, float] = dict(Counter(terms(subject.statement)))
        for term, count in Counter(terms(subject.criteria)).items():
            counted[term] = counted.get(term, 0.0) + CRITERIA_WEIGHT * count
        return {term: log(1 + count) * self._frequencies.rarity(term) for term, count in counted.items()}
