"""Lines of text, measured in letters."""

import doctest

import pytest

from forecasts.language import wrapping
from forecasts.language.wrapping import fits, wrapped


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("", 5, 2, ()),
        ("one two", 7, 2, ("one two",)),
        ("one two", 6, 2, ("one", "two")),
        ("abcdefgh", 3, 9, ("abc", "def", "gh")),
        ("a bcdefg h", 3, 9, ("a", "bcd", "efg", "h")),
        ("abcdefgh", 3, 2, ("abc", "de…")),
        ("ab", 0.5, 9, ("a", "b")),  # one letter at least, however narrow the line
        ("one two three", 5, 1, ("one…",)),
        ("a\n b\t c", 5, 1, ("a b c",)),
    ],
)
def test_it_works(text: str, width: float, most: int, lines: tuple[str, ...]) -> None:
    assert wrapped(text, width, most, len) == lines


def test_what_fits_is_not_cut() -> None:
    assert fits("one two", 3, 2, len)
    assert not fits("one two", 3, 1, len)
    assert "…" not in "".join(wrapped("one two", 3, 2, len))


def test_the_examples_hold() -> None:
    assert doctest.testmod(wrapping).failed == 0


def test_a_figure_and_its_unit_stay_on_one_line() -> None:
    assert wrapped("happened 70\u00a0% of times", 11, 5, len) == ("happened", "70\u00a0% of", "times")
