"""What a rule says of a series as it was printed until now."""

import operator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.evidence.sources.data_series import Decision, Print, Rule, Used, When, decide
from forecasts.evidence.sources.data_series.periods import following
from forecasts.evidence.sources.kind import Observation

# Months of 2026; each is printed on the 15th of the next one, at noon.
WINDOW = {"from": "2026-01-01", "to": "2026-03-31"}
AFTER = datetime(2026, 5, 1, tzinfo=UTC)
EARLY = datetime(2026, 2, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def rule(mode: str = "any", op: str = ">", threshold: str = "4", **more: Any) -> Rule:
    when = {"mode": mode, **(more.pop("when", None) or WINDOW)}
    return Rule.from_dict({"when": when, "op": op, "threshold": threshold, "settle_days": 20, **more})


def month(number: int, value: str, seen_at: datetime | None = None, sha256: str = "") -> Print:
    start = date(2026, number, 1)
    end = following(start, "month") - DAY
    usual = datetime(2026, number + 1, 15, 12, tzinfo=UTC)
    return Print(Observation(f"2026-{number:02}", start, end, Decimal(value)), seen_at or usual, sha256 or f"s{number}")


def day(number: int, value: str) -> Print:
    """A value of one day of September 2026, seen that evening."""
    one = date(2026, 9, number)
    seen_at = datetime(2026, 9, number, 20, tzinfo=UTC)
    return Print(Observation(one.isoformat(), one, one, Decimal(value)), seen_at, f"d{number}")


def quarter(*values: str) -> list[Print]:
    return [month(number, value) for number, value in enumerate(values, 1)]


def outcome(result: Decision) -> str:
    assert (result.known_at is None) == (result.outcome == "undetermined")
    return result.outcome


def waits(result: Decision) -> str:
    assert outcome(result) == "undetermined"
    assert not result.unresolvable
    return result.reason


def test_any_is_true_as_soon_as_one_value_is() -> None:
    assert decide(rule(), quarter("3.9", "4.1", "4.2"), EARLY + 30 * DAY) == Decision(
        outcome="true",
        reason="2026-02 is 4.1, which is > 4",
        trace=(Used("2026-02", Decimal("4.1"), Decimal("4.1"), "s2", datetime(2026, 3, 15, 12, tzinfo=UTC)),),
        known_at=datetime(2026, 3, 15, 12, tzinfo=UTC),
    )


def test_any_is_false_only_after_the_window_and_the_time_for_printing() -> None:
    prints = quarter("1", "2", "3")
    settled = datetime(2026, 3, 31 - 11, tzinfo=UTC) + (11 + 20) * DAY  # 2026-04-20, the last day of waiting
    assert waits(decide(rule(), prints, settled)) == (
        "the window ends on 2026-03-31 and values may be printed until 2026-04-20"
    )
    result = decide(rule(), prints, settled + DAY)
    assert outcome(result) == "false"
    assert result.reason == "no value from 2026-01-01 to 2026-03-31 is > 4"
    assert [used.label for used in result.trace] == ["2026-01", "2026-02", "2026-03"]
    assert result.known_at == datetime(2026, 4, 15, 12, tzinfo=UTC)


def test_all_is_false_as_soon_as_one_value_is_and_true_only_after_the_window() -> None:
    early = decide(rule("all"), quarter("3"), EARLY)
    assert (outcome(early), early.reason) == ("false", "2026-01 is 3, which is not > 4")
    assert "the window ends" in waits(decide(rule("all"), quarter("5"), EARLY))
    assert outcome(decide(rule("all"), quarter("5", "6", "7"), AFTER)) == "true"


@pytest.mark.parametrize("mode", ["any", "all", "max", "min"])
@pytest.mark.parametrize("printed", [(2, 3), (1, 3), (1, 2), (2,)], ids=str)
def test_a_period_that_was_not_printed_is_never_read_as_false(mode: str, printed: tuple[int, ...]) -> None:
    op = "<" if mode == "max" else ">"
    value = "1" if mode in ("any", "max") else "5"
    result = decide(rule(mode, op), [month(number, value) for number in printed], AFTER)
    assert waits(result) == "not every period from 2026-01-01 to 2026-03-31 was printed"


@pytest.mark.parametrize("mode", ["any", "all", "max", "min"])
def test_silence_is_undetermined(mode: str) -> None:
    for op in (">", "=="):
        assert waits(decide(rule(mode, op), [], AFTER)) == "no value was printed for 2026-01-01 to 2026-03-31"


def test_only_periods_wholly_within_the_window_count() -> None:
    window = {"from": "2026-01-02", "to": "2026-03-30"}
    prints = quarter("9", "1", "9")
    assert outcome(decide(rule(when=window), prints, AFTER)) == "false"
    assert outcome(decide(rule(when={"from": "2026-01-01", "to": "2026-03-30"}), prints, AFTER)) == "true"


@pytest.mark.parametrize(("number", "expected"), [("4.45", "false"), ("4.55", "true"), ("4.4500001", "true")])
def test_values_are_rounded_half_to_even_before_they_are_compared_and_the_trace_says_so(
    number: str, expected: str
) -> None:
    result = decide(rule("on", ">=", "4.5", decimals=1, when={"from": "2026-01-15"}), [month(1, number)], EARLY)
    assert outcome(result) == expected
    assert (result.trace[0].value, result.trace[0].compared) == (Decimal(number), round(Decimal(number), 1))
    assert f"({number} before rounding halves to even)" in result.reason


def test_on_is_the_period_that_contains_the_day() -> None:
    on = rule("on", when={"from": "2026-02-10"})
    assert waits(decide(on, quarter("9"), AFTER)) == "no value for 2026-02-10 was printed yet"
    assert outcome(decide(on, quarter("9", "1", "9"), AFTER)) == "false"


def test_first_on_or_after_waits_for_a_period_that_starts_then() -> None:
    first = rule("first_on_or_after", when={"from": "2026-02-01"})
    assert "from 2026-02-01 on" in waits(decide(first, quarter("9"), AFTER))
    assert outcome(decide(first, quarter("1", "9", "1"), AFTER)) == "true"
    # From the middle of January on: February is the first, and nothing can come before it.
    middle = rule("first_on_or_after", when={"from": "2026-01-10"})
    assert outcome(decide(middle, quarter("1", "9"), AFTER)) == "true"


def test_first_on_or_after_does_not_skip_a_period_that_is_late() -> None:
    first = rule("first_on_or_after", when={"from": "2026-01-01"})
    early = replace(month(2, "9"), seen_at=datetime(2026, 2, 18, tzinfo=UTC))
    # January may be printed until 31 January + 20 days.
    assert waits(decide(first, [early], EARLY)) == "a period before 2026-02 may still be printed until 2026-02-20"
    assert waits(decide(first, [early], AFTER)) == "the period before 2026-02 was not printed"
    assert outcome(decide(first, [early, month(1, "1")], AFTER)) == "false"


def test_last_on_or_before_is_the_last_period_that_ends_by_then() -> None:
    last = rule("last_on_or_before", when={"to": "2026-03-15"})
    assert "until 2026-03-15" in waits(decide(last, [], AFTER))
    assert "may be printed until 2026-04-04" in waits(decide(last, quarter("1", "9"), datetime(2026, 4, 4, tzinfo=UTC)))
    assert outcome(decide(last, quarter("1", "9", "1"), datetime(2026, 4, 5, tzinfo=UTC))) == "true"
    exact = rule("last_on_or_before", when={"to": "2026-02-28"})
    assert outcome(decide(exact, quarter("1", "9"), datetime(2026, 3, 16, tzinfo=UTC))) == "true"
    assert waits(decide(exact, quarter("9"), AFTER)) == "not every period from 2026-01-01 to 2026-02-28 was printed"


@pytest.mark.parametrize(
    ("mode", "op", "values", "early", "late"),
    [
        ("max", ">", ("5",), "true", None),
        ("max", "<", ("5",), "false", None),
        ("max", "<", ("1",), "undetermined", None),
        ("min", "<", ("1",), "true", None),
        ("min", ">", ("1",), "false", None),
        ("max", "==", ("4",), "undetermined", None),
        ("max", "==", ("1", "4", "3"), None, "true"),
        ("max", "==", ("1", "4", "5"), None, "false"),
        ("max", "!=", ("1", "4", "5"), None, "true"),
        ("min", "==", ("4", "5", "6"), None, "true"),
        ("max", "<=", ("1", "4", "3"), None, "true"),
        ("min", ">=", ("4", "5", "6"), None, "true"),
        ("max", ">", ("1", "4", "3"), None, "false"),
    ],
)
def test_the_highest_and_lowest_are_early_where_no_later_value_can_change_it(
    mode: str, op: str, values: tuple[str, ...], early: str | None, late: str | None
) -> None:
    result = decide(rule(mode, op), quarter(*values), EARLY if early else AFTER)
    assert outcome(result) == (early or late)


def test_a_series_of_days_has_holes_but_must_go_on_past_the_window() -> None:
    september = rule("all", when={"from": "2026-09-01", "to": "2026-09-20"}, settle_days=1)
    friday = [day(number, "5") for number in (1, 2, 3, 4, 7, 18)]  # the 20th is a Sunday
    now = datetime(2026, 9, 30, tzinfo=UTC)
    assert waits(decide(september, friday, now)) == (
        "the series has no value of 2026-09-20 or later yet, so it may have stopped"
    )
    assert outcome(decide(september, [*friday, day(21, "1")], now)) == "true"


def test_the_first_print_counts_and_a_revision_across_the_threshold_is_reported() -> None:
    revised = month(1, "3.9", datetime(2026, 4, 1, tzinfo=UTC), "s9")
    prints = [revised, *quarter("4.1", "1", "1")]
    assert decide(rule(), prints, EARLY).reopened_by == ()
    result = decide(rule(), prints, AFTER)
    assert (outcome(result), result.trace[0].value) == ("true", Decimal("4.1"))
    assert result.reopened_by == (Used("2026-01", Decimal("3.9"), Decimal("3.9"), "s9", revised.seen_at),)


def test_a_revision_on_the_same_side_or_one_taken_back_reopens_nothing() -> None:
    same, across, back = (month(1, value, AFTER - at * DAY) for value, at in (("4.2", 9), ("3.9", 8), ("4.1", 7)))
    assert decide(rule(), [*quarter("4.1"), same], AFTER).reopened_by == ()
    assert len(decide(rule(), [*quarter("4.1"), across], AFTER).reopened_by) == 1
    assert decide(rule(), [*quarter("4.1"), across, back], AFTER).reopened_by == ()


def test_a_revision_that_moves_the_highest_value_reopens_an_equality() -> None:
    equal = rule("max", "==")
    moved = month(1, "5", AFTER - DAY)
    result = decide(equal, [*quarter("1", "4", "3"), moved], AFTER)
    assert outcome(result) == "true"
    assert [used.label for used in result.reopened_by] == ["2026-01"]
    assert decide(equal, [*quarter("1", "4", "3"), month(1, "2", AFTER - DAY)], AFTER).reopened_by == ()


def test_the_latest_print_counts_once_the_time_for_revisions_is_over() -> None:
    latest = rule("on", vintage="latest", when={"from": "2026-01-15"})
    first, revised = month(1, "4.1"), month(1, "3.9", datetime(2026, 2, 20, 23, tzinfo=UTC))
    late = month(1, "4.2", datetime(2026, 2, 21, tzinfo=UTC))
    # January settles on 31 January + 20 days = 20 February.
    assert waits(decide(latest, [first], EARLY)) == "2026-01 may still be revised until 2026-02-20"
    assert outcome(decide(latest, [first], AFTER)) == "true"
    result = decide(latest, [first, revised, late], AFTER)
    assert (outcome(result), result.known_at) == ("false", revised.seen_at)
    assert [used.value for used in result.reopened_by] == [Decimal("4.2")]
    assert outcome(decide(latest, [late], AFTER)) == "true"  # never printed in time: the first one counts


def test_any_is_not_early_while_its_value_may_be_revised() -> None:
    assert "the window ends" in waits(decide(rule(vintage="latest"), quarter("5"), EARLY))
    assert outcome(decide(rule(vintage="latest"), quarter("5"), EARLY + DAY)) == "true"


def test_void_after_waits_for_its_day_and_then_suggests_it() -> None:
    void = rule(on_missing="void_after", void_after="2026-06-30")
    last_day = datetime(2026, 6, 30, 23, 59, tzinfo=UTC)
    assert waits(decide(void, quarter("1", "2"), last_day)) == (
        "not every period from 2026-01-01 to 2026-03-31 was printed"
    )
    result = decide(void, quarter("1", "2"), last_day + DAY)
    assert result.unresolvable
    assert result.reason.endswith("was printed; it was to be voided after 2026-06-30")
    assert not decide(void, quarter("1", "2", "3"), last_day + DAY).unresolvable
    assert not decide(rule(), quarter("1", "2"), last_day + 3650 * DAY).unresolvable


def test_what_is_seen_later_than_now_does_not_count() -> None:
    assert outcome(decide(rule(), quarter("1", "9"), EARLY)) == "undetermined"


def test_now_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="now: give a time with its zone"):
        decide(rule(), [], datetime(2026, 5, 1))  # noqa: DTZ001 -- that is the point


