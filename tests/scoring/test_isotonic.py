"""Pooling, held to a textbook pass over one value at a time in exact fractions."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring.isotonic import INT64_SAFE, pool

Row = tuple[int, int]


def textbook(rows: list[Row]) -> list[Row]:
    """(weight, yes) of the blocks: each new value swallows the blocks before it that are not lower."""
    blocks: list[Row] = []
    for weight, yes in rows:
        while blocks and Fraction(blocks[-1][1], blocks[-1][0]) >= Fraction(yes, weight):
            before = blocks.pop()
            weight, yes = weight + before[0], yes + before[1]
        blocks.append((weight, yes))
    return blocks


def pooled(rows: list[Row], columns: int) -> list[Row]:
    weight, yes = np.array(rows, dtype=np.int64).T
    _, block_weight, block_yes = pool(weight, yes, columns)
    return list(zip(block_weight.tolist(), block_yes.tolist(), strict=True))


def rows(largest: int) -> st.SearchStrategy[Row]:
    return st.integers(1, largest).flatmap(lambda weight: st.tuples(st.just(weight), st.integers(0, weight)))


def samples(largest: int) -> st.SearchStrategy[list[Row]]:
    return st.lists(rows(largest), min_size=1, max_size=30)


def test_it_works() -> None:
    # 2/4 and 2/5 fall and become 4/9; 1/1 stays.
    assert pooled([(4, 2), (5, 2), (1, 1)], columns=3) == [(9, 4), (1, 1)]


@given(samples(5))
def test_small_samples_agree_with_the_textbook(sample: list[Row]) -> None:
    assert pooled(sample, columns=len(sample)) == textbook(sample)


@given(samples(10**15))
def test_samples_whose_products_do_not_fit_64_bits_agree_with_the_textbook(sample: list[Row]) -> None:
    assert pooled(sample, columns=len(sample)) == textbook(sample)


@given(st.integers(INT64_SAFE, 10**17), st.lists(st.integers(-2, 2), min_size=2, max_size=20))
def test_rates_that_no_float_tells_apart_are_told_apart(weight: int, steps: list[int]) -> None:
    sample = [(weight + i % 3, weight // 2 + step) for i, step in enumerate(steps)]

    assert pooled(sample, columns=len(sample)) == textbook(sample)


def test_a_millionth_of_a_millionth_of_a_millionth_is_enough_to_fall_or_to_rise() -> None:
    half = 10**17

    assert pooled([(2 * half, half), (2 * half, half + 1)], columns=2) == [(2 * half, half), (2 * half, half + 1)]
    assert pooled([(2 * half, half + 1), (2 * half, half)], columns=2) == [(4 * half, 2 * half + 1)]


@given(st.lists(st.lists(rows(3), min_size=4, max_size=4), min_size=1, max_size=6))
def test_no_block_crosses_from_one_sample_into_the_next(many: list[list[Row]]) -> None:
    assert pooled([row for sample in many for row in sample], columns=4) == [
        block for sample in many for block in textbook(sample)
    ]
