"""Predictions are found in prose, with what to log and why; what only looks like one is left out with the reason."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from forecasts.language.claims import MOST, NO_DATE, TOO_LONG, TOO_MANY, Claim, find_claims
from forecasts.language.sentences import sentences
from tests.shared import shared_data

PUBLISHED = datetime(2026, 11, 22, tzinfo=UTC)
LABELLED = Path(__file__).parent / "data" / "claims.txt"
DOCS = Path(__file__).parents[2] / "docs" / "claims.md"


def only(text: str, published_at: datetime | None = PUBLISHED) -> Claim:
    (claim,) = find_claims(text, published_at).claims
    return claim


def reason(text: str) -> str:
    found = find_claims(text, PUBLISHED)
    assert not found.claims
    return found.left_out[0].reason


def test_it_works() -> None:
    text = "Chips are scarce. However, the EU will ban their export within two years. It rained.\n"
    claim = only(text)
    assert claim.quote == text[claim.start : claim.end] == "However, the EU will ban their export within two years."
    assert claim.statement == "The EU will ban their export by 22 November 2028."
    assert claim.resolves_by == datetime(2028, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert "“within two years” is read as" in claim.deadline_rule
    assert (claim.tick, claim.implied and claim.implied.expression) == (9300, "will")
    assert claim.criteria.startswith("Yes if, by 22 November 2028, 23:59:59 UTC, this has happened: The EU will ban")
    assert "No if it has not happened by then. Source:" in claim.criteria
    assert [failure.rule for failure in claim.failures] == ["source"]
    assert claim.doubts == ()


def test_a_deadline_that_is_not_there_is_said_so() -> None:
    soon = only("The EU will ban the export of chips soon.")
    assert (soon.resolves_by, soon.criteria) == (None, "")
    assert "“soon” gives no deadline: it names no date" in soon.deadline_rule
    assert only("The EU will ban the export of chips.").deadline_rule == NO_DATE
    undated = only("The EU will ban the export of chips within two years.", None)
    assert "the article's date, which is not known" in undated.deadline_rule
    assert undated.statement.endswith("within two years.")


def test_a_number_that_the_sentence_states_comes_before_its_words() -> None:
    claim = only("There is a 60 % chance that the EU will ban the export of chips by 2027.")
    assert (claim.tick, claim.implied, claim.tick_rule) == (6000, None, "The sentence says “60 % chance”.")
    assert only("There is a 600 % chance that the EU will ban the export of chips by 2027.").tick is None


@pytest.mark.parametrize(
    ("sentence", "who", "statement"),
    [
        ("Analysts say that the EU will ban chips by 2027.", "Analysts", "The EU will ban chips by 2027."),
        (
            "According to two officials, the EU will ban chips by 2027.",
            "two officials",
            "The EU will ban chips by 2027.",
        ),
        ("The EU will ban chips by 2027, the minister said.", "the minister", "The EU will ban chips by 2027."),
        (
            "BRUSSELS — The EU will ban chips, aides said on Monday, by 2027.",
            "aides",
            "The EU will ban chips, by 2027.",
        ),
        ("“The EU will ban chips by 2027.”", "whoever is quoted", "The EU will ban chips by 2027."),
    ],
)
def test_who_else_said_it_is_named_and_not_in_the_statement(sentence: str, who: str, statement: str) -> None:
    claim = only(sentence)
    assert (claim.said_by, claim.statement) == (who, statement)
    assert claim.doubts[0].startswith(f"Somebody else said it: {who}.")


def test_a_condition_is_marked() -> None:
    assert "It has a condition" in only("If talks fail, the EU will ban chips by 2027.").doubts[0]
    assert not only("The EU will ban chips by 2027 even if talks fail.").doubts


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Will the EU ban chips by 2027?", "it is a question"),
        ("The EU was expected to ban chips by 2025.", "it is about the past"),
        ("The EU will ban chips by 2025.", "its date lies before the article was published"),
        ("You will find the table below.", "it speaks to the reader"),
        ("This story will be updated as it develops.", "it is an instruction or about the page itself"),
        ("It could be argued that chips are scarce.", "it is a manner of speaking"),
        ("The EU will " + "really " * 100 + "ban chips by 2027.", TOO_LONG),
    ],
)
def test_what_is_left_out_is_left_out_with_the_reason(sentence: str, why: str) -> None:
    assert reason(sentence) == why


def test_only_so_many_and_the_best_of_them() -> None:
    vague, dated = "The EU could ban chip {}. ", "The EU will ban chip {} by 2027. "
    found = find_claims("".join(vague.format(n) + dated.format(n) for n in range(MOST)), PUBLISHED)
    assert [claim.resolves_by is not None for claim in found.claims] == [True] * MOST
    assert {one.reason for one in found.left_out} == {TOO_MANY}


def test_sentences_stand_where_they_say() -> None:
    text = "• The U.S. Dept. of Energy, e.g. Dr. No, left. “Did it?” Yes.\n\n"
    text += "This line was wrapped by a mail program at\nits margin. Title\nText"
    assert [sentence.flat for sentence in sentences(text)] == [
        "The U.S. Dept. of Energy, e.g. Dr. No, left.",
        "“Did it?”",
        "Yes.",
        "This line was wrapped by a mail program at its margin.",
        "Title",
        "Text",
    ]


@given(st.text(alphabet='The EU will ban by 2027.?!\n"“”\u202e\u200b•<>&', max_size=300))
def test_whatever_is_pasted_quotes_are_exact_and_statements_show_all_they_hold(text: str) -> None:
    for claim in find_claims(text, PUBLISHED).claims:
        assert claim.quote == text[claim.start : claim.end]
        assert not re.search("[\u202e\u200b\n]", claim.statement)


@pytest.mark.parametrize("text", ["." * 100_000, " " * 100_000, "a" * 100_000, '."' * 50_000, "x \n " * 25_000])
def test_a_hostile_page_costs_no_more_than_its_length(text: str) -> None:
    began = time.perf_counter()
    assert find_claims(text, PUBLISHED).claims == ()
    assert time.perf_counter() - began < 3  # quadratic would be minutes


def labelled(half: int | None = None) -> list[tuple[bool, str]]:
    """Whether it is a prediction, and the sentence. The rules were tuned on half 0."""
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    return [(line[0] == "+", line[2:]) for n, line in enumerate(lines) if half is None or n % 2 == half]


def test_precision_and_recall_are_those_in_the_docs() -> None:
    rows = []
    for name, half in (("tuned on", 0), ("held out", 1), ("all", None)):
        pairs = [(is_one, bool(find_claims(text, PUBLISHED).claims)) for is_one, text in labelled(half)]
        right = sum(is_one and found for is_one, found in pairs)
        precision, recall = right / sum(found for _, found in pairs), right / sum(is_one for is_one, _ in pairs)
        rows.append(f"| {name} | {len(pairs)} | {precision:.2f} | {recall:.2f} |")
    assert len(labelled()) >= 60
    assert "\n".join(rows) in DOCS.read_text(encoding="utf-8")


def test_recall_on_a_public_tracker_is_that_in_the_docs() -> None:
    tracker = yaml.safe_load(shared_data("trackers/dario_predictions.yaml").read_text(encoding="utf-8"))
    quotes = [row["quote"] for row in tracker["predictions"]]
    found = sum(bool(find_claims(quote, datetime(2024, 10, 1, tzinfo=UTC)).claims) for quote in quotes)
    assert f"Of {len(quotes)} quotes in it {found} are found" in DOCS.read_text(encoding="utf-8")
