import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring import rules
from forecasts.scoring.rules import LOG_LOSS_NANO, TICKS, brier_numerator, log_loss_nano, options_to_ticks, to_ticks


def test_it_works() -> None:
    assert to_ticks(0.7) == 7_000
    assert to_ticks([0, 0.31506042899461806, 1]).tolist() == [0, 3_151, 10_000]


def test_a_scalar_gives_a_plain_int() -> None:
    assert type(to_ticks(np.float64(0.25))) is int


@given(st.integers(0, TICKS - 1))
def test_decimal_ties_go_to_the_even_tick(tick: int) -> None:
    tie = float(f"0.{tick:04d}5")

    assert to_ticks(tie) == tick + tick % 2


@given(st.integers(0, TICKS))
def test_a_tick_survives_the_way_there_and_back(tick: int) -> None:
    assert to_ticks(tick / TICKS) == tick


@pytest.mark.parametrize("bad", [-0.0001, 1.0001, math.nan, math.inf, -math.inf, "often", [0.5, math.nan]])
def test_what_is_no_probability_is_refused_by_name(bad: object) -> None:
    with pytest.raises(ValueError, match=r"^p must"):
        to_ticks(bad)  # type: ignore[call-overload]


def test_thirds_give_the_spare_tick_to_the_first() -> None:
    assert options_to_ticks([1 / 3, 1 / 3, 1 / 3]).tolist() == [3_334, 3_333, 3_333]


def test_spare_ticks_of_many_equal_options_go_to_the_first_of_them() -> None:
    # 60 x 166 = 9,960: 40 to spare.
    assert options_to_ticks([1 / 60] * 60).tolist() == [167] * 40 + [166] * 20


def test_the_spare_tick_goes_to_the_largest_remainder() -> None:
    assert options_to_ticks([0.33331, 0.33333, 0.33336]).tolist() == [3_333, 3_333, 3_334]


@given(st.lists(st.integers(0, 1_000_000), min_size=2, max_size=100).filter(any))
def test_options_always_sum_to_exactly_ten_thousand_and_move_by_less_than_a_tick(weights: list[int]) -> None:
    p = np.array(weights) / sum(weights)

    ticks = options_to_ticks(p)

    assert ticks.sum() == TICKS
    assert np.all(np.abs(ticks - p * TICKS) < 1 + 1e-6)


def test_rows_of_options_are_rounded_one_by_one() -> None:
    table = [[0.5, 0.25, 0.25], [1 / 3, 1 / 3, 1 / 3]]

    assert options_to_ticks(table).tolist() == [options_to_ticks(row).tolist() for row in table]


@pytest.mark.parametrize("bad", [[0.5, 0.4], [1.0], 1.0, [0.7, 0.4, -0.1], [[0.5, 0.5], [0.5]], [math.nan, 1]])
def test_options_that_are_no_distribution_are_refused_by_name(bad: object) -> None:
    with pytest.raises(ValueError, match=r"^p must"):
        options_to_ticks(bad)  # type: ignore[arg-type]


def test_brier_numerators_are_exact() -> None:
    assert (brier_numerator(7_000, 1), brier_numerator(7_000, 0)) == (3_000**2, 7_000**2)


def test_brier_and_log_score_by_hand() -> None:
    assert rules.brier([0.7, 0.2], [1, 0]).tolist() == pytest.approx([0.3**2, 0.2**2])
    assert rules.log_score([0.7, 0.2], [1, 0]).tolist() == pytest.approx([-math.log(0.7), -math.log(0.8)])
    assert rules.log_score(0, 1) == math.inf


@pytest.mark.parametrize("bad", [0.5, 2, -1, math.nan])
def test_an_outcome_that_is_neither_yes_nor_no_is_refused_by_name(bad: float) -> None:
    with pytest.raises(ValueError, match=r"^y must"):
        rules.brier(0.5, bad)


def test_the_table_of_log_losses_equals_40_digit_arithmetic_and_is_nowhere_near_a_rounding_tie() -> None:
    with localcontext(prec=40):
        exact = [-(Decimal(tick) / TICKS).ln() * rules.NANO for tick in range(1, TICKS)]

    assert LOG_LOSS_NANO[1, 1:TICKS].tolist() == [int(value.to_integral_value()) for value in exact]
    assert min(abs(value % 1 - Decimal("0.5")) for value in exact) > Decimal("1e-5")


@given(st.integers(0, TICKS))
def test_log_losses_are_clipped_and_symmetric(tick: int) -> None:
    assert log_loss_nano(tick, 1) == log_loss_nano(TICKS - tick, 0)
    assert log_loss_nano(0, 1) == log_loss_nano(1, 1) == round(rules.NANO * math.log(10_000))
