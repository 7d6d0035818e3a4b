"""What a forecast says of options, numbers and dates: how it may be given, how it is kept, and what is refused."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.actions.forecast_value import read_value
from forecasts.ledger.verify import verify
from forecasts.models import LedgerEntry, Prediction, number_text
from forecasts.scoring.days import date_of, day_number
from tests.refusals import refused
from tests.story import DAY, START, Story

LABS = ("Anthropic", "Google", "somebody else")


def test_it_works(story: Story) -> None:
    prediction = story.choice(*LABS)
    forecast = story.says(prediction, "Anthropic: 40 %\nGoogle: 35 %\nsomebody else: 25 %")
    forecast.refresh_from_db()
    assert (forecast.tick, forecast.values) == (None, [4000, 3500, 2500])
    assert str(forecast) == "Policy desk: Anthropic 40\N{NO-BREAK SPACE}%"
    entry = LedgerEntry.objects.latest("seq")
    assert json.loads(entry.content or "")["forecast_row"]["values"] == ["4000", "3500", "2500"]
    prediction.refresh_from_db()
    assert prediction.clock_opens_at == START
    assert verify().size == entry.seq


@pytest.mark.parametrize(
    "value",
    [
        ["0.4", "35 %", 0.25],
        {"Google": 0.35, "Anthropic": "40 %", "somebody else": Decimal("0.25")},
        "  somebody else : 25%\n\nGoogle: .35\n Anthropic: 0.4 ",
    ],
    ids=["in order", "by name", "as lines"],
)
def test_options_are_given_in_order_or_by_name(story: Story, value: object) -> None:
    assert story.says(story.choice(*LABS), value).values == [4000, 3500, 2500]


def test_the_largest_remainder_gets_the_tick_that_is_missing(story: Story) -> None:
    assert story.says(story.choice(*LABS), [1 / 3, 1 / 3, 1 / 3]).values == [3334, 3333, 3333]


def test_an_option_may_hold_a_colon(story: Story) -> None:
    assert story.says(story.choice("Law: passed", "Law: failed"), "Law: failed: 30 %\nLaw: passed: 70 %").values == [
        7000,
        3000,
    ]


@pytest.mark.parametrize(
    ("value", "shown", "accepted"),
    [
        ("Anthropic: 40 %\nGoogle: 35 %\nsomebody else: 20 %", "'0.95'", "must sum to 1, or 100 %"),
        ("Anthropic: 33.33 %\nGoogle: 33.33 %\nsomebody else: 33.33 %", "'0.9999'", "must sum to 1"),
        ([0.4, 0.35, 0.26], "'1.01'", "must sum to 1"),
        ([0, 0, "1e-999999999"], "'0'", "must sum to 1"),
        ("Anthropic: 40 %\nGoogel: 60 %", "Googel", "line 2: name each option once: Anthropic, Google"),
        ("Anthropic: 40 %\n\nAnthropic: 60 %", "Anthropic", "line 3: name each option once"),
        ("Anthropic: 40 %\nGoogle: 60 %", "['Anthropic', 'Google']", "name every option; missing: somebody else"),
        ("Anthropic: 40 %\nGoogle: \nsomebody else: 60 %", "''", "line 2: give a number from 0 to 1"),
        ("Anthropic: 40 %\nGoogle: -1 %\nsomebody else: 61 %", "'-1 %'", "line 2: give a number from 0 to 1"),
        ({"Anthropic": 2}, "2", "entry 1: give a number from 0 to 1"),
        ("Anthropic", "'Anthropic'", "line 1: give every option once, one a line, with a probability after a colon"),
        ("", "[]", "name every option"),
        ([0.5, 0.5], "[0.5, 0.5]", "give every option once"),
        (0.5, "0.5", "give every option once"),
        (None, "None", "give every option once"),
        (b"abc", "b'abc'", "give every option once"),
    ],
    ids=str,
)
def test_what_is_no_forecast_of_options_is_refused(story: Story, value: object, shown: str, accepted: str) -> None:
    prediction = story.choice(*LABS)
    with refused("value", shown, accepted):
        story.says(prediction, value)


@pytest.mark.parametrize(
    "value",
    [
        "80: 10 %\n120.50: 0.5\n150: 90%",
        {"80": 0.1, Decimal("120.5"): 0.5, 1.5e2: 0.9},
        [(80, "10 %"), ["120.5", "50 %"], (150.0, 0.9)],
    ],
    ids=["as lines", "by value", "as pairs"],
)
def test_a_number_is_given_by_the_probabilities_of_at_most_some_values(story: Story, value: object) -> None:
    forecast = story.says(story.number("0", "200"), value)
    assert (forecast.tick, forecast.values) == (None, [["80", 1000], ["120.5", 5000], ["150", 9000]])
    assert str(forecast) == "Policy desk: median 120.5"


def test_a_value_given_twice_is_a_point_mass(story: Story) -> None:
    assert story.says(story.number("0", "200"), "0: 20 %\n100: 30 %\n100: 80 %").values == [
        ["0", 2000],
        ["100", 3000],
        ["100", 8000],
    ]


def test_a_day_means_its_end(story: Story) -> None:
    value = {dt.date(2026, 2, 28): "25 %", "2026-06-30": 0.75}
    forecast = story.says(story.date("2026-01-01", "2026-06-30"), value)
    assert forecast.values == [["2026-02-28", 2500], ["2026-06-30", 7500]]
    # Half of the way from 25 % on day 28 + 31 to 75 % on day 181: 61 days after the end of February.
    assert str(forecast) == "Policy desk: median 2026-04-30"


@pytest.mark.parametrize(
    ("value", "shown", "accepted"),
    [
        ("", "0 points", "give 1 to 200 points, one a line"),
        ([(n, 0.5) for n in range(201)], "201 points", "give 1 to 200 points"),
        (
            "120",
            "'120'",
            "line 1: give 1 to 200 points, one a line, with a probability after a colon, such as 120: 0.5",
        ),
        ("120: 50 %\n100: 60 %", "'100'", "line 2: values rise from line to line; 120 stands before it"),
        ("100: 60 %\n120: 50 %", "'50 %'", "line 2: the probability of at most a value never falls"),
        ("-1: 10 %", "'-1'", "line 1: give a value inside the range, 0 to 200"),
        ("200.5: 10 %", "'200.5'", "line 1: give a value inside the range, 0 to 200"),
        ("1,5: 10 %", "'1,5'", "line 1: give a plain number such as 8.5"),
        ("NaN: 10 %", "'NaN'", "line 1: give a plain number"),
        ("sNaN: 10 %", "'sNaN'", "line 1: give a plain number"),
        ("inf: 10 %", "'inf'", "line 1: give a plain number"),
        ("1e999999999: 10 %", "'1e999999999'", "line 1: give a plain number"),
        ("1e-11: 10 %", "'1e-11'", "line 1: give a plain number"),
        ("0.00000000001: 10 %", "'0.00000000001'", "10 after it"),
        ("100: 101 %", "'101 %'", "line 1: give a number from 0 to 1"),
        ("100: NaN", "'NaN'", "line 1: give a number from 0 to 1"),
        ([(True, 0.5)], "True", "entry 1: give a plain number"),
        ([(100, True)], "True", "entry 1: give a number from 0 to 1"),
        ([(100, 0.5, 1)], "[(100, 0.5, 1)]", "give 1 to 200 points"),
        (["ab"], "['ab']", "give 1 to 200 points"),
        (0.5, "0.5", "give 1 to 200 points"),
        (None, "None", "give 1 to 200 points"),
    ],
    ids=lambda given: str(given)[:40],
)
def test_what_is_no_forecast_of_a_number_is_refused(story: Story, value: object, shown: str, accepted: str) -> None:
    prediction = story.number("0", "200")
    with refused("value", shown, accepted):
        story.says(prediction, value)


@pytest.mark.parametrize("ends", [{}, {"open_below": True, "open_above": True}], ids=["closed", "open"])
def test_the_range_bounds_what_can_be_said_whether_its_ends_are_open_or_not(
    story: Story, ends: dict[str, bool]
) -> None:
    prediction = story.number("0", "200", **ends)
    assert story.says(prediction, "0: 10 %\n200: 90 %").values == [["0", 1000], ["200", 9000]]
    with refused("value", "'200.1'", "inside the range, 0 to 200"):
        story.says(prediction, "200.1: 90 %")


@pytest.mark.parametrize(
    ("value", "shown", "accepted"),
    [
        ("2026-06-31: 50 %", "'2026-06-31'", "line 1: give a date such as 2027-06-30"),
        ("20260630: 50 %", "'20260630'", "line 1: give a date"),
        ("2026-W10-1: 50 %", "'2026-W10-1'", "line 1: give a date"),
        ("30 June 2026: 50 %", "'30 June 2026'", "line 1: give a date"),
        ([(START, 0.5)], "datetime.datetime(2026, 1, 1", "entry 1: give a date"),
        ([(20634, 0.5)], "20634", "entry 1: give a date"),
        ("2025-12-31: 5 %", "'2025-12-31'", "line 1: give a value inside the range, 2026-01-01 to 2026-06-30"),
        ("2026-07-01: 5 %", "'2026-07-01'", "line 1: give a value inside the range, 2026-01-01 to 2026-06-30"),
        ("2026-03-01: 5 %\n2026-02-01: 7 %", "'2026-02-01'", "line 2: values rise from line to line"),
    ],
    ids=lambda given: str(given)[:40],
)
def test_what_is_no_forecast_of_a_date_is_refused(story: Story, value: object, shown: str, accepted: str) -> None:
    prediction = story.date("2026-01-01", "2026-06-30")
    with refused("value", shown, accepted):
        story.says(prediction, value)


def test_a_withdrawal_says_nothing_of_any_kind(story: Story) -> None:
    for prediction, value in (
        (story.choice(*LABS), [0.2, 0.3, 0.5]),
        (story.number("0", "200"), "100: 50 %"),
        (story.date("2026-01-01", "2026-06-30"), "2026-03-01: 50 %"),
    ):
        story.says(prediction, value)
        withdrawal = story.withdraws(prediction, at=START + DAY)
        assert (withdrawal.tick, withdrawal.values, str(withdrawal)) == (None, None, "Policy desk: withdrawn")


ticks = st.integers(0, 10_000)
shares = st.lists(st.integers(1, 1000), min_size=2, max_size=100)
places = st.lists(st.integers(0, 10_000), min_size=1, max_size=200)


def lines(pairs: Any) -> str:
    return "\n".join(f"{name}: {tick / 100} %" for name, tick in pairs)


def stored(prediction: Prediction, value: object) -> Any:
    return read_value(prediction, value)[1]


@settings(deadline=None)
@given(shares)
def test_options_survive_the_way_into_words_and_back(shares: list[int]) -> None:
    prediction = Prediction(kind="multiple_choice", options=[f"option: {n}" for n in range(len(shares))])
    total = sum(shares)
    values = stored(prediction, [share / total for share in shares])
    assert sum(values) == 10_000
    assert max(abs(tick - 10_000 * share / total) for tick, share in zip(values, shares, strict=True)) < 1
    assert stored(prediction, lines(zip(prediction.options, values, strict=True))) == values


@settings(deadline=None)
@given(places, st.data())
def test_points_survive_the_way_into_words_and_back(places: list[int], data: st.DataObject) -> None:
    prediction = Prediction(kind="numeric", range_min=Decimal(0), range_max=Decimal(1_000))
    heights = sorted(data.draw(st.lists(ticks, min_size=len(places), max_size=len(places))))
    values = [[number_text(Decimal(x) / 10), tick] for x, tick in zip(sorted(places), heights, strict=True)]
    assert stored(prediction, lines(values)) == values


@settings(deadline=None)
@given(places, st.data())
def test_dates_survive_the_way_into_words_and_back(places: list[int], data: st.DataObject) -> None:
    first = day_number("2026-01-01")
    prediction = Prediction(kind="date", range_min=Decimal(first), range_max=Decimal(first + 10_000), open_above=True)
    heights = sorted(data.draw(st.lists(ticks, min_size=len(places), max_size=len(places))))
    values = [[date_of(first + day).isoformat(), tick] for day, tick in zip(sorted(places), heights, strict=True)]
    assert stored(prediction, lines(values)) == values