VALUES = st.decimals(min_value=-9, max_value=9, places=2)
PRINTS = st.lists(
    st.builds(
        lambda number, value, hours, sha: month(number, str(value), datetime(2026, 2, 1, tzinfo=UTC) + hours, sha),
        st.integers(1, 4),
        VALUES,
        st.timedeltas(min_value=timedelta(0), max_value=100 * DAY),
        st.sampled_from("abc"),
    ),
    max_size=12,
)
OPS = st.sampled_from([">", ">=", "<", "<=", "==", "!="])
WHENS = st.sampled_from(
    [When(mode, date(2026, 1, 1), date(2026, 3, 31)) for mode in ("any", "all", "max", "min")]  # type: ignore[arg-type]
    + [When("on", date(2026, 2, 10)), When("first_on_or_after", date(2026, 1, 20))]
    + [When("last_on_or_before", end=date(2026, 3, 20))]
)
RULES = st.builds(
    Rule,
    when=WHENS,
    op=OPS,
    threshold=VALUES,
    decimals=st.none() | st.integers(0, 2),
    vintage=st.sampled_from(["first", "latest"]),
    settle_days=st.integers(0, 40),
)
TIMES = st.timedeltas(min_value=timedelta(0), max_value=150 * DAY).map(
    lambda after: datetime(2026, 2, 1, tzinfo=UTC) + after
)


