import datetime as dt
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import translation

from tests.story import DAY, DEADLINE, START, Story
from tests.web.reading import drawn, in_order, read

pytestmark = pytest.mark.django_db
LATER = DEADLINE + 100 * DAY


def settle(story: Story, *, yes: int, no: int, probability: float = 0.7) -> None:
    for n in range(yes + no):
        story.settled(probability, "yes" if n < yes else "no")
    story.scores()


def test_it_works(client: Client, story: Story) -> None:
    settle(story, yes=21, no=9)
    page = read(client, "/")
    assert in_order(
        page.text,
        "When forecasters said about 70 %, it happened 21 of 30 times (70 %).",
        "Verdict: well calibrated",
        "30 predictions of yes or no made",
        "30 settled and counted",
        "How often it happened",
        "What happened lately",
        "Due soon",
        "Newest predictions",
        "Forecasters",
    )


def test_an_empty_site_says_what_it_is_and_that_nothing_is_settled(client: Client, db: None) -> None:
    page = read(client, "/")
    assert "Nothing has been predicted here yet, so there is nothing to judge." in page.text
    assert "This site keeps dated predictions" in page.text
    assert page.headings == ["What was predicted, and what happened"]


def test_one_open_prediction_is_no_ground_for_a_verdict(client: Client, story: Story) -> None:
    story.says(story.opened(resolves_by=LATER), 0.7)
    page = read(client, "/")
    told = "The only prediction does not count yet: it is still open."
    assert in_order(page.text, told, "too early to say", "1 prediction of yes or no made", "1 still open")
    assert "Brier score" not in page.text


def test_where_all_is_void_nothing_is_scored_and_every_one_is_counted(client: Client, story: Story) -> None:
    for _ in range(2):
        prediction = story.opened()
        story.says(prediction, 0.7)
        story.resolves(prediction, "premise_failed", known_at=START + DAY)
    story.scores()
    page = read(client, "/")
    assert in_order(
        page.text,
        "None of the 2 predictions counts yet: they are void.",
        "2 predictions of yes or no made",
        "2 void",
        "Void, scored nowhere: 2 because the premise failed.",
    )


@pytest.mark.parametrize(("n", "shows_score", "shows_curve"), [(9, False, False), (10, True, False), (30, True, True)])
def test_what_is_shown_depends_on_how_many_are_settled(
    client: Client, story: Story, n: int, shows_score: bool, shows_curve: bool
) -> None:
    settle(story, yes=n, no=0)
    page = read(client, "/")
    assert ("Said about 70" in page.text or "What was forecast" in page.text) == shows_score
    assert ("What was forecast" in page.text) == shows_curve
    assert ("too early to say" in page.text) == (not shows_curve)


def test_misses_are_as_loud_as_hits(client: Client, story: Story) -> None:
    hit, miss = story.settled(0.9, "yes"), story.settled(0.95, "no")
    page = read(client, "/")
    rows = page.html[page.html.index("What happened lately") : page.html.index("Due soon")]
    for statement, word, said in ((hit.statement, "It happened", "90"), (miss.statement, "It did not happen", "95")):
        assert in_order(rows, statement, f'<span class="value"><bdi>{said}\N{NO-BREAK SPACE}%', word)


def test_a_headline_that_is_not_live_is_named(client: Client, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7, basis="implied", wording="is likely to", wording_table="1")
    story.passes(prediction)
    story.resolves(prediction, "yes", known_at=DEADLINE + DAY)
    story.scores()
    assert "probabilities implied by the wording. Until live forecasts" in read(client, "/").text


def test_drafts_are_nowhere(client: Client, story: Story) -> None:
    story.opened(resolves_by=LATER)
    draft = story.draft(statement="A secret draft will be published by June.")
    assert draft.statement not in read(client, "/").html


def test_it_answers_304_until_something_is_decided(client: Client, story: Story) -> None:
    story.says(story.opened(resolves_by=LATER), 0.7)
    tag = client.get("/")["ETag"]
    same = client.get("/", headers={"If-None-Match": tag})
    assert (same.status_code, same.content, same["Cache-Control"]) == (304, b"", "public, no-cache")
    story.opened(resolves_by=LATER)
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_it_answers_anew_when_a_deadline_has_passed(client: Client, story: Story, clock: Any) -> None:
    story.says(story.opened(resolves_by=LATER), 0.7)
    tag = client.get("/")["ETag"]
    clock.now = LATER + dt.timedelta(seconds=1)
    answer = client.get("/", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert b"Not yet rated by us" in answer.content


def test_the_number_of_queries_does_not_grow(client: Client, story: Story, django_assert_max_num_queries: Any) -> None:
    settle(story, yes=7, no=3)
    with django_assert_max_num_queries(18):
        client.get("/")
    settle(story, yes=14, no=6)
    with django_assert_max_num_queries(18):
        client.get("/")
    tag = client.get("/")["ETag"]
    with django_assert_max_num_queries(2):
        assert client.get("/", headers={"If-None-Match": tag}).status_code == 304


def test_where_decimals_have_commas_the_drawing_stays_the_same(client: Client, story: Story) -> None:
    settle(story, yes=21, no=9)
    english = read(client, "/").html
    with override_settings(LANGUAGE_CODE="de", USE_THOUSAND_SEPARATOR=True), translation.override("de"):
        german = read(client, "/").html
    assert drawn(german) == drawn(english) != []


def test_hostile_text_is_only_text(client: Client, story: Story) -> None:
    statement = "<script>alert(1)</script> \u202eesrever" + "x" * 10_000
    story.says(story.opened(statement=statement, resolves_by=LATER), 0.7, forecaster=story.forecaster("a-b"))
    page = read(client, "/")
    assert "<script>alert(1)</script>" in page.text
    assert max(map(len, page.text.split())) < 400
