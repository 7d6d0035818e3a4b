"""The page on which a proposal is decided: all that is needed in sight, and the decision one click away."""

import html

import pytest
from django.test.utils import CaptureQueriesContext

from forecasts.models import Prediction, Proposal
from tests.journeys.desk import Desk
from tests.story import DAY, DEADLINE, START, Story, make_user


def page_of(row: Proposal) -> str:
    return f"/desk/forecasts/proposal/{row.pk}/change/"


@pytest.fixture
def proposal(story: Story) -> Proposal:
    from_evidence = story.opened()
    story.says(from_evidence, 0.7)
    finding = story.sees(from_evidence, at=START + DAY)
    return story.proposes_from(from_evidence, "yes", [finding], known_at=DEADLINE + DAY)


def test_it_works(story: Story, proposal: Proposal) -> None:
    desk = Desk(story.approver)
    page = html.unescape(desk.get(page_of(proposal)).content.decode())
    row = proposal.prediction
    for words in (
        row.statement,
        row.criteria,
        "Proposed: It happened",
        "it was in the gazette",
        "70",
        "What was seen",
        "<mark>",
    ):
        assert words in page, words
    answer = desk.do(proposal, "accept", note="")
    assert "Accepted, " in desk.get(answer["Location"]).content.decode()
    row.refresh_from_db()
    assert row.status == "resolved"


def test_a_rejection_says_why_on_the_page(story: Story, proposal: Proposal) -> None:
    desk = Desk(story.approver)
    desk.do(proposal, "reject", reason="too_early", note="The gazette may correct it.")
    page = desk.get(page_of(proposal)).content.decode()
    assert "too early to say" in page
    assert "The gazette may correct it." in page
    assert 'value="Accept"' not in page
    assert Prediction.objects.get().status == "open"


def test_whoever_may_not_decide_sees_no_decision(story: Story, proposal: Proposal) -> None:
    page = Desk(make_user("another", "Editors")).get(page_of(proposal)).content.decode()
    assert "An approver decides." in page
    assert 'value="Accept"' not in page


def test_a_superuser_who_proposed_needs_another(story: Story) -> None:
    story.editor.is_superuser = True
    story.editor.save()
    row = story.proposes(story.opened(), "yes", known_at=DEADLINE + DAY)
    page = Desk(story.editor).try_to(f"/desk/forecasts/proposal/{row.pk}/do/accept/", note="").content.decode()
    assert "another approver than the proposer must accept" in page
    row.refresh_from_db()
    assert row.status == "waiting"


def test_neighbours_are_those_that_wait(story: Story) -> None:
    rows = [story.proposes(story.opened(), "yes", known_at=DEADLINE + day * DAY) for day in (1, 2, 3)]
    desk = Desk(story.approver)
    shown = desk.get(page_of(rows[1])).context["page"]
    assert (shown.earlier, shown.later) == (rows[0].pk, rows[2].pk)
    desk.do(rows[0], "reject", reason="off_topic", note="")
    shown = desk.get(page_of(rows[1])).context["page"]
    assert (shown.earlier, shown.later) == (None, rows[2].pk)


def test_queries_do_not_grow_with_the_findings(story: Story, queries: CaptureQueriesContext) -> None:
    counted = []
    for n in (1, 6):
        row = story.opened()
        findings = [story.sees(row, at=START + (each + 1) * DAY) for each in range(n)]
        proposal = story.proposes_from(row, "yes", findings, known_at=DEADLINE + DAY)
        desk = Desk(story.approver)
        before = len(queries.captured_queries)
        desk.get(page_of(proposal))
        counted.append(len(queries.captured_queries) - before)
    assert counted[1] <= counted[0] <= 14  # content types are read by the first page of a process


def test_hostile_words_are_text(story: Story) -> None:
    evil = "<script>alert(1)</script>"
    row = story.opened(criteria=f"Yes if {evil} is published.")
    proposal = story.proposes(row, "yes", known_at=DEADLINE + DAY)
    page = Desk(story.approver).get(page_of(proposal)).content.decode()
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page
