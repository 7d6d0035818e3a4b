"""Matching reports to watch terms."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.evidence.matching import MAX_QUOTE, Match, WatchTerms, best_quote, match, terms_problems

ITEM = """EU delays AI rules
Ministers met in Brussels. The AI Act’s obligations for providers entered into force on Friday, the U.S. envoy said.
Football resumed on Saturday."""


def found(text: str, *groups: tuple[str, ...], **more: tuple[object, ...]) -> Match:
    result = match(text, WatchTerms(groups, **more))  # type: ignore[arg-type]
    assert result is not None
    assert result.quote == text[result.start : result.end]
    return result


def matches(text: str, term: str) -> bool:
    return match(text, WatchTerms(((term,),))) is not None


def test_it_quotes_the_sentence_that_says_most() -> None:
    result = found(ITEM, ("AI Act",), ("obligation", "duty"))
    assert result.quote == ("The AI Act’s obligations for providers entered into force on Friday, the U.S. envoy said.")
    assert result.matched == ("AI Act", "obligation")
    assert result.stance == "related"
    assert result.why == "mentions “AI Act” and “obligation”"
    assert result.relevance == 500 * 2 // 2 + 300 * 0 // 2


def test_every_group_must_match_by_any_of_its_terms() -> None:
    assert match(ITEM, WatchTerms((("AI Act",), ("tennis", "rugby")))) is None
    assert found(ITEM, ("AI Act",), ("tennis", "football")).matched == ("AI Act", "football")


def test_without_groups_nothing_matches() -> None:
    assert match(ITEM, WatchTerms(())) is None


def test_an_exclusion_anywhere_ends_it() -> None:
    assert match(ITEM, WatchTerms((("AI Act",),), exclusions=("footballs",))) is None


def test_confirming_words_support_yes_only_when_all_of_them_match() -> None:
    confirms = (("entered into force", "applies"), ("Friday",))
    result = found(ITEM, ("AI Act",), confirms=confirms)
    assert result.stance == "supports_yes"
    assert result.matched == ("AI Act", "entered into force", "Friday")
    assert result.why == "mentions “AI Act”; also says “entered into force” and “Friday”"
    partly = found(ITEM, ("AI Act",), confirms=(*confirms, ("in Paris", "in Rome")))
    assert partly.stance == "related"
    assert partly.why == "mentions “AI Act”; does not say “in Paris” or “in Rome”"


def test_relevance_adds_quote_title_and_confirmation() -> None:
    text = "Rates rise\nThe bank acted. Rates went up in May."
    assert found(text, ("rates",)).relevance == 500 + 300
    assert found(text, ("rates",), ("bank",)).relevance == 500 * 1 // 2 + 300 * 1 // 2
    assert found(text, ("rates",), confirms=(("May",),)).relevance == 500 + 300 + 200
    assert found(text, ("rates",), confirms=(("May",), ("June",))).relevance == 500 + 300 + 200 // 2


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("ai", "An AI-powered law"),
        ("rule", "new rules"),
        ("rules", "one rule"),
        ("policy", "policies"),
        ("policies", "a policy"),
        ("law", "laws."),
        ("tax", "taxes"),
        ("taxes", "a tax"),
        ("classes", "a class"),
        ("attorney general", "Attorneys General sued"),
        ("GPU", "two GPUs"),
        ("China", "China’s plan"),
        ("O'Brien", "O’Brien"),
        ("open source", "open-source models"),
        ("open-source", "open source models"),
        ("post-war", "post–war"),
        ("cafe", "the CAFÉ"),
        ("Café", unicodedata.normalize("NFD", "café")),
        ("office", "oﬃce"),
        ("GPT-4", "ＧＰＴ－４ is out"),
        ("strasse", "Straße"),
        ("İstanbul", "istanbul"),
        ("ban", "b\u200ban"),
        ("5 %", "5\u00a0%"),
        ("regulat*", "regulatory"),
        ("GPT-4*", "GPT-4o"),
        ("AI Act*", "the AI Acts"),
        ("人工智能", "中国发布人工智能法规"),
        ("규제", "새로운 규제를 발표"),
        ("закон", "Закон принят"),
        ("C++", "in C++ today"),
        ("U.S. Congress", "the U.S. Congress met"),
        ("4.5", "version 4.5."),
        ("AI", "中国AI法"),
    ],
)
def test_a_term_matches_what_a_reader_would_call_the_same(term: str, text: str) -> None:
    assert matches(text, term)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("ai", "he said"),
        ("act", "action"),
        ("act", "impact"),
        ("news", "a new law"),
        ("AIDS", "foreign aid"),
        ("US", "use"),
        ("gas", "ga"),
        ("nai", "naïve"),
        ("GPT-4", "GPT-4.5"),
        ("GPT-4", "GPT-40"),
        ("100", "1,100"),
        ("100", "100,000"),
        ("5", "0.5"),
        ("regulat*", "deregulated"),
        ("a.b", "axb"),
        ("AI Act", "AI.\nAct"),
        ("AI Act", "AI\nAct"),
        ("закон", "незаконно"),
    ],
)
def test_a_term_does_not_match_inside_other_words_or_numbers(term: str, text: str) -> None:
    assert not matches(text, term)


@pytest.mark.parametrize("start", ["", "ﬃ ", "İ ", "e\u0301 ", "\u200b\u200b ", "👩‍👩‍👧 ", "ß ", "한글 "])
def test_offsets_survive_characters_that_fold_to_more_or_fewer(start: str) -> None:
    text = f"{start * 3}Vote passed. Other words."
    assert found(text, ("vote",)).quote == f"{start * 3}Vote passed.".strip()


def test_a_long_sentence_is_cut_around_its_first_hit() -> None:
    text = "word " * 300 + "vote" + " word" * 300
    result = found(text, ("vote",))
    assert "vote" in result.quote
    assert len(result.quote) <= MAX_QUOTE


def test_the_first_of_equal_sentences_is_quoted() -> None:
    assert found("Vote one. Vote two.", ("vote",)).quote == "Vote one."


@given(text=st.text(max_size=300), term=st.text(min_size=1, max_size=12))
def test_any_term_that_is_accepted_can_be_matched_and_quoted(text: str, term: str) -> None:
    if terms_problems(((term,),)):
        return
    result = found(f"{text} {term.removesuffix('*')} {text}", (term,))
    assert result.quote.strip() == result.quote != ""
    assert 0 <= result.relevance <= 1000


@given(word=st.from_regex(r"\A[a-z]{3,12}\Z"))
def test_a_plain_word_matches_itself_and_its_plural(word: str) -> None:
    assert matches(f"The {word.upper()}, they said", word)
    assert matches(f"The {word}s they said", word) or word.endswith(("s", "y", "x", "ch", "sh"))


HOSTILE = [
    "a " * 25_000,
    "a" * 50_000,
    "." * 50_000,
    '."' * 25_000,
    "a-" * 25_000,
    "é" * 50_000,
    "\n" * 50_000,
    "A." * 25_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:3]))
def test_hostile_text_takes_linear_time(text: str) -> None:
    terms = WatchTerms((("a a a a b", "aaaa*", "a - b"), ("vote", "a")), confirms=(("zz",),))
    started = time.monotonic()
    match(f"{text} vote {text}", terms)
    assert time.monotonic() - started < 4


def test_the_best_quote_needs_no_more_than_one_of_the_words() -> None:
    start, end = best_quote(ITEM, ("Friday", "obligations", "Beijing"))
    assert ITEM[start:end].startswith("The AI Act’s obligations")
    assert best_quote("First line.\nSecond.", ("Beijing",)) == (0, len("First line."))
    assert best_quote("x" * 900, ("Beijing",)) == (0, MAX_QUOTE)
    assert best_quote(" \n ", ("Beijing",)) == (0, 0)
