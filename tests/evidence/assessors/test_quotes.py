"""Quotes are found word for word, whatever became of spaces and compatibility characters."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.evidence.assessors.quotes import comparable, find_quote, is_long_enough

TEXT = "First.\n\nThe  ﬁnal\u00a0rule was adopt\u200bed in the Café\u0301 on\n3 May 2026, said Zoe\u0308. It stands."


def found(quote: str, text: str = TEXT) -> str | None:
    place = find_quote(quote, text, comparable(text))
    if place is None:
        return None
    assert text[place.start : place.end] == place.text
    return place.text


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("The final rule was adopted in the", "The  ﬁnal\u00a0rule was adopt\u200bed in the"),
        ("  on 3 May\t2026, said Zoë. ", "on\n3 May 2026, said Zoe\u0308."),
        ("First. The", "First.\n\nThe"),
        ("the final rule", None),
        ("The final rules", None),
        ("nal rule was", None),
        ("The final rul", None),
        ("said Zoe", None),
        ("3 May 2026 said", None),
        (" \u200b ", None),
        ("", None),
    ],
)
def test_it_works(quote: str, there: str | None) -> None:
    assert found(quote) == there


def test_a_later_place_is_found_when_the_first_is_inside_a_word() -> None:
    text = "cannot be so; it can not"
    place = find_quote("not", text, comparable(text))
    assert place is not None
    assert place.start == 21


def test_it_is_found_where_words_have_no_spaces() -> None:
    assert found("当局は規則を採択", "報道によると当局は規則を採択した。") == "当局は規則を採択"


@pytest.mark.parametrize(
    ("quote", "enough"),
    [
        ("The rule was adopted today", True),
        ("The rule was adopted now", False),
        ("The-rule-was-adopted-today", True),
        ("Watermarkingregulationadopted today", False),
        ("The rule was      \u200b\u200b    adopted", False),
        ("- - - - - - - - - - - - - - - - - -", False),
        ("当局は本日、透かしに関する拘束力のある規則を正式に採択した", True),
        ("当局は規則を採択した", False),
    ],
)
def test_what_would_be_found_by_chance_is_too_short(quote: str, enough: bool) -> None:
    assert is_long_enough(quote) is enough


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=60))
def test_any_piece_between_spaces_is_found(before: str, piece: str, after: str) -> None:
    text = f"{before} {piece} {after}"
    wanted = comparable(piece).text
    if wanted and not unicodedata.combining(wanted[0]):  # a mark belongs to what stands before it
        place = find_quote(piece, text, comparable(text))
        assert place is not None
        assert comparable(place.text).text == wanted


@given(st.text(max_size=80))
def test_both_ways_of_writing_a_text_compare_equal(text: str) -> None:
    assert comparable(unicodedata.normalize("NFC", text)).text == comparable(unicodedata.normalize("NFD", text)).text


def test_towers_of_marks_take_no_time() -> None:
    began = time.monotonic()
    comparable("e" + "\u0301\u0323" * 24_000)
    assert time.monotonic() - began < 1
