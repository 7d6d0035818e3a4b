"""Options, numbers and dates, as programs read them."""

from collections.abc import Callable

from tests.api.conftest import Get
from tests.story import DAY, DEADLINE, START, Story

NOTHING = {"probability": None, "options": None, "cdf": None, "median": None, "intervals": None}


def test_a_forecast_of_yes_has_a_probability_and_nothing_else(get: Get, story: Story) -> None:
    story.says(story.opened(), 0.7)
    [row] = get("forecasts")["results"]
    assert row["value"] == NOTHING | {"probability": 7_000 / 10_000}
    assert row["said"] == "70\N{NO-BREAK SPACE}%"


def test_a_forecast_of_options_names_them(get: Get, story: Story) -> None:
    story.says(story.choice("Anthropic", "Google"), [0.4, 0.6])
    [row] = get("forecasts")["results"]
    options = [{"option": "Anthropic", "probability": 0.4}, {"option": "Google", "probability": 0.6}]
    assert row["value"] == NOTHING | {"options": options}
    assert (row["tick"], row["probability"], row["values"]) == (None, None, [4000, 6000])


def test_a_forecast_of_a_number_has_a_cdf_with_median_and_intervals(get: Get, story: Story) -> None:
    story.says(story.number("0", "100"), "50: 50 %")
    [row] = get("forecasts")["results"]
    assert row["value"] == NOTHING | {
        "cdf": [{"x": "50", "probability": 0.5}],
        "median": "50",
        "intervals": [
            {"share": 0.5, "low": "25", "high": "75"},
            {"share": 0.8, "low": "10", "high": "90"},
            {"share": 0.9, "low": "5", "high": "95"},
        ],
    }
    assert row["values"] == [["50", 5000]]


def test_what_lies_beyond_the_range_has_no_place(get: Get, story: Story) -> None:
    story.says(story.date("2025-12-31", "2026-06-30"), "2026-06-30: 40 %")
    value = get("forecasts")["results"][0]["value"]
    assert value["median"] is None
    assert [each["high"] for each in value["intervals"]] == [None, None, None]


def test_a_withdrawal_says_nothing(get: Get, story: Story) -> None:
    prediction = story.choice("Anthropic", "Google")
    story.says(prediction, [0.4, 0.6])
    story.withdraws(prediction, at=START + DAY)
    latest = get("forecasts")["results"][0]
    assert (latest["withdrawn"], latest["value"], latest["said"]) == (True, None, "")


def test_a_range_is_given_as_numbers_and_as_people_type_it(get: Get, story: Story) -> None:
    number, date = story.number("0.5", "200", open_above=True), story.date("1970-01-01", "2026-06-30")
    body = get(f"predictions/{number.slug}")
    assert (body["kind"], body["range_min"], body["range_max"], body["open_above"]) == ("numeric", 0.5, 200.0, True)
    assert (body["range_from"], body["range_to"]) == ("0.5", "200")
    body = get(f"predictions/{date.slug}")
    assert (body["range_min"], body["range_from"], body["range_to"]) == (1.0, "1970-01-01", "2026-06-30")
    body = get(f"predictions/{story.opened().slug}")
    assert (body["range_min"], body["range_from"], body["range_to"]) == (None, None, None)


def test_an_outcome_is_given_as_kept_and_in_words(get: Get, story: Story) -> None:
    prediction = story.choice("Anthropic", "Google")
    story.resolves(prediction, "Google", known_at=DEADLINE)
    body = get(f"predictions/{prediction.slug}")
    assert (body["resolution"]["outcome"], body["resolution"]["outcome_words"]) == ("1", "Google")
    assert (body["state"], body["state_words"]) == ("resolved", "Google")
    story.corrects(prediction, "premise_failed", known_at=DEADLINE, at=DEADLINE + DAY)
    void = get(f"predictions/{prediction.slug}")["resolution"]
    assert (void["outcome"], void["outcome_words"], void["void_reason"]) == ("", "", "premise_failed")


def test_an_option_called_yes_is_no_yes(get: Get, story: Story) -> None:
    """Its place among the options is what is kept, and its state is that of no binary prediction."""
    prediction = story.choice("yes", "no", "nobody knows")
    story.resolves(prediction, "1", known_at=DEADLINE)
    body = get(f"predictions/{prediction.slug}")
    assert (body["state"], body["state_words"]) == ("resolved", "no")


def test_a_list_says_in_short_what_is_said(get: Get, story: Story) -> None:
    prediction = story.number("0", "200")
    story.says(prediction, "120: 50 %")
    [row] = get("predictions")["results"]
    assert (row["kind"], row["tick"], row["probability"], row["said"]) == ("numeric", None, None, "median 120")


def test_the_number_of_queries_does_not_grow_with_the_forecasts(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    prediction = story.number("0", "200")
    story.says(prediction, "120: 50 %")
    few = [count_queries(path) for path in ("forecasts", "predictions")]
    for number in range(5):
        other = story.choice("Anthropic", "Google")
        story.says(other, [0.4, 0.6], forecaster=story.forecaster(f"model-{number}"))
        story.resolves(other, "Google", known_at=DEADLINE)
    assert [count_queries(path) for path in ("forecasts", "predictions")] == few
