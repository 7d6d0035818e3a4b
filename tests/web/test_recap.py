from typing import Any

import pytest
from django.test import Client

from tests.story import DAY, DEADLINE, Story
from tests.web.conftest import Clock
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
WEEK = "/recap/2026-W27/"  # 29 June to 5 July, in which `settled` resolves
EVIL = "<script>alert(1)</script>\u202e"


def test_it_works(client: Client, story: Story) -> None:
    story.settled(0.9, "yes", statement="The hit will come by June.")
    story.settled(0.8, "no", statement="The miss will come by June.")
    story.settled(0.6, "ambiguous_criteria")
    story.opened(statement="The next one will come by July.", resolves_by=DEADLINE + 10 * DAY)
    page = read(client, WEEK)
    assert in_order(
        page.text,
        "Recap of week 2026-W27",
        "29 June to 5 July 2026",
        "3 predictions were resolved. Of the forecasts that leant one way, 1 missed and 1 hit.",
        "1 of them is void.",
        "Biggest surprise",
        "The miss will come",
        "20 % left for it",
        "Resolved",
        "The miss will come",
        "Policy desk: 80 %, miss",
        "The hit will come",
        "Policy desk: 90 %, hit",
        "Due in the week after",
        "The next one will come by July.",
    )
    assert {"/recap/2026-W26/", "/recap/2026-W28/", "/year/2026/"} <= set(page.links)


def test_the_index_leads_to_the_last_week_that_is_over(client: Client) -> None:
    answer = client.get("/recap/")  # on 14 July
    assert (answer.status_code, answer["Location"]) == (302, "/recap/2026-W28/")


def test_a_week_that_runs_says_so(client: Client, story: Story, clock: Clock) -> None:
    page = read(client, "/recap/2026-W29/")
    assert "This week is not over" in page.text
    assert "/recap/2026-W30/" not in page.links
    assert "Nothing was resolved, corrected or opened." in page.text
    tag = client.get("/recap/2026-W29/")["ETag"]
    clock.now += 7 * DAY
    assert client.get("/recap/2026-W29/", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/recap/2026-W30/", "/recap/2026-W54/", "/recap/2026/", "/recap/x/", "/year/2027/", "/year/26/", "/year/2026-W1/"],
)
def test_what_has_not_begun_or_is_none_is_404(client: Client, address: str) -> None:
    read(client, address, status=404)


def test_it_takes_no_parameters(client: Client) -> None:
    assert "this page takes no parameters" in read(client, f"{WEEK}?page=2", status=400).text.lower()


def test_a_year_tells_all_of_it(client: Client, story: Story) -> None:
    story.settled(0.7, "yes")
    page = read(client, "/year/2026/")
    assert in_order(page.text, "Recap of a year", "1 January to 31 December 2026", "1 prediction was resolved", "New")
    assert "/year/2025/" not in page.links


def test_hostile_text_is_only_text(client: Client, story: Story) -> None:
    row = story.settled(0.7, "no", statement=EVIL)
    row.refresh_from_db()
    story.corrects(row, "yes", known_at=DEADLINE + DAY, at=DEADLINE + 8 * DAY)
    assert read(client, WEEK).text.count("<script>alert(1)</script>") == 2  # the surprise, and the list
    assert "since corrected to: It happened" in read(client, WEEK).text


def test_it_answers_304_and_its_queries_do_not_grow(
    client: Client, story: Story, django_assert_max_num_queries: Any
) -> None:
    for outcome in ("yes", "no", "no"):
        story.settled(0.7, outcome)
    with django_assert_max_num_queries(16):
        tag = client.get(WEEK)["ETag"]
    with django_assert_max_num_queries(2):
        assert client.get(WEEK, headers={"If-None-Match": tag}).status_code == 304
