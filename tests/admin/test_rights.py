"""Person by person: what docs/rights.md says is what the desk allows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from forecasts.admin.base import ActionAdmin
from tests.journeys.desk import Desk
from tests.story import DAY, DEADLINE, START, Story, make_user

PAGE = (Path(__file__).parents[2] / "docs" / "rights.md").read_text()
GROUPS = ("", "Editors", "Approvers", "Operators")
REGISTERED = {str(model._meta.verbose_name_plural): model for model in admin.site._registry}
BY_RIGHT = {
    "keep_predictions": "Editors",
    "propose_resolutions": "Editors",
    "resolve_predictions": "Approvers",
    "operate_sources": "Operators",
    "operate_webhooks": "Operators",
    "operate_keys": "Operators",
}


def table(columns: int) -> Iterator[list[str]]:
    rows = ([cell.strip() for cell in line.strip("|\n").split("|")] for line in PAGE.splitlines() if line[:1] == "|")
    return (row for row in rows if len(row) == columns and row[0] not in ("page", "button") and "---" not in row[0])


PAGES = {row[0]: dict(zip(GROUPS, row[1:], strict=True)) for row in table(5)}
BUTTONS = [tuple(row) for row in table(3)]


def persons(group: str) -> Desk:
    return Desk(make_user("somebody", *([group] if group else [])))


def allowed(desk: Desk, name: str) -> str:
    """What the desk lets a person do with the rows of a noun."""
    meta = REGISTERED[name]._meta
    base = f"admin:{meta.app_label}_{meta.model_name}"
    if desk.get(reverse(f"{base}_changelist")).status_code == 403:
        return "no"
    return "change" if may_change(desk, name) else "read"


def may_change(desk: Desk, name: str) -> bool:
    """Where rows cannot be added, neither can they be changed."""
    meta = REGISTERED[name]._meta
    return desk.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_add")).status_code == 200


def test_every_page_and_button_of_the_desk_is_in_the_tables() -> None:
    assert set(PAGES) == set(REGISTERED)
    verbs = [
        (verb.label, name, BY_RIGHT[verb.right])
        for name, model in REGISTERED.items()
        if isinstance(found := admin.site._registry[model], ActionAdmin)
        for verb in found.verbs
    ]
    assert sorted(BUTTONS) == sorted(verbs)


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_may_do_what_the_table_says(story: Story, group: str) -> None:
    desk = persons(group)
    assert {name: allowed(desk, name) for name in PAGES} == {name: row[group] for name, row in PAGES.items()}


def test_without_a_login_every_page_asks_for_one(db: None) -> None:
    for model in REGISTERED.values():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for url in (reverse(f"{base}_changelist"), reverse(f"{base}_add")):
            answer = Client().get(url)
            assert (answer.status_code, answer.headers.get("Location", "")[:12]) == (302, "/desk/login/")


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_presses_its_own_buttons_and_no_others(story: Story, group: str) -> None:
    """Every button is tried on rows of many states; some row must fit whoever has the right."""
    story.settled(0.7, "yes")
    story.draft()
    story.proposes(story.opened(), "yes", known_at=DEADLINE + DAY)
    story.unreviews(story.sees(story.opened(), at=START + DAY))
    desk = persons(group)
    pressed = set()
    for label, name, whose in BUTTONS:
        model = REGISTERED[name]
        verb = next(verb for verb in admin.site._registry[model].verbs if verb.label == label)  # type: ignore[attr-defined]
        pages = [
            reverse(f"admin:forecasts_{model._meta.model_name}_do", args=[row.pk, verb.name])
            for row in model._default_manager.all()
            if verb.fits(row)
        ]
        for page in pages:
            assert desk.get(page).status_code == (200 if group == whose else 403), page
            pressed.add(label)
    assert {"Open", "Accept", "Record a forecast", "Accept as evidence", "Propose a resolution"} <= pressed


def test_nobody_deletes_not_even_a_superuser(story: Story) -> None:
    story.settled(0.7, "yes")
    user = make_user("root")
    user.is_superuser = True
    user.save()
    desk = Desk(user)
    for name, model in REGISTERED.items():
        row = model._default_manager.first()
        if row is not None:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_delete", args=[row.pk])
            assert desk.client.post(url, {"post": "yes"}).status_code == 403, name
