"""The desk's forms of options, numbers and dates: what they show, and what they refuse without writing anything."""

import pytest
from django.test import Client
from django.urls import reverse

from forecasts.models import Prediction
from tests.admin.test_refusals import refused
from tests.journeys.desk import Desk, shown
from tests.story import DAY, DEADLINE, START, Story

FAR = DEADLINE.replace(year=2099)
NEW = {"statement": "When will it be published?", "resolves_by": FAR, "resolves_by_precision": "day", "opens_at": START}


@pytest.fixture
def desk(story: Story) -> Desk:
    return Desk(story.editor)


def form(desk: Desk, row: Prediction, verb: str) -> str:
    return desk.get(reverse("admin:forecasts_prediction_do", args=[row.pk, verb])).content.decode()


def of_kind(story: Story, kind: str) -> Prediction:
    return {
        "options": lambda: story.choice("Anthropic", "Google: the lab", resolves_by=FAR),
        "number": lambda: story.number("0", "200", resolves_by=FAR),
        "date": lambda: story.date("2025-12-31", "2098-12-31", resolves_by=FAR),
    }[kind]()


def test_options_are_there_to_fill_in(story: Story, desk: Desk) -> None:
    page = form(desk, of_kind(story, "options"), "forecast")
    assert "\nAnthropic: \nGoogle: the lab: \n</textarea>" in page
    assert "together they make 1, or 100 %" in page


@pytest.mark.parametrize(
    ("kind", "told"),
    [("number", "Values from 0 to 200"), ("date", "Dates from 2025-12-31 to 2098-12-31; what is left over means")],
)
def test_the_form_says_what_can_be_given(story: Story, desk: Desk, kind: str, told: str) -> None:
    assert told in form(desk, of_kind(story, kind), "forecast")


@pytest.mark.parametrize("kind", ["options", "number", "date"])
def test_wording_is_asked_for_only_of_yes_or_no(story: Story, desk: Desk, kind: str) -> None:
    page, binary = form(desk, of_kind(story, kind), "forecast"), form(desk, story.opened(), "forecast")
    assert [words in page for words in ('name="wording"', "implied by the wording")] == [False, False]
    assert [words in binary for words in ('name="wording"', "implied by the wording")] == [True, True]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("options", "Anthropic: 40 %\nGoogle: the lab: 50 %", ["value: '0.9'", "must sum to 1, or 100 %"]),
        ("options", "\nAnthropic: 40 %\nGoogle: 60 %", ["line 3: name each option once: Anthropic, Google: the lab"]),
        ("options", "Anthropic: \nGoogle: the lab: ", ["line 1: give a number from 0 to 1"]),
        ("options", "0.7", ["line 1: give every option once"]),
        ("number", "120: 50 %\n100: 60 %", ["value: '100'", "line 2: values rise from line to line"]),
        ("number", "250: 50 %", ["line 1: give a value inside the range, 0 to 200"]),
        ("number", "120: 120 %", ["line 1: give a number from 0 to 1"]),
        ("date", "soon: 50 %", ["value: 'soon'", "line 1: give a date such as 2027-06-30"]),
        ("date", "2099-01-01: 50 %", ["line 1: give a value inside the range, 2025-12-31 to 2098-12-31"]),
    ],
)
def test_a_forecast_that_cannot_be(story: Story, desk: Desk, kind: str, value: str, expected: list[str]) -> None:
    page = reverse("admin:forecasts_prediction_do", args=[of_kind(story, kind).pk, "forecast"])
    refused(desk, page, expected, forecaster=story.desk.pk, value=value, basis="stated")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("options", '<option value="1">Google: the lab</option>'),
        ("number", "The number that it was, such as 8.5."),
        ("date", "from 2025-12-31 to 2098-12-31, or not_before"),
    ],
)
def test_an_outcome_is_asked_for_in_the_terms_of_the_kind(story: Story, desk: Desk, kind: str, shown: str) -> None:
    assert shown in form(desk, of_kind(story, kind), "propose")


