"""Lists at the desk: they say what Django's own table would, and ask as often however many rows they show."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import result_list
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forecasts.models import LedgerEntry, Prediction, SavedFilter
from tests.journeys.desk import Desk
from tests.records import proposes
from tests.story import DAY, DEADLINE, START, Story, make_user

LISTS = [
    reverse(f"admin:forecasts_{model._meta.model_name}_changelist")
    for model in admin.site._registry
    if model._meta.app_label == "forecasts"
]
PREDICTIONS = reverse("admin:forecasts_prediction_changelist")
FILTER = reverse("admin:forecasts_prediction_filter")
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
    assert compared > 5


def test_more_rows_need_no_more_queries(desk: Desk, story: Story) -> None:
    asked = {}
    for times in (1, 2):
        caches["local"].clear()  # which years there are is asked once a minute
        for address in LISTS:
            with CaptureQueriesContext(connection) as captured:
                desk.get(address)
            assert asked.setdefault(address, len(captured)) == len(captured), [each["sql"] for each in captured]
        if times == 1:
            fill(story)


QUERY = "status__exact=open&q=gazette"


def test_a_narrowed_list_is_kept_and_forgotten(story: Story) -> None:
    desk, other = Desk(story.editor), Desk(story.approver)
    assert b"Keep this list" not in desk.get(PREDICTIONS).content
    assert b"Keep this list" in desk.get(f"{PREDICTIONS}?{QUERY}").content
    kept = desk.send(FILTER, name="Open ones", query=f"{QUERY}&p=3")
    assert kept["Location"] == f"{PREDICTIONS}?{QUERY}&p=3"
    desk.send(FILTER, name="Open ones", query=QUERY)
    row = SavedFilter.objects.get()
    assert (row.user, row.noun, row.query) == (story.editor, "prediction", QUERY)
    assert f'<a href="?{QUERY.replace("&", "&amp;")}">Open ones</a>' in desk.get(PREDICTIONS).content.decode()
    assert "Open ones" not in other.get(PREDICTIONS).content.decode()
    assert "Open ones" not in desk.get("/desk/forecasts/finding/").content.decode()
    other.send(FILTER, forget=row.pk)
    desk.send(FILTER, forget="9" * 30)
    assert SavedFilter.objects.exists()
    assert desk.send(FILTER, forget=row.pk, query=QUERY)["Location"] == f"{PREDICTIONS}?{QUERY}"
    assert not SavedFilter.objects.exists()
    assert not LedgerEntry.objects.filter(subject__contains="filter").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " ", "query": QUERY}, "name: '' is not accepted; give a name, of at most 60 characters"),
        ({"name": "n" * 61, "query": QUERY}, "give a name, of at most 60 characters"),
        ({"name": "All", "query": ""}, "give a list that is narrowed, searched or sorted, of at most 1000 characters"),
        ({"name": "Long", "query": f"q={'w' * 1_000}"}, "of at most 1000 characters"),
        ({"name": "No\0thing", "query": QUERY}, "name: 'No␀thing' is not accepted; leave out the NUL character"),
        ({"name": "Another", "query": QUERY}, "at most 1 lists are kept; forget one first"),
    ],
)
def test_what_cannot_be_kept_is_said(
    story: Story, given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(story.editor)
    desk.send(FILTER, name="Mine", query=QUERY)
    monkeypatch.setattr(import_module("forecasts.actions.save_filter"), "MOST", 1)
    answer = desk.send(FILTER, **given)
    assert said in str(list(get_messages(answer.wsgi_request))[-1])
    assert SavedFilter.objects.get().name == "Mine"


def test_a_stranger_keeps_nothing(story: Story) -> None:
    desk = Desk(make_user("stranger"))
    assert desk.try_to(FILTER, name="All", query=QUERY).status_code == 403
    assert Desk(story.editor).get(FILTER).status_code == 403
    assert not SavedFilter.objects.exists()


def test_counts_beside_the_links_are_shown_when_asked_for(desk: Desk) -> None:
    page = desk.get(f"{PREDICTIONS}?_facets=True").content.decode()
    assert re.search(r"Draft\s*\(\d\)", page, re.IGNORECASE)
    assert "Show counts" in desk.get(PREDICTIONS).content.decode()
    forecasts = desk.get("/desk/forecasts/forecast/?_facets=True").content.decode()
    assert "Show counts" not in forecasts
    assert not re.search(r"Live\s*\(\d\)", forecasts, re.IGNORECASE)


def test_only_the_first_rows_are_counted(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecasts.admin.lists.MOST", 2)
    monkeypatch.setattr(admin.site.get_model_admin(Prediction), "list_per_page", 1)
    desk = Desk(story.editor)
    for said in ("1 prediction", "2 predictions", "more than 2 predictions"):
        story.opened()
        assert " ".join(desk.get(PREDICTIONS).content.decode().split()).count(f"{said} ") == 1
    assert desk.get(f"{PREDICTIONS}?p=2").status_code == 200
    assert desk.get(f"{PREDICTIONS}?p=3").status_code == 302
