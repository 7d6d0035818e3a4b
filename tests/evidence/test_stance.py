"""What an item seems to say: cues, warnings and an order, never an outcome."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from forecasts.evidence.quantities import quantities, threshold
from forecasts.evidence.stance import Stance, stance
from forecasts.evidence.subjects import Report, Subject, read_subject

GROWTH = read_subject(
    Subject("gdp", "China reports GDP growth of at least 5 % for 2027.", "The bureau says so.", date(2028, 1, 31))
)


def said(title: str, text: str = "", day: date | None = date(2028, 1, 20)) -> Stance:
    return stance(GROWTH, Report(title, text, day))


def test_it_names_cues_where_they_stand() -> None:
    result = said("China confirms growth", "A draft was rejected.")
    assert [(cue.kind, cue.wording) for cue in result.cues] == [
        ("done", "confirms"),
        ("not yet", "draft"),
        ("denied", "rejected"),
    ]
    text = "China confirms growth\nA draft was rejected."
    assert all(text[cue.start : cue.end] == cue.wording for cue in result.cues)
    assert result.reasons[0] == "done: “confirms”"


def test_there_is_no_field_for_an_outcome() -> None:
    assert {field.name for field in fields(Stance)} == {"order", "cues", "reasons", "warnings", "is_late"}


@pytest.mark.parametrize("text", ["has not been adopted", "was never officially adopted", "yet to be adopted"])
def test_a_negation_before_a_cue_turns_it(text: str) -> None:
    assert [cue.kind for cue in said("China", f"The rule {text}.").cues] == ["not done"]


def test_a_negation_in_another_sentence_does_not() -> None:
    assert [cue.kind for cue in said("China", "It was not cold. Adopted at noon.").cues] == ["done"]


def test_a_draft_is_read_after_what_is_in_force() -> None:
    assert said("China: in force").order > said("China").order > said("China: draft").order


def test_another_place_actor_or_year_is_a_warning_and_lowers_the_order() -> None:
    other = said("India's growth confirmed for 2025")
    assert [warning.partition(":")[0] for warning in other.warnings] == [
        "another place",
        "another actor",
        "another time",
    ]
    assert other.order < said("China's growth confirmed for 2027").order
    assert said("China's growth confirmed").warnings == ()


def test_after_the_deadline_is_late_and_no_less_worth_reading() -> None:
    late = said("China's growth confirmed", day=date(2028, 2, 1))
    assert late.is_late
    assert late.warnings == ("late: published 2028-02-01, after the deadline 2028-01-31",)
    assert late.order == said("China's growth confirmed").order


def test_numbers_of_the_same_unit_are_compared() -> None:
    assert said("China", "Growth was 4.6 per cent, 30 million jobs.").reasons == (
        "says 4.6 per cent, which is not at least 5 %",
    )
    assert said("China", "Growth was 5.1 %.").reasons == ("says 5.1 %, which is at least 5 %",)


def test_a_primary_source_is_read_sooner() -> None:
    report = Report("China", "", None)
    assert stance(GROWTH, report, is_primary=True).order == stance(GROWTH, report).order + 100


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$6.07 trillion", "6070000000000", "dollar"),
        ("200,000 dollars", "200000", "dollar"),
        ("120-euro", "", ""),
        ("5 %", "5", "percent"),
        ("3 million cars", "3000000", "car"),
        ("in 2027", "", ""),
    ],
)
def test_quantities_have_scale_and_unit(text: str, value: str, unit: str) -> None:
    assert [(one.value, one.unit) for one in quantities(text)] == ([(Decimal(value), unit)] if value else [])


@pytest.mark.parametrize(
    ("statement", "asked"),
    [
        ("is below 2 % in June", "below"),
        ("settles above 100 dollars", "above"),
        ("at least 25 countries", "at least"),
        ("is 1.25 % or higher", "at least"),
        ("costs 30 euros", None),
    ],
)
def test_what_is_asked_of_a_number(statement: str, asked: str | None) -> None:
    found = threshold(statement)
    assert (found and found.asked) == asked
