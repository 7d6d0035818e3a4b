"""The recap of a week at the desk, for copying."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.journeys.desk import Desk
from tests.story import DAY, DEADLINE, Story, make_user

PAGE = "/desk/recap/"
EVIL = "It <script>alert(1)</script> will."


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: DEADLINE + 3 * DAY)


def test_it_works(story: Story) -> None:
    story.settled(0.7, "no", statement=EVIL)
    desk = Desk(story.editor)
    assert reverse("admin:recap") == PAGE
    assert f'href="{PAGE}"' in desk.get("/desk/").content.decode()
    page = desk.get(PAGE).content.decode()
    assert "27 June to 3 July 2026" in page
    assert "Of the forecasts that leant one way, 1 missed and 0 hit." in page
    assert page.count("(<b>miss</b>)") == page.count("(miss)") == 1  # on the page, and in the text to copy
    assert "<script>alert" not in page
    assert "script-src" in desk.get(PAGE)["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-07-01", "25 June to 1 July 2026"),
        ("2026-06-30", "Nothing was resolved"),
        ("1900-01-01", "Nothing was resolved"),
        ("9999-12-31", "27 June to 3 July 2026"),  # no week lies in the future
        ("yesterday", "Enter a valid date."),
        ("0001-01-01", "Ensure this value is greater than or equal to"),
    ],
)
def test_another_week_is_asked_for_by_its_last_day(story: Story, until: str, said: str) -> None:
    story.settled(0.7, "no")
    answer = Desk(story.editor).get(f"{PAGE}?until={until}")
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_it_is_for_those_who_see_predictions(story: Story) -> None:
    assert Desk(make_user("stranger")).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302
