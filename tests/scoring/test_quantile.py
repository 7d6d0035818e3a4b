from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring.distributions import Point, quantile

INFINITY = Decimal("Infinity")


def cdf(*points: tuple[float, int]) -> list[Point]:
    return [(Decimal(str(x)), tick) for x, tick in points]


def test_it_works() -> None:
    points = cdf((0, 0), (100, 4_000), (150, 9_000), (200, 10_000))

    assert quantile(points, 4_000) == 100
    assert quantile(points, 5_000) == 100 + Decimal(50) * 1_000 / 5_000
    assert quantile(points, 10_000) == 200


def test_a_point_mass_holds_every_level_within_its_jump() -> None:
    points = cdf((0, 0), (10, 2_000), (10, 7_000), (20, 10_000))

    assert [quantile(points, level) for level in (2_000, 2_001, 7_000)] == [10, 10, 10]
    assert quantile(points, 8_500) == 15


def test_where_nothing_is_said_the_smallest_x_is_meant() -> None:
    assert quantile(cdf((0, 0), (10, 5_000), (20, 5_000), (30, 10_000)), 5_000) == 10


def test_what_lies_beyond_the_points_is_infinitely_far() -> None:
    points = [(-INFINITY, 1_000), *cdf((0, 1_000), (10, 6_000))]

    assert quantile(points, 1_000) == -INFINITY
    assert quantile(points, 3_500) == 5
    assert quantile(points, 6_001) == INFINITY


ticks = st.integers(0, 10_000)
heights = st.lists(ticks, min_size=2, max_size=20).map(sorted)


@given(heights, st.lists(st.integers(-1_000, 1_000), min_size=20, max_size=20).map(sorted), st.integers(1, 10_000))
def test_the_cdf_there_has_just_reached_the_level(heights: list[int], places: list[int], level: int) -> None:
    points = [(Decimal(x), tick) for x, tick in zip(places, heights, strict=False)]

    found = quantile(points, level)

    if found == INFINITY:
        assert heights[-1] < level
    else:
        assert lower(points, Fraction(found)) - Fraction(1, 10**18) <= level
        assert level <= upper(points, Fraction(found)) + Fraction(1, 10**18)


def lower(points: list[Point], x: Fraction) -> Fraction:
    """The CDF just below x."""
    return _height([p for p in points if Fraction(p[0]) < x], [p for p in points if Fraction(p[0]) >= x], x)


def upper(points: list[Point], x: Fraction) -> Fraction:
    """The CDF at x."""
    return _height([p for p in points if Fraction(p[0]) <= x], [p for p in points if Fraction(p[0]) > x], x)


def _height(before: list[Point], after: list[Point], x: Fraction) -> Fraction:
    if not before:
        return Fraction(0)
    (left, low), (right, high) = before[-1], after[0] if after else (before[-1][0] + 1, before[-1][1])
    return low + (high - low) * (x - Fraction(left)) / (Fraction(right) - Fraction(left))


@pytest.mark.parametrize(
    ("points", "level", "named"), [([], 5_000, "points"), (cdf((0, 5)), 0, "level"), (cdf((0, 5)), 10_001, "level")]
)
def test_what_has_no_quantile_is_refused(points: list[Point], level: int, named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} must"):
        quantile(points, level)
