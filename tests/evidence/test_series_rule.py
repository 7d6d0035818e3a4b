"""What the decision of a rule about a series lets us propose."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from forecasts.evidence.assess import NotYet, RuleProposal
from forecasts.evidence.series_rule import propose
from forecasts.evidence.sources.data_series import Decision, Rule, Used, When

RULE = Rule(When("on", date(2026, 9, 1)), ">", Decimal("4"), decimals=1)
SEEN = datetime(2026, 10, 15, 12, 30, tzinfo=UTC)
USED = Used("2026-09", Decimal("4.14"), Decimal("4.1"), "0123456789abcdef" * 4, SEEN)
DECISION = Decision("true", "2026-09 is 4.1, which is > 4", (USED,), SEEN)


@pytest.mark.parametrize(("outcome", "proposed"), [("true", "yes"), ("false", "no")])
def test_a_decision_becomes_a_proposal_with_its_values(outcome: str, proposed: str) -> None:
    assert propose(replace(DECISION, outcome=outcome), RULE) == RuleProposal(  # type: ignore[arg-type]
        rule="data_series",
        outcome=proposed,  # type: ignore[arg-type]
        known_at=SEEN,
        rationale="By its rule: 2026-09 is 4.1, which is > 4.\n"
        "The first print of each period counts.\n"
        "Values:\n"
        "- 2026-09: 4.14, compared as 4.1 (1 decimals, half to even), first seen 2026-10-15 12:30 UTC, "
        "snapshot 0123456789ab",
        finding_ids=(),
    )


def test_values_that_are_not_rounded_are_said_as_printed() -> None:
    result = propose(DECISION, replace(RULE, decimals=None, vintage="latest", settle_days=30))
    assert isinstance(result, RuleProposal)
    assert "What stood 30 days after each period counts.\nValues:\n- 2026-09: 4.14, first seen" in result.rationale


def test_a_revision_across_the_threshold_is_said() -> None:
    revised = replace(USED, value=Decimal("3.9"), compared=Decimal("3.9"))
    result = propose(replace(DECISION, reopened_by=(revised,)), RULE)
    assert isinstance(result, RuleProposal)
    assert "Revised across the threshold since, so weigh it:\n- 2026-09: 3.9, compared" in result.rationale


def test_of_many_values_the_first_and_the_last_are_listed() -> None:
    trace = tuple(replace(USED, label=f"day {number}") for number in range(1000))
    result = propose(replace(DECISION, trace=trace), RULE)
    assert isinstance(result, RuleProposal)
    assert "- day 9:" in result.rationale
    assert "- ... 980 more ...\n- day 990:" in result.rationale
    assert "day 10:" not in result.rationale


def test_undetermined_is_no_proposal_and_says_why() -> None:
    waiting = Decision("undetermined", "no value for 2026-09-01 was printed yet", (USED,))
    assert propose(waiting, RULE) == NotYet("no value for 2026-09-01 was printed yet")


def test_unresolvable_is_no_proposal_either_but_advice() -> None:
    void = Decision("undetermined", "nothing was printed", unresolvable=True)
    assert propose(void, RULE) == NotYet("nothing was printed; unresolvable by its rule: an editor may annul it")
