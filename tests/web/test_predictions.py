import datetime as dt
from typing import Any

import pytest
from django.test import Client

from forecasts.actions import merge_forecasters
from forecasts.models import Prediction
from forecasts.queries.prediction_list import STATES
from forecasts.web.listing import STATE_WORDS
from tests.story import DAY, DEADLINE, Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
LATER = DEADLINE + 100 * DAY


def test_it_works(client: Client, story: Story) -> None:
    story.says(story.opened(statement="The river will rise in May.", resolves_by=LATER), 0.7)
    page = read(client, "/predictions/")
    assert in_order(
        page.text,
        "1 prediction, newest first",
        "The river will rise in May.",
        "70 %",
        "Still open",
        "by 8 October 2026",
    )


def test_words_and_state_narrow_the_list(client: Client, story: Story) -> None:
    story.opened(statement="The river will rise in May.", resolves_by=LATER)
    story.opened(statement="The bridge will open in May.", resolves_by=LATER)
    story.opened(statement="The river will fall in May.")
    page = read(client, "/predictions/?q=river+may&state=open&topic=&forecaster=")
    assert "The river will rise in May." in page.text
    assert "The bridge will open in May." not in page.text
    assert "The river will fall in May." not in page.text
    assert '<option value="open" selected>open</option>' in page.html
    assert 'value="river may"' in page.html


def test_topic_forecaster_and_article_narrow_the_list(client: Client, story: Story) -> None:
    topic, model = story.topic("rivers"), story.forecaster("model-one")
    one = story.opened(resolves_by=LATER, topics=[topic])
    other = story.opened(resolves_by=LATER)
    story.says(one, 0.6)
    story.says(other, 0.6, forecaster=model)
    assert other.statement not in read(client, "/predictions/?topic=rivers").text
    assert one.statement not in read(client, "/predictions/?forecaster=model-one").text
    assert "No prediction fits these filters." in read(client, "/predictions/?article=none").text


@pytest.mark.parametrize("a_page", [0, 10**9])
def test_a_forecaster_has_what_they_said_by_any_name_and_a_crowd_what_anybody_said(
    client: Client, story: Story, monkeypatch: pytest.MonkeyPatch, a_page: int
) -> None:
    """Whether it is walked or read through."""
    monkeypatch.setattr("forecasts.queries.made.A_PAGE", a_page)
    other, model = story.forecaster("other"), story.forecaster("model-one")
    one, two, three, _ = (story.opened(resolves_by=LATER) for _ in range(4))
    for row, who in ((one, story.desk), (one, other), (two, other), (three, model), (three, model)):
        story.says(row, 0.6, forecaster=who, at=row.opens_at + DAY * (who == model))
    merge_forecasters(forecaster=other, into=story.desk, at=LATER, by=story.editor)
    whose = {
        "policy-desk": [two, one],
        "other": [two, one],
        "model-one": [three],
        "crowd-median": [three, two, one],
        "nobody": [],
    }
    for slug, rows in whose.items():
        page = read(client, f"/predictions/?forecaster={slug}")
        shown = [link for link in page.links if link.startswith("/predictions/t")]
        assert shown == [row.get_absolute_url() for row in rows], slug


def test_each_state_narrows_the_list_to_what_is_in_it(client: Client, story: Story) -> None:
    """As of the day on which the tests run, which is after every deadline but one."""
    far = dt.datetime(2199, 1, 1, tzinfo=dt.UTC)
    story.opened(statement="Overdue.")
    story.opened(statement="Open.", resolves_by=far, closes_at=far)
    story.opened(statement="Closed.", resolves_by=far, closes_at=DEADLINE)
    early, due = story.opened(statement="Early.", resolves_by=far), story.opened(statement="Past due.")
    story.resolves(early, "yes", known_at=DEADLINE)
    story.passes(due)
    story.resolves(due, "no", known_at=DEADLINE)
    story.corrects(due, "yes", known_at=DEADLINE, at=DEADLINE + 3 * DAY)
    story.resolves(story.opened(statement="Void."), "duplicate", known_at=DEADLINE)
    held = {
        "open": {"Open."}, "closed": {"Closed."}, "due": {"Open.", "Closed."}, "overdue": {"Overdue."},
        "resolved": {"Early.", "Past due."}, "early": {"Early."}, "corrected": {"Past due."}, "void": {"Void."},
    }  # fmt: skip
    assert set(held) == set(STATES) == set(STATE_WORDS)
    for state, statements in held.items():
        page = read(client, f"/predictions/?state={state}")
        shown = {row.statement for row in Prediction.objects.all() if row.get_absolute_url() in page.links}
        assert shown == statements, state


def test_pages_follow_each_other_without_gap_or_repeat(client: Client, story: Story) -> None:
    made = [story.opened(resolves_by=LATER).slug for _ in range(31)]
    first = read(client, "/predictions/?state=open")
    older = next(link for link in first.links if "below=" in link)
    second = read(client, f"/predictions/{older}")
    shown = [link.split("/")[2] for page in (first, second) for link in page.links if link.startswith("/predictions/t")]
    assert shown == made[::-1]
    assert older == f"?state=open&below={made[1]}"
    assert "?state=open" in second.links
    assert not any("below=" in link for link in second.links)


@pytest.mark.parametrize(
    ("query", "parameter", "value", "accepted"),
    [
        ("colour=red", "colour", "red", "The filters are q, state, topic, forecaster, article."),
        ("state=won", "state", "won", "Give one of open, closed, due, overdue, resolved, early, corrected, void."),
        ("below=nothing", "below", "nothing", "Give the slug of a prediction"),
        ("q=a&q=b", "q", "['a', 'b']", "Give it once."),
        ("q=a%00b", "q", "a␀b", "Leave out the NUL character."),
        ("state=" + "x" * 10_000, "state", "x" * 70, "Give one of"),
        ("state=%3Cscript%3E", "state", "<script>", "Give one of"),
    ],
)
def test_what_cannot_be_asked_is_answered_with_what_can(
    client: Client, query: str, parameter: str, value: str, accepted: str
) -> None:
    page = read(client, f"/predictions/?{query}", status=400)
    assert in_order(page.text, "Parameter", parameter, "Value", value, "Accepted", accepted)


def test_a_draft_is_neither_listed_nor_a_place_to_start_from(client: Client, story: Story) -> None:
    draft = story.draft(statement="A secret draft will be published by June.")
    assert draft.statement not in read(client, "/predictions/").html
    read(client, f"/predictions/?below={draft.slug}", status=400)


def test_it_answers_304_until_something_is_decided(client: Client, story: Story) -> None:
    tag = client.get("/predictions/")["ETag"]
    assert client.get("/predictions/", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/predictions/?state=open", headers={"If-None-Match": tag}).status_code == 200
    story.opened(resolves_by=LATER)
    assert client.get("/predictions/", headers={"If-None-Match": tag}).status_code == 200


def test_the_number_of_queries_does_not_grow(client: Client, story: Story, django_assert_max_num_queries: Any) -> None:
    for _ in range(31):
        story.says(story.opened(resolves_by=LATER), 0.7)
    with django_assert_max_num_queries(7):
        client.get("/predictions/")


def test_only_the_latest_of_many_forecasts_is_read(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    for day in range(1, 5):
        story.says(prediction, day / 10, at=DEADLINE + day * DAY)
    page = read(client, "/predictions/")
    assert "40 %" in page.text
    assert "30 %" not in page.text
