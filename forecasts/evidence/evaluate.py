"""How well matching does on a labelled set: every figure with its n and an interval.

An alert is a prediction shown for an item: score at the threshold or above, three per item at most. Relevant is every
label but `unrelated`. A pair of an item and a prediction that no line labels counts as unrelated.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.evidence.labelled import LabelledItem, LabelledSet, Split
from forecasts.evidence.ranking import PER_ITEM, THRESHOLD, Index, Meaning, Ranked
from forecasts.evidence.stance import stance
from forecasts.evidence.subjects import read_subject
from forecasts.evidence.words import Frequencies, terms
from forecasts.scoring import cluster_bootstrap, wilson
from forecasts.scoring.uncertainty import FEWEST_CLUSTERS

RECALL_WANTED = 0.8
REPLICATES = 1000
SEED = 1

Pair = tuple[float, bool]


@dataclass(frozen=True)
class Figure:
    """A value with its 95 % interval; `n` counts what `of` names. None where the set holds nothing to count."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    of: str


@dataclass(frozen=True)
class Placed:
    """A labelled item, the prediction of its line and where the ranking put it."""

    own: str
    item: LabelledItem
    ranked: tuple[Ranked, ...]
    threshold: float = THRESHOLD

    @property
    def alerts(self) -> tuple[Ranked, ...]:
        return alerts(self.ranked, self.threshold)

    @property
    def own_score(self) -> float:
        """Score of its own prediction, 0 when it was not ranked."""
        return next((one.score for one in self.ranked if one.id == self.own), 0.0)

    @property
    def reciprocal_rank(self) -> float:
        places = [place for place, one in enumerate(self.ranked, 1) if one.id == self.own]
        return 1 / places[0] if places else 0.0


def alerts(ranked: Sequence[Ranked], threshold: float) -> tuple[Ranked, ...]:
    """What is shown of a ranking."""
    return tuple(one for one in ranked[:PER_ITEM] if one.score >= threshold)


def average_precision(pairs: Sequence[Pair], missed: int = 0) -> float:
    """Mean precision at each relevant pair, by falling score, equal scores taken together; 0 without relevant ones.

    `missed` relevant pairs that were never ranked count with precision 0.
    """
    score = np.array([pair[0] for pair in pairs])
    relevant = np.array([pair[1] for pair in pairs], dtype=float)
    order = np.argsort(-score, kind="stable")
    if not pairs:
        return 0.0
    last = np.append(np.diff(score[order]) != 0, True)
    hits, seen = np.cumsum(relevant[order])[last], np.flatnonzero(last) + 1
    total = relevant.sum() + missed
    return float((np.diff(hits, prepend=0) * hits / seen).sum() / total) if total else 0.0


def evaluate(data: LabelledSet, split: Split = "all", meaning: Meaning | None = None) -> tuple[Figure, ...]:
    """All figures of one half, or of everything, by words or with `meaning`. Every prediction competes in each half."""
    index = Index((case.subject for case in data.cases), seen_in(data), meaning)
    placed = [
        Placed(case.subject.id, item, index.rank(item.report), index.threshold) for case, item in data.items_of(split)
    ]
    background = [index.rank(report) for report in data.background_of(split)]
    noise = [alerts(ranked, index.threshold) for ranked in background]
    resolving = [one for one in placed if one.item.is_resolving]
    return (
        *_alerting(placed, resolving, noise),
        _mean("R@1", resolving, lambda one: one.reciprocal_rank == 1),
        _mean("R@3", resolving, lambda one: one.reciprocal_rank >= 1 / 3),
        _mean("MRR", resolving, lambda one: one.reciprocal_rank),
        _average_precision("AP", placed, background, lambda one: one.item.is_relevant, "relevant items"),
        _average_precision("AP, resolving", placed, background, lambda one: one.item.is_resolving, "resolving items"),
        _alerts_per_1000(resolving, background),
        *_abstention(placed, noise),
        *_stances(data, placed),
    )


def seen_in(data: LabelledSet) -> Frequencies:
    """Frequencies as after reading everything once: labels play no part in it."""
    reports = [*(item.report for case in data.cases for item in case.items), *data.background]
    documents = [terms(f"{report.title}\n{report.text}") for report in reports]
    return Frequencies().grown(
        [*documents, *(terms(f"{c.subject.statement} {c.subject.criteria}") for c in data.cases)]
    )


def _alerting(
    placed: Sequence[Placed], resolving: Sequence[Placed], noise: Sequence[tuple[Ranked, ...]]
) -> tuple[Figure, ...]:
    right = [(one.own, one.item.is_relevant and hit.id == one.own) for one in placed for hit in one.alerts]
    right += [(f"background {place}", False) for place, shown in enumerate(noise) for _ in shown]
    relevant = [one for one in placed if one.item.is_relevant]
    return (
        _clustered("precision", [value for _, value in right], [own for own, _ in right], "alerts"),
        _mean("recall", relevant, _is_found, "relevant items"),
        _mean("recall, resolving", resolving, _is_found),
    )


def _is_found(one: Placed) -> bool:
    return any(hit.id == one.own for hit in one.alerts)


