"""Lists at the desk: they say what Django's own table would, and ask as often however many rows they show."""

from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import result_list
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.journeys.desk import Desk
from tests.records import proposes
from tests.story import DAY, DEADLINE, START, Story, make_user

LISTS = [
    reverse(f"admin:forecasts_{model._meta.model_name}_changelist")
    for model in admin.site._registry
    if model._meta.app_label == "forecasts"
]
HOSTILE = "<script>alert('no')</script> & more"


def fill(story: Story) -> None:
    """A row of most nouns, of every kind of prediction, and hostile text."""
    choice, number, date = (
        story.choice("Ruritania", HOSTILE), story.number("0", "100"), story.date("2026-02-01", "2026-12-31")
    )  # fmt: skip
    for prediction, value in ((choice, [0.3, 0.7]), (number, "40: 50 %"), (date, "2026-06-30: 50 %")):
        story.says(prediction, value)
    story.withdraws(number, at=START + DAY)
    story.resolves(choice, HOSTILE, known_at=DEADLINE)
    story.corrects(choice, "Ruritania", known_at=DEADLINE, at=DEADLINE + DAY)
    seen = story.opened(statement=HOSTILE)
    story.sees(seen, at=DEADLINE)
    proposes(seen, "yes")
    story.settled(0.7, "no")
    story.draft()
    story.scores()


@pytest.fixture
def desk(story: Story) -> Desk:
    fill(story)
    return Desk(make_user("all", "Editors", "Approvers", "Operators"))


def cells(table: lxml.html.HtmlElement) -> Iterator[tuple[Any, ...]]:
    """Of each cell: its element, its classes, its text, and where it leads."""
    for cell in table.xpath(".//tbody//*[self::td or self::th]"):
        links = tuple(cell.xpath(".//@href | .//@value | .//img/@alt"))
        yield cell.tag, cell.get("class"), " ".join(cell.text_content().split()), links


@pytest.mark.parametrize("query", ["", "?o=-1", "?p=1&q=1"])
def test_it_works(desk: Desk, query: str) -> None:
    compared = 0
    for address in LISTS:
        page = desk.get(address + query)
        if page.status_code == 302:  # a list that cannot be searched
            continue
        ours = lxml.html.fromstring(page.content.decode()).xpath("//table[@id='result_list']")
        theirs = render_to_string("admin/change_list_results.html", result_list(page.context["cl"])).strip()
        expected = [list(cells(table)) for table in lxml.html.fragments_fromstring(theirs)]
        assert [list(cells(table)) for table in ours] == expected, address
        compared += len(expected)
    assert compared > len(query)


def test_more_rows_need_no_more_queries(desk: Desk, story: Story) -> None:
    asked = {}
    for times in (1, 2):
        for address in LISTS:
            with CaptureQueriesContext(connection) as captured:
                desk.get(address)
            assert asked.setdefault(address, len(captured)) == len(captured), [each["sql"] for each in captured]
        if times == 1:
            fill(story)
