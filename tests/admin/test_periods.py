"""Narrowing a list of the desk by year and month, without reading all of it."""

import datetime as dt

import pytest

from forecasts.models import Prediction
from tests.journeys.desk import Desk
from tests.story import DAY, START, Story

LIST = "/desk/forecasts/prediction/"


@pytest.fixture
def desk(story: Story) -> Desk:
    for year, month in ((2026, 11), (2026, 12), (2028, 1)):
        story.opened(resolves_by=dt.datetime(year, month, 30, tzinfo=dt.UTC))
    story.draft(resolves_by=None)
    return Desk(story.editor)


def shown(desk: Desk, query: str) -> list[str]:
    rows: list[Prediction] = list(desk.get(LIST + query).context["cl"].result_list)
    return [f"{row.resolves_by:%Y-%m}" if row.resolves_by else "none" for row in rows]


def test_it_works(desk: Desk) -> None:
    assert len(shown(desk, "")) == 4
    assert shown(desk, "?period=2026") == ["2026-11", "2026-12"]
    assert shown(desk, "?period=2026-12") == ["2026-12"]
    assert shown(desk, "?period=2027") == []


def offered(desk: Desk, query: str) -> list[str]:
    rows = desk.get(LIST + query).context["cl"]
    return [choice["display"] for choice in rows.filter_specs[0].choices(rows)]


def test_years_are_offered_from_the_first_to_the_last_and_months_of_the_chosen_one(desk: Desk) -> None:
    years = ["All", "2026", "2027", "2028"]
    assert offered(desk, "") == years
    assert offered(desk, "?period=2026") == [*years, *(f"2026-{month:02}" for month in range(1, 13))]


def test_years_are_offered_where_what_came_last_was_said_first(story: Story) -> None:
    row = story.opened()
    story.says(row, 0.6, issued_at=START)
    story.says(row, 0.5, issued_at=START - 400 * DAY)
    rows = Desk(story.editor).get("/desk/forecasts/forecast/").context["cl"]
    assert [choice["display"] for choice in rows.filter_specs[0].choices(rows)] == ["All", "2026"]


@pytest.mark.parametrize("period", ["soon", "2026-13", "0", "9999", "2026-1", "-2026", "२०२६"])
def test_what_is_no_period_leads_back_to_the_list(desk: Desk, period: str) -> None:
    answer = desk.get(f"{LIST}?period={period}")
    assert (answer.status_code, answer.headers.get("Location", "")) == (302, f"{LIST}?e=1")
