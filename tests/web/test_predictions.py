from typing import Any

import pytest
from django.test import Client

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
        ("state=won", "state", "won", "Give one of open, closed, overdue, resolved, void."),
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
