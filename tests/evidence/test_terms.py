"""What is wrong with watch terms, said so that an editor can mend it."""

import re

import pytest

from forecasts.evidence.terms import terms_problems

GOOD = (("AI Act", "AI regulation"), ("force", "regulat*", "法"))


def test_good_terms_have_no_problems() -> None:
    assert terms_problems(GOOD, ("football",), (("entered into force",),)) == ()


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ((), "give at least one group"),
        (((),), "needs at least one term"),
        ((("",),), "at least 2 letters or digits"),
        ((("  ",),), "at least 2 letters or digits"),
        ((("a",),), "at least 2 letters or digits"),
        ((("--",),), "at least 2 letters or digits"),
        ((("*",),), "a prefix needs at least 3"),
        ((("ab*",),), "a prefix needs at least 3"),
        ((("a*b",),), "a \\* may only end a term"),
        ((("abc**",),), "a \\* may only end a term"),
        ((("two\nlines",),), "one line of visible characters"),
        ((("nul\0",),), "one line of visible characters"),
        ((("hid\u200bden",),), "one line of visible characters"),
        ((("\u0301\u0301\u0301",),), "at least 2 letters or digits"),
        ((("x" * 101,),), "at most 100 characters"),
        ((("ok",),) * 11, "at most 10 groups"),
        ((tuple(f"term {n}" for n in range(51)),), "at most 50 terms"),
        (("flat", "list"), "a list of groups"),
        ("text", "a list of groups"),
        (((7,),), "a term is text"),
        (((None,),), "a term is text"),
    ],
)
def test_terms_that_cannot_be_used_are_explained(groups: object, message: str) -> None:
    problems = terms_problems(groups)  # type: ignore[arg-type]
    assert {problem.field for problem in problems} == {"groups"}
    assert any(re.search(message, problem.accepted) for problem in problems)


def test_confirming_groups_are_held_to_the_same_rules() -> None:
    (problem,) = terms_problems(GOOD, (), (("x",),))
    assert str(problem) == "confirms: 'x' is not accepted; a term needs at least 2 letters or digits"


def test_exclusions_are_a_flat_list() -> None:
    (problem,) = terms_problems(GOOD, "football")
    assert str(problem) == "exclusions: 'football' is not accepted; give a list of terms"


@pytest.mark.parametrize("excluded", ["AI Act", "ai-act", "ENTERED into  force"])
def test_a_term_cannot_be_wanted_and_excluded(excluded: str) -> None:
    (problem,) = terms_problems(GOOD, (excluded,), (("entered into force",),))
    assert (problem.field, problem.accepted) == ("exclusions", "a term cannot be wanted and excluded at once")
