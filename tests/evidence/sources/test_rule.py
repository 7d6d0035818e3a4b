"""What an editor may write as the rule of a prediction about a series."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forecasts.errors import Refused
from forecasts.evidence.sources.data_series import Rule, When

WINDOW = {"mode": "any", "from": "2026-01-01", "to": "2026-12-31"}
SHORT = {"when": WINDOW, "op": ">", "threshold": "4"}


def refused(data: dict[str, Any]) -> list[str]:
    with pytest.raises(Refused) as caught:
        Rule.from_dict(data)
    return [problem.field for problem in caught.value.problems]


def test_a_rule_is_read() -> None:
    settings = {"decimals": 1, "vintage": "latest", "settle_days": 45, "on_missing": "void_after"}
    when = When("any", date(2026, 1, 1), date(2026, 12, 31))
    assert Rule.from_dict(SHORT) == Rule(when, ">", Decimal("4"))
    assert Rule.from_dict({**SHORT, **settings, "void_after": "2027-06-30"}) == Rule(
        when, ">", Decimal("4"), 1, "latest", 45, "void_after", date(2027, 6, 30)
    )


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"mode": "on", "from": "2026-09-01"}, When("on", start=date(2026, 9, 1))),
        ({"mode": "first_on_or_after", "from": "2026-09-01"}, When("first_on_or_after", start=date(2026, 9, 1))),
        ({"mode": "last_on_or_before", "to": "2026-09-01"}, When("last_on_or_before", end=date(2026, 9, 1))),
    ],
)
def test_each_mode_takes_its_ends(when: dict[str, str], expected: When) -> None:
    assert Rule.from_dict({**SHORT, "when": when}).when == expected


@pytest.mark.parametrize("threshold", ["4.1", 4.1, Decimal("4.1")])
def test_a_threshold_is_exact_however_it_is_written(threshold: object) -> None:
    assert Rule.from_dict({**SHORT, "threshold": threshold}).threshold == Decimal("4.1")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"op": "=>"}, ["rule.op"]),
        ({"op": ["<"]}, ["rule.op"]),
        ({"threshold": "4,5"}, ["rule.threshold"]),
        ({"threshold": "NaN"}, ["rule.threshold"]),
        ({"threshold": float("inf")}, ["rule.threshold"]),
        ({"threshold": "1e400"}, ["rule.threshold"]),
        ({"threshold": "1_0"}, ["rule.threshold"]),
        ({"threshold": "٤"}, ["rule.threshold"]),
        ({"threshold": "9" * 5000}, ["rule.threshold"]),
        ({"threshold": True}, ["rule.threshold"]),
        ({"threshold": None}, ["rule.threshold"]),
        ({"decimals": 13}, ["rule.decimals"]),
        ({"decimals": False}, ["rule.decimals"]),
        ({"vintage": "second"}, ["rule.vintage"]),
        ({"settle_days": -1}, ["rule.settle_days"]),
        ({"settle_days": 731}, ["rule.settle_days"]),
        ({"settle_days": None}, ["rule.settle_days"]),
        ({"on_missing": "void"}, ["rule.on_missing"]),
        ({"on_missing": "void_after"}, ["rule.void_after"]),
        ({"void_after": "2027-01-01"}, ["rule.void_after"]),
        ({"on_missing": "void_after", "void_after": "soon"}, ["rule.void_after"]),
        ({"on_missing": "void_after", "void_after": "2026-12-30"}, ["rule.void_after"]),
        ({"on_missing": "void_after", "void_after": "2027-01-29", "settle_days": 30}, ["rule.void_after"]),
        ({"when": None}, ["rule.when"]),
        ({"when": "any"}, ["rule.when"]),
        ({"when": {}}, ["rule.when.mode"]),
        ({"when": {"mode": ["any"]}}, ["rule.when.mode"]),
        ({"when": {"mode": "most"}}, ["rule.when.mode"]),
        ({"when": {"mode": "any"}}, ["rule.when.from", "rule.when.to"]),
        ({"when": {"mode": "on", "from": "2026-09-01", "to": "2026-09-02"}}, ["rule.when.to"]),
        ({"when": {"mode": "all", "from": "2026-09-02", "to": "2026-09-01"}}, ["rule.when.to"]),
        ({"when": {"mode": "all", "from": "20260902", "to": "9999-12-31"}}, ["rule.when.from", "rule.when.to"]),
        ({"colour": "red", "op": "~", "vintage": 1, "when": {"mode": 2}}, ["rule.colour", "rule.op", "rule.vintage"]),
    ],
    ids=str,
)
def test_every_problem_of_a_rule_is_named(change: dict[str, Any], fields: list[str]) -> None:
    extra = ["rule.when.mode"] if change.get("colour") else []
    assert refused({**SHORT, **change}) == fields + extra


def test_what_a_rule_must_have_is_named() -> None:
    assert refused({}) == ["rule.op", "rule.threshold", "rule.when"]
