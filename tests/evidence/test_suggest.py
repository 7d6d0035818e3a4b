"""Watch groups to begin with."""

from forecasts.evidence.labelled import read_labelled
from forecasts.evidence.matching import WatchTerms, match, terms_problems
from forecasts.evidence.suggest import MOST_GROUPS, suggest_groups
from forecasts.evidence.words import Frequencies, terms
from tests.evidence.test_labelled import LABELLED


def test_it_suggests_the_name_and_the_rarest_words() -> None:
    seen = Frequencies().grown([terms("AI images")] * 10)
    groups = suggest_groups("China makes watermarks on AI images compulsory.", "A law requires watermarks.", seen)
    assert groups == (("China", "chinese", "beijing"), ("watermarks",), ("compulsory",))


def test_a_statement_without_words_gets_none() -> None:
    assert suggest_groups("", "", Frequencies()) == ()


def test_every_suggestion_for_the_labelled_set_is_accepted_and_matches_its_statement() -> None:
    for case in read_labelled(LABELLED.read_text(encoding="utf-8").splitlines()).cases:
        groups = suggest_groups(case.subject.statement, case.subject.criteria, Frequencies())
        assert 0 < len(groups) <= MOST_GROUPS
        assert terms_problems(groups) == ()
        assert match(f"{case.subject.statement}\n{case.subject.criteria}", WatchTerms(groups)), case.subject.id
