"""What the pooled time average rewards. Yes arrives at a constant rate, so that it can come early and no cannot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from forecasts.scoring.rules import brier_numerator
from forecasts.scoring.sweep import shares
from forecasts.scoring.timeline import Issued, Window, pieces, standing_weight

STEPS = 100
SETS = 100
LENGTH = STEPS * 1_000_000
SHIFTS = np.linspace(-0.2, 0.2, 41)


def losses(rate: float, joins: float, leaves: float, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Weight x Brier score of each prediction, for each shift of the honest forecast in logits; and its weight.

    Arrival times are the quantiles of their distribution, dealt at random to the sets, which leaves next to no noise.
    """
    generator = np.random.default_rng(seed)
    arrival = -np.log1p(-(np.arange(100 * SETS) + 0.5) / (100 * SETS)) / rate
    generator.shuffle(arrival)
    yes = arrival < 1
    ends = np.minimum(arrival, leaves) * LENGTH
    edges = np.linspace(0, LENGTH, STEPS + 1)
    passed = np.clip(edges, joins * LENGTH, np.maximum(ends, joins * LENGTH)[:, None]).astype(np.int64)
    weight = np.diff(shares(passed, np.zeros_like(passed), np.full_like(passed, LENGTH)), axis=1)
    honest = -np.expm1(-rate * (1 - (np.arange(STEPS) + 0.5) / STEPS))
    stated = 1 / (1 + np.exp(-np.log(honest / (1 - honest)) - SHIFTS[:, None]))
    return np.where(yes, (1 - stated) ** 2 @ weight.T, stated**2 @ weight.T), weight.sum(axis=1)


@pytest.mark.parametrize(("joins", "leaves"), [(0, 1), (0.5, 1), (0.9, 1), (0, 0.2), (0, 0.5)])
@pytest.mark.parametrize("rate", [0.3, 1.5])
def test_honesty_is_optimal_whenever_one_joins_and_leaves(rate: float, joins: float, leaves: float) -> None:
    """In sets of 100 predictions, pooled."""
    loss, stood = losses(rate, joins, leaves, seed=1)
    pooled = loss.reshape(SHIFTS.size, SETS, 100).sum(axis=2) / stood.reshape(SETS, 100).sum(axis=1)

    assert abs(SHIFTS[np.argmin(pooled.mean(axis=1))]) <= 0.03 + 1e-9


@pytest.mark.parametrize("rate", [0.3, 1.5])
def test_the_mean_of_each_predictions_own_average_would_pay_for_shading_to_yes(rate: float) -> None:
    """An early yes would count as much as a no that stood throughout. That is why averages are pooled."""
    loss, stood = losses(rate, joins=0, leaves=1, seed=1)

    assert SHIFTS[np.argmin((loss / stood).mean(axis=1))] > 0.1


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 120), st.integers(1, 120)), min_size=1, max_size=8),
    st.integers(0, 10_000),
)
def test_a_constant_loss_gives_exactly_that_rate_whatever_the_entries_and_exits(
    stays: list[tuple[int, int, int]], tick: int
) -> None:
    numerator = weight = 0
    for joins, known_at, leaves in stays:
        rows = [Issued(joins, joins, 1, tick, "stated"), Issued(leaves, leaves, 2, None, "stated")]
        stood = pieces(rows, Window(0, 100, known_at))
        numerator += sum(piece.weight * brier_numerator(piece.tick, 1) for piece in stood)
        weight += standing_weight(stood)

    assert numerator == weight * (10_000 - tick) ** 2
