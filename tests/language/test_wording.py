"""Probabilities read from words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.language.wording import _EXPRESSION, TABLE, TABLE_VERSION, Entry, imply


def test_it_works() -> None:
    sentence = "China will mandate watermarking by 2027."
    implied = imply(sentence)
    assert implied is not None
    assert (implied.expression, implied.tick, implied.table_version) == ("will", 9300, TABLE_VERSION)
    assert sentence[implied.start : implied.end] == "will"
    assert implied.rule == (
        "“will” is read as a probability of 93 % that it happens (wording table 2026-11, “will”; ours: a flat promise "
        "names no doubt, so it is put at Kent's almost certain, not at certain)."
    )


def test_the_table_has_at_least_eighty_different_expressions() -> None:
    assert len({entry.expression for entry in TABLE}) == len(TABLE) >= 80


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.expression)
def test_every_entry_of_the_table_is_read_as_itself(entry: Entry) -> None:
    implied = imply(f"The Senate {entry.expression} pass.")
    assert implied is not None
    assert (implied.expression, implied.tick) == (entry.expression, entry.tick)


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.expression)
def test_every_entry_has_a_tick_inside_the_scale_and_a_source(entry: Entry) -> None:
    assert 100 <= entry.tick <= 9900
    assert entry.source.startswith(("Kent 1964", "ICD 203", "Mauboussin & Mauboussin 2018", "ours: "))


@pytest.mark.parametrize(
    ("sentence", "expression"),
    [
        ("The EU will not act.", "will not"),
        ("The EU won't act.", "will not"),
        ("The EU won’t act.", "will not"),
        ("They'll almost certainly win.", "will almost certainly"),
        ("The US will almost certainly not sign.", "will almost certainly not"),
        ("The bill is very unlikely to pass.", "is very unlikely to"),
        ("Rates are likely to fall.", "is likely to"),
        ("Rates seem likely to fall.", "is likely to"),
        ("They're likely to win.", "is likely to"),
        ("Prices aren't expected to rise.", "is not expected to"),
        ("The Fed will, most likely, cut.", "will most likely"),
        ("It is likely that the Fed will cut.", "it is likely that"),
        ("There is a real possibility of war.", "there is a real possibility that"),
        ("The court is set to rule.", "is set to"),
        ("Iran can't agree.", "cannot"),
        ("In May it may rain.", "may"),
        ("Will Smith might win.", "might"),
        ("It is more likely to fail, but the EU will try.", "will"),
        ("Apple plans to launch, and may delay.", "plans to"),
    ],
)
def test_the_first_and_longest_expression_counts(sentence: str, expression: str) -> None:
    implied = imply(sentence)
    assert implied is not None
    assert implied.expression == expression


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Apple launched a phone.",
        "It is by no means likely.",
        "The EU is set not to act.",
        "It could not pass.",
        "goodwill",
        "military might",
    ],
)
def test_no_words_of_the_table_or_an_unknown_negation_imply_nothing(sentence: str) -> None:
    assert imply(sentence) is None


@pytest.mark.parametrize(
    ("expression", "negated"),
    [
        ("will", "will not"),
        ("is expected to", "is not expected to"),
        ("may", "may not"),
        ("is likely to", "is not likely to"),
        ("is set to", "is not set to"),
    ],
)
def test_a_negation_is_the_complement_of_its_expression(expression: str, negated: str) -> None:
    ticks = {entry.expression: entry.tick for entry in TABLE}
    assert ticks[expression] + ticks[negated] == 10_000


WORDS = st.sampled_from(
    [word for entry in TABLE for word in entry.expression.split()] + ["not", "’s", ",", "2027", "\n", "é"]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=20).map(" ".join)))
def test_any_text_gives_an_entry_of_the_table_at_its_place_or_nothing(text: str) -> None:
    implied = imply(text)
    if implied is not None:
        assert (implied.expression, implied.tick) in {(entry.expression, entry.tick) for entry in TABLE}
        assert 0 <= implied.start < implied.end <= len(text)


def test_no_expression_repeats_without_a_bound_so_the_time_is_linear() -> None:
    assert not re.search(r"(?<!\\)[+*]|,\}", _EXPRESSION.pattern)


@pytest.mark.parametrize("hostile", ["is ", "it is ", "there is a ", "'", " ", "is,", "1 "])
def test_a_sentence_of_100_kb_is_read_to_its_end(hostile: str) -> None:
    implied = imply(hostile * (100_000 // len(hostile)) + " . Probably")
    assert implied is not None
    assert implied.expression == "probably"
