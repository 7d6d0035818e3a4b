"""The desk's first page: what can be done to a row without leaving it."""

import lxml.html
import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecasts.models import Finding, LedgerEntry, Prediction
from tests.journeys.desk import Desk
from tests.story import DAY, DEADLINE, START, Story, make_user

PAGE = "/desk/"


def offered(desk: Desk) -> dict[str, str]:
    """The verbs beside the rows: where each leads, and what it is called aloud."""
    page = lxml.html.fromstring(desk.get(PAGE).content.decode())
    found = page.xpath("//*[@class='desk-verbs']/*")
    return {PAGE + (each.get("formaction") or each.get("href")): each.get("aria-label") for each in found}


def test_evidence_is_taken_and_dismissed_with_one_click(story: Story) -> None:
    rows = [story.unreviews(story.sees(story.opened(), at=START + day * DAY)) for day in (1, 2)]
    desk = Desk(story.editor)
    for row, verb, review in zip(rows, ("accept", "dismiss"), ("accepted", "dismissed"), strict=True):
        address = f"/desk/forecasts/finding/{row.pk}/do/{verb}/"
        assert address in offered(desk)
        assert desk.send(address, desk="1")["Location"] == PAGE
        assert Finding.objects.get(pk=row.pk).review == review
        assert address not in offered(desk)


def test_a_click_on_what_was_decided_meanwhile_leads_back_to_the_desk(story: Story) -> None:
    """Two clicks, or two editors of whom one had the desk open for a while."""
    row = story.unreviews(story.sees(story.opened(), at=START))
    desk, address = Desk(story.editor), f"/desk/forecasts/finding/{row.pk}/do/accept/"
    desk.send(address, desk="1")
    again = desk.send(address, desk="1")
    assert again["Location"] == PAGE
    (_, told) = map(str, get_messages(again.wsgi_request))
    assert told == f"Accept as evidence: nothing was done; it was decided already: {row}"
    assert LedgerEntry.objects.filter(kind="finding.reviewed").count() == 1
    assert desk.try_to(address).status_code == 403
    assert Desk(make_user("operator", "Operators")).try_to(address, desk="1").status_code == 403


def test_each_is_offered_what_they_may_do(story: Story) -> None:
    row = story.opened(resolves_by=DEADLINE)
    story.unreviews(story.sees(row, at=START + DAY))
    assert {label.partition(":")[0] for label in offered(Desk(story.editor)).values()} == {
        "Accept as evidence", "Dismiss", "Propose a resolution",
    }  # fmt: skip
    assert offered(Desk(make_user("operator", "Operators"))) == {}


def test_a_draft_says_what_it_lacks_and_opens_with_one_click_when_it_lacks_nothing(story: Story) -> None:
    later = timezone.now() + DAY
    ready, lacking = (
        story.draft(resolves_by=later),
        story.draft(statement="Soon it will be better.", resolution_source=""),
    )
    desk = Desk(story.editor)
    page = lxml.html.fromstring(desk.get(PAGE).content.decode())
    notes = [each.text_content() for each in page.xpath("//section[h2[starts-with(., 'Drafts')]]//li/span[1]")]
    assert notes == ["ready to open", "not yet: observable, source"]
    assert desk.send(f"/desk/forecasts/prediction/{ready.pk}/do/open/", desk="1")["Location"] == PAGE
    refused = desk.try_to(f"/desk/forecasts/prediction/{lacking.pk}/do/open/", desk="1")
    assert (refused.status_code, b"Nothing was saved" in refused.content) == (200, True)
    assert [Prediction.objects.get(pk=row.pk).status for row in (ready, lacking)] == ["open", "draft"]


@pytest.mark.parametrize("more", [0, 20])
def test_the_desk_asks_as_often_whatever_waits(story: Story, more: int) -> None:
    for _ in range(more):
        story.unreviews(story.sees(story.opened(), at=START + DAY))
        story.draft()
    desk = Desk(story.editor)
    with CaptureQueriesContext(connection) as captured:
        desk.get(PAGE)
    assert len(captured) <= 25, [each["sql"][:200] for each in captured]