@given(RULES, PRINTS, TIMES, st.randoms(use_true_random=False))
def test_the_order_of_prints_does_not_matter(rule: Rule, prints: list[Print], now: datetime, chance: Any) -> None:
    shuffled = list(prints)
    chance.shuffle(shuffled)
    assert decide(rule, shuffled, now) == decide(rule, prints, now)


@given(RULES, PRINTS, TIMES, TIMES)
def test_an_early_any_never_becomes_false_and_an_early_all_never_true(
    rule: Rule, prints: list[Print], now: datetime, later: datetime
) -> None:
    now, later = sorted((now, later))
    for mode, sticky in (("any", "true"), ("all", "false")):
        fixed = replace(rule, vintage="first", when=When(mode, date(2026, 1, 1), date(2026, 3, 31)))  # type: ignore[arg-type]
        before, after = decide(fixed, prints, now), decide(fixed, prints, later)
        if before.outcome == sticky:
            assert (after.outcome, after.known_at, after.trace) == (sticky, before.known_at, before.trace)


@given(RULES, PRINTS, TIMES)
def test_a_decision_stands_only_on_values_seen_by_now(rule: Rule, prints: list[Print], now: datetime) -> None:
    result = decide(rule, prints, now)
    assert all(used.seen_at <= now for used in (*result.trace, *result.reopened_by))
    assert (result.known_at is None) == (result.outcome == "undetermined")
    assert result.known_at is None or result.known_at in {used.seen_at for used in result.trace}


