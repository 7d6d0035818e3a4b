"""Drafts that can be resolved pass; each that cannot is told why."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.language.lint import Draft, lint

DEADLINE = datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC)
SOURCE = "Official Journal of the European Union"


def rules(
    statement: str, criteria: str = "", source: str = SOURCE, resolves_by: datetime | None = DEADLINE
) -> list[str]:
    return [failure.rule for failure in lint(Draft(statement, criteria, source, resolves_by))]


@pytest.mark.parametrize(
    "statement",
    [
        "China will mandate standardized 'AI watermarking' for all public-facing generative content by 2027.",
        "The US and China will sign an AI safety treaty by 2027.",
        "Will the European Commission publish the code of practice by 31 December 2026?",
        "It is likely that the Bank of England will raise its rate by June 2027.",
        "Brent crude will close above $100 on any day in 2027.",
        "The rules for chips and models that will ship in 2027 enter into force by August 2027.",
        "OpenAI will release a model under an open licence by June 2027.",
        "Apple will not launch a foldable phone before 2028.",
        "The Office for AI will issue guidance on testing and evaluation by 2027.",
        "The Federal Trade Commission will fine at least one company over AI claims by 2027.",
        "The Senate will pass the Research and Development Act by 2027.",
        "Inflation in the euro area will be below 2 % in December 2027.",
        "The Ministry of Science & Technology will ban sales of unlicensed models by 2027.",
        "The number of states with AI laws will rise to 30 by 2027.",
        "India is expected to adopt a data and privacy law by 2027.",
        "Meta and Google will be fined by the Commission by 2027.",
        "A law on training data will enter into force in Japan by 2028.",
        "There will be a general election in the United Kingdom by August 2029.",
        "The court will order the merger and acquisition blocked by 2027.",
        "Nvidia will report revenue of more than $200 billion for 2027.",
        "Japan will win at least one medal in fencing or judo at the 2028 Games.",
        "The agency will certify Enterprise & Security Teams by 2027.",
    ],
)
def test_a_draft_that_can_be_resolved_passes(statement: str) -> None:
    assert rules(statement) == []


@pytest.mark.parametrize(
    "statement",
    [
        "It will be banned by 2027.",
        "Will be banned by 2027.",
        "They will publish a report by 2027.",
        "Many countries will ban it by 2027.",
        "Experts will publish a warning by 2027.",
        "Publish laws.",
    ],
)
def test_a_statement_without_a_subject_is_told_so(statement: str) -> None:
    assert rules(statement) == ["subject"]


@pytest.mark.parametrize(
    "statement",
    [
        "International AI governance will bifurcate into 'compliance-heavy' and 'innovation-first' regulatory blocs.",
        "AI will transform society by 2030.",
        "Trust in AI will improve by 2027.",
        "China will lead the field of AI by 2027.",
        "AI safety will be a big issue by 2027.",
    ],
)
def test_a_statement_without_an_event_or_a_threshold_is_told_so(statement: str) -> None:
    assert rules(statement) == ["observable"]


def test_criteria_can_name_the_threshold_that_the_statement_lacks() -> None:
    assert (
        rules("Trust in AI will improve by 2027.", criteria="The index stands at more than 60 in December 2027.") == []
    )


def test_a_draft_without_a_deadline_is_told_the_reason() -> None:
    draft = Draft(
        "The Senate will pass the bill soon.", "", SOURCE, None, "“soon” gives no deadline: it names no date."
    )
    (failure,) = lint(draft)
    assert failure.rule == "date"
    assert failure.message == "There is no deadline. “soon” gives no deadline: it names no date."
    assert "by 31 December" in failure.fix


def test_the_bifurcation_claim_is_refused_because_it_names_no_date() -> None:
    statement = (
        "International AI governance will bifurcate into 'compliance-heavy' and 'innovation-first' regulatory blocs."
    )
    failures = {failure.rule: failure.message for failure in lint(Draft(statement, "", SOURCE, None))}
    assert failures["date"] == "There is no deadline. The statement names no date."
    assert "one_condition" not in failures


@pytest.mark.parametrize(
    "source", ["", " ", "news", "The internet", "media reports", "TBD", "n/a", "the news media", "."]
)
def test_a_source_that_nobody_can_open_is_none(source: str) -> None:
    assert rules("The Senate will pass the bill by 2027.", source=source) == ["source"]


@pytest.mark.parametrize("source", ["EUR-Lex", "Google Trends", "https://example.org/register", "News of the ministry"])
def test_a_named_source_is_enough(source: str) -> None:
    assert rules("The Senate will pass the bill by 2027.", source=source) == []


@pytest.mark.parametrize(
    ("statement", "second"),
    [
        ("China will mandate watermarks and the EU will follow by 2027.", "and the EU will"),
        ("The Commission will publish the code and fine two companies by 2027.", "and fine"),
        ("OpenAI will release a model or withdraw from Europe by 2027.", "or withdraw"),
        ("The law will be signed and published by June 2027.", "and published"),
        ("Apple will launch a phone as well as open a factory by 2027.", "as well as open"),
        ("The Senate will pass the bill, and will override a veto, by 2027.", "and will"),
        ("The treaty will be ratified by France but not enter into force by 2027.", "but not enter"),
        ("The Fed will cut rates; inflation will fall below 2 % by 2027.", "inflation will"),
    ],
)
def test_two_conditions_in_one_are_named(statement: str, second: str) -> None:
    (failure,) = lint(Draft(statement, "", SOURCE, DEADLINE))
    assert failure.rule == "one_condition"
    assert f"“{second}”" in failure.message


def test_an_empty_draft_breaks_every_rule_that_needs_words() -> None:
    assert rules("", source="", resolves_by=None) == ["subject", "observable", "date", "source"]


@given(st.text(), st.text(), st.text())
def test_any_draft_is_judged(statement: str, criteria: str, source: str) -> None:
    assert "date" not in rules(statement, criteria, source)


@pytest.mark.parametrize(
    "hostile", ["will and ", "will and a b c d e f g ", "as well as ", "; ", "it is a ", "to not ", " "]
)
def test_a_statement_of_100_kb_is_read_to_its_end(hostile: str) -> None:
    long = "The Senate will pass a bill" + hostile * (100_000 // len(hostile)) + " and the EU would follow by 2027."
    assert "one_condition" in rules(long)
