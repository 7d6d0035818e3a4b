from typing import Any

import pytest
from django.test import Client

from forecasts.actions import save_reference
from forecasts.models import Topic
from tests.story import DEADLINE, START, Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
LATER = DEADLINE.replace(year=2099)
PAGE = "/topics/gazette/"


def test_it_works(client: Client, story: Story) -> None:
    topic = story.topic("gazette")
    other = story.forecaster("model-one")
    for n in range(10):
        story.settled(0.7, "yes" if n < 7 else "no", topics=[topic])
    due = story.opened(topics=[topic], resolves_by=LATER, statement="Law 11 will be printed.")
    story.says(due, 0.2, forecaster=other)
    story.opened(topics=[topic], resolves_by=LATER, statement="Nobody has forecast law 12.")
    story.number("0", "9", topics=[topic], resolves_by=LATER, statement="How many laws will be printed?")
    story.settled(0.1, "yes")  # on no topic
    story.scores()
    page = read(client, PAGE)
    assert in_order(
        page.text,
        "Topics: everybody’s forecasts on one topic",
        "Gazette",
        "When forecasters said about 70 %, it happened 7 of 10 times (70 %).",
        "Verdict: too early to say",
        "11 predictions of yes or no made",
        "10 settled and counted",
        "Score",
        "The mean Brier score is 0.210",
        "Even guess",
        "Over time",
        "Score over time",
        "Calibration over time",
        "Evidence against calibration",
        "Biggest surprises",
        "70 % said",
        "It did not happen",
        "Policy desk",
        "Due",
        "Law 11",
        "Model One",
        "Predictions",
        "Nobody has forecast law 12.",
        "Method and citation",
    )
    assert "How many laws will be printed?" in page.text  # the list has every kind
    for link in ("/predictions/?topic=gazette", "/api/v1/scorecards/topic/gazette"):
        assert link in page.links
    assert in_order(read(client, "/topics/").text, "Gazette", "10 settled")


def test_with_nothing_said_there_is_nothing_to_judge(client: Client, story: Story) -> None:
    story.topic("gazette")
    assert "Nothing has been forecast yet" in read(client, PAGE).text
    assert in_order(read(client, "/topics/").text, "Gazette", "0 settled")


def test_one_that_is_not_there_is_404(client: Client, db: None) -> None:
    read(client, PAGE, status=404)
    assert "There is no topic yet." in read(client, "/topics/").text


def test_what_cannot_be_asked_is_answered_with_what_can(client: Client, story: Story) -> None:
    story.topic("gazette")
    page = read(client, f"{PAGE}?topic=other", status=400)
    assert in_order(page.text, "topic", "other", "The parameters here are kind, track, cohort, counting, basis, scale.")


def test_the_extremes_are_drawn_apart_where_they_are_asked_for(client: Client, story: Story) -> None:
    topic = story.topic("gazette")
    for n in range(30):
        story.settled(0.99, "yes" if n else "no", topics=[topic])
    story.scores()
    plain = read(client, PAGE)
    link = next(link for link in plain.links if "scale=log-odds" in link)
    apart = read(client, PAGE + link.partition("#")[0])
    assert "Both axes by log odds" not in plain.text
    assert "Both axes by log odds" in apart.text
    assert {"calibration", "extremes"} <= set(apart.ids)
    assert "Under every proper score" in plain.text


def test_all_void_is_told_with_its_reasons(client: Client, story: Story) -> None:
    topic = story.topic("gazette")
    for _ in range(2):
        story.settled(0.7, "premise_failed", topics=[topic])
    story.scores()
    text = read(client, PAGE).text
    assert in_order(text, "None of the 2 predictions counts yet: they are void.", "Void, scored nowhere")


def test_it_answers_304_and_its_queries_do_not_grow(
    client: Client, story: Story, django_assert_max_num_queries: Any
) -> None:
    topic = story.topic("gazette")
    for n in range(5):
        story.settled(0.7, "yes" if n % 2 else "no", topics=[topic])
        story.says(story.opened(topics=[topic]), 0.4)
    story.scores()
    with django_assert_max_num_queries(8):
        tag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
    with django_assert_max_num_queries(3):
        client.get("/topics/")


def test_hostile_text_is_only_text(client: Client, story: Story) -> None:
    evil = '"><script>alert(1)</script>\u202e' + "m" * 150
    row = Topic(slug="gazette", name=evil, description="<b>" + "d" * 10_000)
    topic = save_reference(row=row, at=START, by=story.editor)
    said = story.forecaster("x")
    story.says(story.opened(topics=[topic], statement="<i>" + "s" * 3_000), 0.4, forecaster=said)
    page = read(client, PAGE)
    assert evil in page.text
    assert topic.description in page.text
    assert evil in read(client, "/topics/").text