@given(RULES, PRINTS)
def test_all_is_the_negation_of_any_of_the_opposite(rule: Rule, prints: list[Print]) -> None:
    opposite = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
    window = {"start": date(2026, 1, 1), "end": date(2026, 3, 31)}
    every = decide(replace(rule, when=When("all", **window)), prints, AFTER)
    some = decide(replace(rule, when=When("any", **window), op=opposite[rule.op]), prints, AFTER)  # type: ignore[arg-type]
    negated = {"true": "false", "false": "true", "undetermined": "undetermined"}
    assert every.outcome == negated[some.outcome]
    assert (every.trace, every.known_at, every.reopened_by) == (some.trace, some.known_at, some.reopened_by)


@given(OPS, VALUES, st.decimals(min_value=-9, max_value=9, places=4), st.none() | st.integers(0, 3))
def test_comparing_agrees_with_fractions(op: str, threshold: Decimal, value: Decimal, decimals: int | None) -> None:
    compare = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}
    oracle = Fraction(value)
    if decimals is not None:
        oracle = Fraction(round(oracle * 10**decimals), 10**decimals)  # round of a Fraction is half to even
        assert value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN) == Decimal(str(float(oracle)))
    expected = compare[op](oracle, Fraction(threshold)) if op in compare else oracle != Fraction(threshold)
    one = Rule(When("on", date(2026, 1, 15)), op, threshold, decimals)  # type: ignore[arg-type]
    assert outcome(decide(one, [month(1, str(value))], AFTER)) == ("true" if expected else "false")


@given(st.lists(VALUES, min_size=3, max_size=3), OPS, VALUES)
def test_the_extremes_agree_with_the_maximum_and_minimum_of_fractions(
    values: list[Decimal], op: str, threshold: Decimal
) -> None:
    compare = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}
    prints = quarter(*map(str, values))
    for mode, pick in (("max", max), ("min", min)):
        extreme, limit = Fraction(pick(values)), Fraction(threshold)
        expected = compare[op](extreme, limit) if op in compare else extreme != limit
        assert outcome(decide(rule(mode, op, str(threshold)), prints, AFTER)) == ("true" if expected else "false")