def _average_precision(
    name: str,
    placed: Sequence[Placed],
    background: Sequence[tuple[Ranked, ...]],
    is_wanted: Callable[[Placed], bool],
    of: str,
) -> Figure:
    """With the interval of a bootstrap over predictions; the background stays as it is."""
    ranked: dict[str, list[Pair]] = defaultdict(list)
    missed: dict[str, int] = defaultdict(int)
    for one in placed:
        ranked[one.own] += [(hit.score, hit.id == one.own and is_wanted(one)) for hit in one.ranked]
        missed[one.own] += is_wanted(one) and one.own_score == 0
    wanted = sum(map(is_wanted, placed))
    if not wanted:
        return Figure(name, None, None, None, 0, of)
    noise = [(hit.score, False) for ranking in background for hit in ranking]

    def of_these(owns: Sequence[str]) -> float:
        return average_precision(
            [pair for own in owns for pair in ranked[own]] + noise, sum(missed[own] for own in owns)
        )

    owns = list(ranked)
    value = of_these(owns)
    draws = np.random.default_rng(SEED).integers(len(owns), size=(REPLICATES, len(owns)))
    values = [of_these([owns[place] for place in draw]) for draw in draws]
    low, high = np.quantile(values, [0.025, 0.975]).tolist()
    return Figure(name, value, low, high, wanted, of)


def _alerts_per_1000(resolving: Sequence[Placed], background: Sequence[tuple[Ranked, ...]]) -> Figure:
    """At the highest threshold that alerts four of five resolving items to their own prediction."""
    name, of = "alerts per 1,000 background items at 80 % recall", "background items"
    scores = sorted((one.own_score if one.reciprocal_rank >= 1 / PER_ITEM else 0.0) for one in resolving)
    # Whole items: of 10, two may be missed.
    threshold = scores[int(len(scores) * (1 - RECALL_WANTED) + 1e-9)] if scores else 0.0
    if not background or not threshold:
        return Figure(name, None, None, None, len(background), of)
    count, n = sum(len(alerts(ranked, threshold)) for ranked in background), len(background)
    interval = wilson(min(count, n), n)
    return Figure(name, 1000 * count / n, 1000 * interval.low, 1000 * interval.high, n, of)


def _abstention(placed: Sequence[Placed], noise: Sequence[tuple[Ranked, ...]]) -> tuple[Figure, ...]:
    silent = [float(not shown) for shown in noise]
    return (
        _mean("abstention on relevant items", [one for one in placed if one.item.is_relevant], _is_silent, "items"),
        _mean("abstention on hard negatives", [one for one in placed if not one.item.is_relevant], _is_silent, "items"),
        _clustered("abstention on background", silent, range(len(silent)), "items"),
    )


def _is_silent(one: Placed) -> bool:
    return not one.alerts


def _stances(data: LabelledSet, placed: Sequence[Placed]) -> tuple[Figure, ...]:
    """Does the order put resolving items before the others of their prediction, and whom do the warnings hit?"""
    known = {case.subject.id: read_subject(case.subject) for case in data.cases}
    found = [(one, stance(known[one.own], one.item.report)) for one in placed]
    orders: dict[str, list[tuple[bool, int]]] = defaultdict(list)
    for one, said in found:
        orders[one.own].append((one.item.is_resolving, said.order))
    pairs = [
        (own, (mine > other) + (mine == other) / 2)
        for own, rows in orders.items()
        for is_resolving, mine in rows
        if is_resolving
        for other in (order for resolves, order in rows if not resolves)
    ]
    warned = [(one, bool(said.warnings) and not said.is_late) for one, said in found]
    return (
        _clustered("resolving read before others", [value for _, value in pairs], [own for own, _ in pairs], "pairs"),
        *(
            _clustered(f"warnings on {name}", [hit for one, hit in rows], [one.own for one, _ in rows], "items")
            for name, rows in (
                ("resolving items", [row for row in warned if row[0].item.is_resolving]),
                ("hard negatives", [row for row in warned if not row[0].item.is_relevant]),
            )
        ),
    )


def _mean(name: str, rows: Sequence[Placed], value: Callable[[Placed], float], of: str = "resolving items") -> Figure:
    return _clustered(name, [float(value(one)) for one in rows], [one.own for one in rows], of)


def _clustered(name: str, values: Sequence[float], clusters: ArrayLike, of: str) -> Figure:
    """A mean with an interval over clusters: Wilson's with their rate where they are few, or all values 0 or all 1."""
    n = len(values)
    if not n:
        return Figure(name, None, None, None, 0, of)
    names = np.unique(np.asarray(clusters))
    value = float(np.mean(np.asarray(values, dtype=float)))
    if len(names) < FEWEST_CLUSTERS or value in (0.0, 1.0):
        interval = wilson(min(1.0, value) * len(names), len(names))
        return Figure(name, value, interval.low, interval.high, n, of)
    estimate = cluster_bootstrap(values, np.ones(n), clusters, bounds=(0.0, max(1.0, float(max(values)))))
    return Figure(name, value, estimate.interval.low, estimate.interval.high, n, of)