@pytest.mark.parametrize(
    ("kind", "outcome", "expected"),
    [
        ("options", "yes", ["Select a valid choice"]),
        ("options", "2", ["Select a valid choice"]),
        ("number", "many", ["outcome: 'many'", "give a plain number such as 8.5"]),
        ("number", "201", ["the range ends at 200; give that or less"]),
        ("date", "2099-01-01", ["give a day from 2025-12-31 to 2098-12-31, or not_before"]),
        ("date", "2026-02-01", ["known_at: '2026-01-31", "what happened on 2026-02-01 was not known before"]),
        ("date", "not_before", ["that it did not come by 2098-12-31 is known once it is over"]),
    ],
)
def test_an_outcome_that_cannot_be(story: Story, desk: Desk, kind: str, outcome: str, expected: list[str]) -> None:
    page = reverse("admin:forecasts_prediction_do", args=[of_kind(story, kind).pk, "propose"])
    given = {"known_at": START + 30 * DAY, "rationale": "It is so.", "evidence_exception": "Everybody saw it."}
    refused(desk, page, expected, outcome=outcome, **given)


def test_ends_of_a_range_of_dates_are_typed_and_shown_as_dates(desk: Desk) -> None:
    desk.add("prediction", kind="date", range_min="2025-12-31", range_max="2030-12-31", **NEW)
    row = Prediction.objects.get()
    assert (row.range_min, row.range_max) == (20_453 + 1, 22_279 + 1)  # days from 1970-01-01 to those, and they end
    page = reverse("admin:forecasts_prediction_change", args=[row.pk])
    told = shown(desk.get(page).context["adminform"].form)
    assert (told["range_min"], told["range_max"]) == ("2025-12-31", "2030-12-31")
    desk.change(row, criteria="Published is published.")
    assert sorted(row.versions.latest("number").new) == ["criteria"]
    desk.change(row, range_max="2031-12-31")
    assert row.versions.latest("number").new == {"range_max": str(22_280 + 365)}


def test_ends_of_a_range_of_numbers_are_shown_as_they_were_typed(story: Story, desk: Desk) -> None:
    row = story.number("0.5", "200")
    told = shown(desk.get(reverse("admin:forecasts_prediction_change", args=[row.pk])).context["adminform"].form)
    assert (told["range_min"], told["range_max"]) == ("0.5", "200")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": "date", "range_min": "0", "range_max": "2030-12-31"}, ["range_min: '0'", "give a date such as"]),
        ({"kind": "date", "range_min": "2026-02-30", "range_max": "2030-12-31"}, ["range_min: '2026-02-30'"]),
        (
            {"kind": "numeric", "range_min": "0", "range_max": "2030-12-31"},
            ["range_max: '2030-12-31'", "a plain number"],
        ),
        ({"kind": "numeric", "range_min": "1e30", "range_max": "1"}, ["range_min: '1e30'", "give a plain number"]),
        ({"kind": "numeric", "range_min": "5", "range_max": "1"}, ["whose end lies above its start, 5"]),
        ({"kind": "numeric"}, ["range_max", "give a range"]),
        ({"kind": "multiple_choice", "options": "Anthropic"}, ["options", "list 2 to 100 options"]),
    ],
    ids=str,
)
def test_a_range_that_cannot_be(desk: Desk, given: dict[str, str], expected: list[str]) -> None:
    refused(desk, reverse("admin:forecasts_prediction_add"), expected, **NEW, **given)


def test_a_proposal_names_the_option_and_no_number(story: Story) -> None:
    row = of_kind(story, "options")
    proposal = story.proposes(row, "1", known_at=START + DAY)
    desk = Desk(story.approver)
    for page in ("/desk/", reverse("admin:forecasts_proposal_change", args=[proposal.pk])):
        assert "Google: the lab" in desk.get(page).content.decode()
    desk.do(proposal, "accept")
    assert "Google: the lab" in desk.get(reverse("admin:forecasts_resolution_changelist")).content.decode()
    assert "Google: the lab" in Client().get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["options", "number", "date"])
def test_words_that_confirm_are_asked_for_only_of_yes_or_no(story: Story, desk: Desk, kind: str) -> None:
    assert 'name="confirms"' not in form(desk, of_kind(story, kind), "watch")
    assert 'name="confirms"' in form(desk, story.opened(resolves_by=FAR), "watch")
