import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring.monitor import SHARPEST_AT, confidence_sequence, e_process

chances = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=5)


@given(chances)
def test_under_calibration_the_expected_evidence_is_always_one(p: list[float]) -> None:
    """Over every sequence of outcomes, weighed by its probability: the whole guarantee rests on this."""
    expected = np.zeros(len(p))
    for y in product([0, 1], repeat=len(p)):
        probability = math.prod(q if happened else 1 - q for q, happened in zip(p, y, strict=True))
        expected += probability * 10 ** e_process(p, y).log10

    assert expected.tolist() == pytest.approx([1] * len(p))


def test_calibrated_forecasters_seldom_raise_the_alarm_however_often_one_looks() -> None:
    generator = np.random.default_rng(1)
    alarms = 0
    for _ in range(200):
        p = generator.uniform(0.02, 0.98, 300)
        alarms += e_process(p, (generator.random(300) < p).astype(int)).alarm is not None

    assert alarms / 200 <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 200)


@pytest.mark.parametrize(("shift", "slope"), [(0.8, 1.0), (-0.8, 1.0), (0.0, 0.4), (0.0, 2.5)])
def test_shifts_and_wrong_slopes_are_found_out(shift: float, slope: float) -> None:
    generator = np.random.default_rng(2)
    p = generator.uniform(0.1, 0.9, 500)
    truth = 1 / (1 + np.exp(-(shift + slope * np.log(p / (1 - p)))))
    result = e_process(p, (generator.random(500) < truth).astype(int))

    assert result.alarm is not None
    assert result.log10[result.alarm] >= math.log10(20) > result.log10[: result.alarm].max()


def test_certainty_gone_wrong_is_strong_but_finite_evidence() -> None:
    result = e_process([1.0, 0.0], [0, 1])

    assert np.all(np.isfinite(result.log10))
    assert result.alarm == 0


def test_no_outcomes_are_no_evidence() -> None:
    assert e_process([], []).alarm is None


def test_a_confidence_sequence_by_hand() -> None:
    doubt = 2 * math.log(1 / 0.05)
    prior = SHARPEST_AT / (doubt + math.log(1 + doubt))
    radius = math.sqrt((400 + prior) * (math.log((400 + prior) / prior) + doubt)) / 400

    result = confidence_sequence(np.tile([0.3, -0.1], 200), bound=1)

    assert result.mean[-1] == pytest.approx(0.1)
    assert (result.low[-1], result.high[-1]) == pytest.approx((0.1 - radius, 0.1 + radius))


def test_the_sequence_scales_with_its_bound() -> None:
    small = confidence_sequence(np.full(50, 0.1), bound=1)
    large = confidence_sequence(np.full(50, 10), bound=100)

    assert large.low.tolist() == pytest.approx((100 * small.low).tolist())


def test_all_intervals_of_a_sequence_hold_together() -> None:
    generator = np.random.default_rng(3)
    draws = np.where(generator.random((400, 800)) < 0.6, 1.0, -1.0)  # the widest that the bound allows; mean 0.2
    held = [np.all((cs.low <= 0.2) & (cs.high >= 0.2)) for cs in (confidence_sequence(row, bound=1) for row in draws)]

    assert np.mean(held) >= 0.95 - 2 * math.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize(
    ("values", "bound", "level", "named"),
    [
        ([[1.0]], 1, 0.95, "differences"),
        ([math.nan], 1, 0.95, "differences"),
        ([1.1], 1, 0.95, "bound"),
        ([0.0], 0, 0.95, "bound"),
        ([0.0], 1, 1, "level"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(values: list[float], bound: float, level: float, named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} must"):
        confidence_sequence(values, bound, level)
    with pytest.raises(ValueError, match=r"^p and y must"):
        e_process([0.5], [1, 0])
