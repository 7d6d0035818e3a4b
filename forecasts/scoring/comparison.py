"""Who is better, and how sure we are: paired differences, skill, ability against difficulty, ranks."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.scoring import checks
from forecasts.scoring.seeds import seed_of
from forecasts.scoring.special import normal_radius
from forecasts.scoring.uncertainty import cluster_bootstrap
from forecasts.scoring.values import Estimate, MurphyDifference, Place, Shrunk, Skill, TwoWay

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMMON_ENOUGH = 30
CONVERGED = 1e-12


def paired_difference(
    a: ArrayLike, b: ArrayLike, clusters: ArrayLike, weights: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Mean of a - b over forecasts of the same things at the same moments, with a cluster interval.

    All of shape (rows,); of losses, negative favours a. ValueError names the argument at fault.
    """
    first, second, weight = _paired(clusters, weights, a=a, b=b)
    return cluster_bootstrap((first - second) * weight, weight, clusters, level)


def _paired(clusters: ArrayLike, weights: ArrayLike | None, **given: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Two columns, called as they are given, and their weights."""
    first, second = (checks.finite(name, column) for name, column in given.items())
    weight = np.ones_like(first) if weights is None else checks.weights("weights", weights)
    named = dict(zip(given, (first, second), strict=True))
    checks.columns(**named, clusters=np.asarray(clusters), weights=weight)
    return first, second, weight


def skill(
    loss: ArrayLike, reference: ArrayLike, clusters: ArrayLike, weights: ArrayLike | None = None, level: float = 0.95
) -> Skill:
    """How much better than a reference that was available beforehand, over the same pieces and weights.

    Arguments as for `paired_difference`. The ratio is None where the reference lost nothing.
    """
    losses, costs, weight = _paired(clusters, weights, loss=loss, reference=reference)
    difference = cluster_bootstrap((costs - losses) * weight, weight, clusters, level)
    base = float(costs @ weight / weight.sum())
    return Skill(difference, difference.value / base if base else None)


def murphy_difference(
    a: ArrayLike,
    b: ArrayLike,
    y: ArrayLike,
    clusters: ArrayLike,
    thetas: ArrayLike,
    weights: ArrayLike | None = None,
    level: float = 0.9,
) -> MurphyDifference:
    """Murphy diagrams of two probabilities of the same things at the same moments, with a band of their difference.

    All but thetas of shape (rows,); elementary scores as in `murphy_diagram`. The band is pointwise: normal, with the
    error of the ratio of cluster sums by linearisation. Where it lies below 0 at every theta, a is better under every
    proper score as far as chance allows to say. Ehm et al. 2016, doi:10.1111/rssb.12154. ValueError names the argument
    at fault; two clusters at least.
    """
    first, second, weight = _paired(clusters, weights, a=checks.probabilities("a", a), b=checks.probabilities("b", b))
    happened, theta = checks.outcomes("y", y), checks.probabilities("thetas", thetas)
    checks.columns(a=first, y=happened)
    names, where = np.unique(np.asarray(clusters), return_inverse=True)
    if names.size < 2 or not weight.sum():
        raise ValueError("clusters must be at least two of positive weight")
    bottom = np.bincount(where, weight)
    means, errors = [], []
    for at in theta.ravel():
        costs = [weight * _elementary(p, happened, at) for p in (first, second)]
        ratio = float((costs[0] - costs[1]).sum() / weight.sum())
        spread = float(((np.bincount(where, costs[0] - costs[1]) - ratio * bottom) ** 2).sum())
        means.append([cost.sum() / weight.sum() for cost in costs])
        errors.append(np.sqrt(spread * names.size / (names.size - 1)) / weight.sum())
    (ours, theirs), reach = np.array(means).T, normal_radius(checks.level("level", level)) * np.array(errors)
    return MurphyDifference(theta, ours, theirs, ours - theirs - reach, ours - theirs + reach, level)


def _elementary(p: Floats, y: Ints, theta: float) -> Floats:
    above = p > theta + CONVERGED
    return np.asarray(np.where(y == 1, 2 * (1 - theta) * ~above, 2 * theta * above))


def earlier_base_rate(known_at: ArrayLike, y: ArrayLike, moments: ArrayLike) -> Floats:
    """The base rate that could be known at each moment: (yes + 1/2) / (all + 1) of what was resolved before it.

    known_at and y of shape (n,), moments of any shape, in one unit of time. 50 % before anything was resolved, and
    never certain: the mean under Jeffreys' prior. ValueError names the argument at fault.
    """
    times, outcomes = checks.finite("known_at", known_at), checks.outcomes("y", y)
    checks.columns(known_at=times, y=outcomes)
    order = np.argsort(times, kind="stable")
    yes = np.concatenate([[0], np.cumsum(outcomes[order])])
    before = np.searchsorted(times[order], checks.finite("moments", moments), side="left")
    return np.asarray((yes[before] + 0.5) / (before + 1))


def two_way(score: ArrayLike, forecaster: ArrayLike, prediction: ArrayLike) -> TwoWay:
    """Abilities and difficulties by least squares, so that nobody gains by choosing easy predictions; shape (rows,).

    A forecaster with fewer than 30 predictions in common with others is drawn towards 0 as if by the predictions that
    are missing to 30. Sparse normal equations, by conjugate gradients. ValueError, naming the parts, where forecasters
    fall into groups without a prediction in common.
    """
    scores = checks.finite("score", score)
    names, who = np.unique(np.asarray(forecaster), return_inverse=True)
    things, what = np.unique(np.asarray(prediction), return_inverse=True)
    checks.columns(1, score=scores, forecaster=who, prediction=what)
    _refuse_parts(who, what, names)
    ridge = np.maximum(0, COMMON_ENOUGH - _in_common(who, what, names.size))
    diagonal, count = (np.bincount(who) + ridge).astype(np.float64), np.bincount(what)

    def reduced(ability: Floats) -> Floats:
        """The normal equations of the abilities, with the difficulties eliminated."""
        expected = np.bincount(what, ability[who]) / count
        return np.asarray(diagonal * ability - np.bincount(who, expected[what]))

    target = np.bincount(who, scores - (np.bincount(what, scores) / count)[what]).astype(np.float64)
    # Where all did equally well only rounding is left, and it has no direction to go in.
    target[np.abs(target) <= CONVERGED * np.abs(scores).sum()] = 0.0
    ability = _conjugate_gradients(reduced, target, diagonal)
    ability -= ability.mean()
    difficulty = np.bincount(what, scores - ability[who]) / count
    return TwoWay(names, ability, things, difficulty)


def _refuse_parts(who: Ints, what: Ints, names: NDArray[np.generic]) -> None:
    part = np.arange(names.size)
    while True:
        reach = np.full(int(what.max()) + 1, names.size)
        np.minimum.at(reach, what, part[who])
        joined = part.copy()
        np.minimum.at(joined, who, reach[what])
        if np.array_equal(joined, part):
            break
        part = joined
    if np.any(part):
        parts = (", ".join(map(str, names[part == label])) for label in np.unique(part))
        raise ValueError(
            f"prediction must connect all forecasters; these parts have none in common: {' | '.join(parts)}"
        )


def _in_common(who: Ints, what: Ints, people: int) -> Ints:
    """How many predictions each forecaster shares with anybody else."""
    pairs = np.unique(np.stack([who, what]), axis=1)
    shared = np.bincount(pairs[1])[pairs[1]] > 1
    return np.bincount(pairs[0][shared], minlength=people)


def _conjugate_gradients(apply: Callable[[Floats], Floats], target: Floats, scale: Floats) -> Floats:
    """The x with apply(x) = target, for a symmetric map that `scale`, its diagonal, roughly describes."""
    x = np.zeros_like(target)
    residual = target
    direction = scaled = residual / scale
    size = first = float(residual @ scaled)
    for _ in range(10 * target.size):
        if size <= CONVERGED**2 * first:
            break
        image = apply(direction)
        step = size / float(direction @ image)
        x, residual = x + step * direction, residual - step * image
        scaled = residual / scale
        size, before = float(residual @ scaled), size
        direction = scaled + size / before * direction
    return x


def leaderboard(
    gain: ArrayLike,
    weights: ArrayLike,
    forecaster: ArrayLike,
    clusters: ArrayLike,
    level: float = 0.9,
    replicates: int = 1000,
    seed: int | None = None,
) -> tuple[Place, ...]:
    """Forecasters by weighted mean gain over a common reference, best first, with intervals of their ranks.

    All of shape (rows,), larger is better. Whole clusters are resampled for everybody at once. In a sample that holds
    nothing of a forecaster the forecaster keeps the overall value. Without a seed, one derived from the rows.
    """
    top, bottom, who, where, names = _gains(gain, weights, forecaster, clusters)
    checks.count("replicates", replicates)
    checks.level("level", level)
    value = np.bincount(who, top) / np.bincount(who, bottom)
    generator = np.random.Generator(np.random.PCG64(seed_of(top, bottom) if seed is None else seed))
    ranks = np.stack(list(_resampled_ranks(generator, replicates, top, bottom, who, where, value)))
    limits = np.quantile(ranks, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    rows = zip(names.tolist(), value.tolist(), _ranks(value).tolist(), *limits.astype(int).tolist(), strict=True)
    return tuple(sorted((Place(*row) for row in rows), key=lambda place: place.rank))


def _gains(
    gain: ArrayLike, weights: ArrayLike, forecaster: ArrayLike, clusters: ArrayLike
) -> tuple[Floats, Floats, Ints, Ints, NDArray[np.generic]]:
    """Weighted gains, weights, forecaster number and cluster number of rows, and the forecasters' names."""
    gains, weight = checks.finite("gain", gain), checks.weights("weights", weights)
    names, who = np.unique(np.asarray(forecaster), return_inverse=True)
    _, where = np.unique(np.asarray(clusters), return_inverse=True)
    checks.columns(1, gain=gains, weights=weight, forecaster=who, clusters=where)
    if np.any(np.bincount(who, weight) == 0):
        raise ValueError("weights must not all be 0 for a forecaster")
    return gains * weight, weight, who, where, names


def _resampled_ranks(
    generator: np.random.Generator, replicates: int, top: Floats, bottom: Floats, who: Ints, where: Ints, value: Floats
) -> Iterator[Ints]:
    clusters = int(where.max()) + 1
    for _ in range(replicates):
        times = np.bincount(generator.integers(clusters, size=clusters), minlength=clusters)[where]
        weight = np.bincount(who, bottom * times)
        seen = weight > 0
        yield _ranks(np.where(seen, np.bincount(who, top * times) / np.where(seen, weight, 1), value))


def _ranks(value: Floats) -> Ints:
    """1 for the largest; equal values share the best of their ranks."""
    rounded = np.round(value, 12)
    return value.size - np.searchsorted(np.sort(rounded), rounded, side="right") + 1


def shrunk(values: ArrayLike, errors: ArrayLike) -> Shrunk:
    """Empirical-Bayes estimates of values with standard errors, shape (n,): what to expect of each next time.

    Normal within and between; the spread between by moments, 0 where the errors explain all differences. DerSimonian &
    Laird 1986, doi:10.1016/0197-2456(86)90046-2. ValueError unless every error is positive and there are two values.
    """
    x, error = checks.finite("values", values), checks.finite("errors", errors)
    checks.columns(2, values=x, errors=error)
    checks.refuse("errors", error, error <= 0, "be positive")
    precision = error**-2
    total = precision.sum()
    heterogeneity = precision @ (x - precision @ x / total) ** 2
    between = max(0.0, (heterogeneity - (x.size - 1)) / (total - precision @ precision / total))
    weight = 1 / (error**2 + between)
    mean = float(weight @ x / weight.sum())
    return Shrunk(mean + between * weight * (x - mean), mean, float(np.sqrt(between)))
