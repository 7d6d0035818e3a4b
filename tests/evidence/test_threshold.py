"""The threshold learnt from editors, against scikit-learn's isotonic regression."""

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from forecasts.evidence.threshold import ENOUGH, LEAST, MOST, TARGET, learnt_threshold


def reviews(*groups: tuple[float, int, int]) -> list[tuple[float, bool]]:
    """(score, accepted, of how many) each."""
    return [(score, n < accepted) for score, accepted, of in groups for n in range(of)]


def test_it_works() -> None:
    assert learnt_threshold(reviews((0.3, 2, 20), (0.4, 5, 20), (0.5, 8, 20), (0.9, 18, 20))) == 0.5


def test_neighbours_that_fall_are_pooled() -> None:
    """6 of 20 at 0.4 and 2 of 20 at 0.5 are 8 of 40, under the target."""
    assert learnt_threshold(reviews((0.4, 6, 20), (0.5, 2, 20), (0.6, 9, 20))) == 0.6


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_first_score_at_which_another_library_reaches_the_target(seed: int) -> None:
    generator = np.random.default_rng(seed)
    score = generator.integers(150, 700, size=400) / 1000
    accepted = generator.random(400) < score**1.5
    fitted = IsotonicRegression().fit(score, accepted).predict(np.unique(score))
    expected = np.unique(score)[fitted >= TARGET - 1e-12][0]
    assert learnt_threshold(list(zip(score.tolist(), accepted.tolist(), strict=True))) == expected


def test_too_few_teach_nothing() -> None:
    assert learnt_threshold(reviews((0.5, 10, ENOUGH - 1))) is None
    assert learnt_threshold(reviews((0.5, 20, ENOUGH))) == 0.5
    assert learnt_threshold([]) is None


def test_it_stays_within_its_bounds() -> None:
    assert learnt_threshold(reviews((0.05, 50, 50))) == LEAST
    assert learnt_threshold(reviews((0.95, 50, 50))) == MOST
    assert learnt_threshold(reviews((0.4, 0, 50), (0.9, 0, 50))) == MOST


def test_a_score_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="p must"):
        learnt_threshold([(1.2, True)] * ENOUGH)
