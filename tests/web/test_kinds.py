"""The page of a prediction of options, of a number and of a date; and the lists that it stands in."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from forecasts.models import Prediction
from tests.story import DAY, DEADLINE, START, Story
from tests.web.reading import Page, in_order, read

NBSP = "\N{NO-BREAK SPACE}"
LATER = DEADLINE + 100 * DAY


def page_of(client: Client, prediction: Prediction) -> Page:
    return read(client, prediction.get_absolute_url())


def row_of(page: Page, name: str) -> str:
    """The words of the table row that begins with `name`."""
    html = page.html
    row = html[html.index(f'<th scope="row" dir="auto">{name}') :]
    return " ".join(Page(f"<div>{row[: row.index('</tr>')]}</div>").text.split()).replace(NBSP, " ")


def test_options_stand_against_forecasters(client: Client, story: Story) -> None:
    prediction = story.choice("Anthropic", "Google", resolves_by=LATER)
    story.says(prediction, [0.4, 0.6])
    story.says(prediction, [0.7, 0.3], forecaster=story.forecaster("model"), at=START + DAY)
    page = page_of(client, prediction)
    assert in_order(
        page.text, "Policy desk", "Google 60 %", "Model", "Anthropic 70 %", "Option by option", "What counts"
    )
    assert row_of(page, "Anthropic") == "Anthropic 70 % 40 %"  # the newest first
    assert row_of(page, "Google") == "Google 30 % 60 %"
    assert "came true" not in page.text
    assert "Options Anthropic, Google" in page.text


def test_the_option_that_came_true_is_marked(client: Client, story: Story) -> None:
    prediction = story.choice("Anthropic", "Google")
    story.says(prediction, [0.4, 0.6])
    story.resolves(prediction, "Google", known_at=DEADLINE)
    page = page_of(client, prediction)
    assert page.html.count('class="came-true"') == 1
    assert row_of(page, "Google") == "Google came true 60 %"
    assert in_order(page.text, prediction.statement, "Google", "Known 30 June 2026", "Resolution", "Google.")


def test_only_some_columns_of_many_forecasters_are_shown_and_it_says_so(client: Client, story: Story) -> None:
    prediction = story.choice("Anthropic", "Google", resolves_by=LATER)
    for number in range(8):
        story.says(prediction, [0.5, 0.5], forecaster=story.forecaster(f"model-{number}"), at=START + number * DAY)
    page = page_of(client, prediction)
    assert row_of(page, "Google") == "Google" + " 50 %" * 6
    assert "2 more forecasters in the list above." in page.text


def test_a_number_shows_medians_and_intervals_and_what_it_was(client: Client, story: Story) -> None:
    prediction = story.number("0", "200", open_above=True)
    story.says(prediction, "100: 50 %\n200: 90 %")
    before = page_of(client, prediction)
    assert "Range 0 to 200, or above" in before.text
    # Evenly from 0 to 100 for the lower half: 2 for each per cent; from there to 200 for 40 %: 2.5.
    high = f"{100 + 2.5 * 25}"
    assert row_of(before, "Policy desk") == f"Policy desk 100 50 to {high} 20 to 200 10 to above 200"
    assert "What happened" not in before.text
    story.resolves(prediction, "133", known_at=DEADLINE)
    after = page_of(client, prediction)
    assert row_of(after, "What happened") == "What happened 133"
    assert in_order(after.text, prediction.statement, "133", "Known 30 June 2026")


def test_a_date_shows_dates_and_what_lies_after_the_limit(client: Client, story: Story) -> None:
    prediction = story.date("2025-12-31", "2026-06-29")
    story.says(prediction, "2026-03-31: 50 %")
    page = page_of(client, prediction)
    assert "Range 2025-12-31 to 2026-06-29, or not by then" in page.text
    # Half of it evenly over 90 days: 1.8 for each per cent, so that the first quarter is over during the 45th.
    assert row_of(page, "Policy desk") == (
        "Policy desk 2026-03-31 2026-02-14 to after 2026-06-29 2026-01-18 to after 2026-06-29 "
        "2026-01-09 to after 2026-06-29"
    )
    story.resolves(prediction, "not_before", known_at=DEADLINE)
    assert row_of(page_of(client, prediction), "What happened") == "What happened Not by 2026-06-29"


def test_what_was_withdrawn_stands_nowhere_but_in_the_record(client: Client, story: Story) -> None:
    prediction = story.choice("Anthropic", "Google", resolves_by=LATER)
    story.says(prediction, [0.4, 0.6])
    story.withdraws(prediction, at=START + DAY)
    page = page_of(client, prediction)
    assert "Option by option" not in page.text
    assert in_order(page.text, "Forecasts over time", "withdrawn", "Anthropic 40 %, Google 60 %")


@pytest.mark.parametrize("kind", ["options", "number", "date"])
def test_what_was_said_when_is_told_in_full(client: Client, story: Story, kind: str) -> None:
    prediction, first, second, told = {
        "options": lambda: (
            story.choice("Anthropic", "Google", "nobody", resolves_by=LATER),
            [0.4, 0.6, 0],
            [0.2, 0.5, 0.3],
            ("Anthropic 20 %, Google 50 %, nobody 30 %", "Anthropic 40 %, Google 60 %"),
        ),
        "number": lambda: (
            story.number("0", "100", resolves_by=LATER),
            "50: 50 %",
            "40: 50 %",
            ("median 40, 80 % from 8 to 88", "median 50, 80 % from 10 to 90"),
        ),
        "date": lambda: (
            story.date("2025-12-31", "2026-12-31", resolves_by=LATER),
            "2026-01-10: 100 %",
            "2026-01-20: 100 %",
            (
                "median 2026-01-10, 80 % from 2026-01-02 to 2026-01-18",
                "median 2026-01-05, 80 % from 2026-01-01 to 2026-01-09",
            ),
        ),
    }[kind]()
    story.says(prediction, first)
    story.says(prediction, first, at=START + DAY)
    story.says(prediction, second, at=START + 2 * DAY)
    page = page_of(client, prediction)
    assert in_order(page.text, "Forecasts over time", *told)
    assert page.text.count(told[1]) == 1  # the same again is no change
    assert "<svg" not in page.html


def test_lists_say_in_short_what_was_said_and_what_happened(client: Client, story: Story) -> None:
    choice, number = story.choice("Anthropic", "Google"), story.number("0", "200")
    story.says(choice, [0.4, 0.6])
    story.says(number, "120: 50 %")
    story.resolves(choice, "Anthropic", known_at=DEADLINE)
    story.resolves(number, "133", known_at=DEADLINE)
    listed = read(client, "/predictions/").text
    assert in_order(listed, "median 120", "133", "Google 60 %", "Anthropic")
    assert in_order(read(client, "/").text, "What happened lately", "median 120", "133", "Google 60 %", "Anthropic")


def test_versions_show_the_ends_of_a_range_as_people_type_them(client: Client, story: Story) -> None:
    prediction = story.number("0", "200.50", resolves_by=LATER)
    story.amends(prediction, {"kind": "date", "range_min": 20_454, "range_max": 20_634})
    page = page_of(client, prediction)
    assert in_order(page.text, "Range min 0 2025-12-31", "Range max 200.5 2026-06-29", "Range max 200.5")


def test_hostile_names_of_options_are_only_text(client: Client, story: Story) -> None:
    evil = '<script>alert("1")</script>\u202e'
    prediction = story.choice(evil, "w" * 10_000)
    story.says(prediction, [0.4, 0.6])
    story.resolves(prediction, evil, known_at=DEADLINE)
    assert page_of(client, prediction).text.count(evil) >= 3
    read(client, "/predictions/")


def test_the_number_of_queries_does_not_grow_with_the_forecasts(
    client: Client, story: Story, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    prediction = story.choice("Anthropic", "Google")
    for number in range(8):
        story.says(prediction, [0.5, 0.5], forecaster=story.forecaster(f"model-{number}"))
    story.resolves(prediction, "Google", known_at=DEADLINE)
    story.corrects(prediction, "Anthropic", known_at=DEADLINE, at=DEADLINE + DAY)
    with django_assert_max_num_queries(18):
        page_of(client, prediction)
