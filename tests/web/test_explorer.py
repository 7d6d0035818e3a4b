from typing import Any

import pytest
from django.test import Client

from tests.story import DEADLINE, Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
PAGE = "/calibration/"


def test_it_works(client: Client, story: Story) -> None:
    topic = story.topic("gazette")
    for n in range(10):
        story.settled(0.7, "yes" if n < 7 else "no", topics=[topic])
    story.settled(0.7, "yes", resolves_by=DEADLINE.replace(month=5, day=31))
    story.scores()
    whose, how = "forecaster=policy-desk&topic=gazette&article=&kind=binary", "track=live&cohort=due&basis=explicit"
    asked = f"{whose}&counting=first&{how}&lead=&from=2026-06&to="  # as the form sends it
    page = read(client, f"{PAGE}?{asked}")
    given = "&".join(part for part in asked.split("&") if not part.endswith("="))
    body = client.get(f"/api/v1/calibration?{given}").json()
    assert body["n_predictions"] == 10
    assert in_order(
        page.text,
        "Forecasts of Policy desk on Gazette: live, given as numbers, counting the first, predictions past their "
        "deadline, deadlines from 2026-06.",
        "On average they said 70 %, and 70 % happened.",
        "10 predictions of yes or no made",
        f"The mean Brier score is {body['brier']['value']:.3f}",
        "Cite these figures",
        "/calibration/?forecaster=policy-desk&topic=gazette&kind=binary",
        body["digest"],
        f"Engine {body['engine']}",
        "As of",
    )
    assert body["url"] in page.links
    assert 'value="policy-desk"' in page.html
    assert 'value="2026-06"' in page.html


def test_everybody_is_asked_about_first(client: Client, story: Story) -> None:
    for n in range(10):
        story.settled(0.7, "yes" if n < 7 else "no")
    story.scores()
    page = read(client, PAGE)
    assert in_order(page.text, "Everybody’s forecasts: live", "When forecasters said about 70 %", "Over time")
    assert "<details open>" in page.html


def test_other_tables_are_named_where_there_is_nothing(client: Client, story: Story) -> None:
    wording = story.opened()
    story.says(wording, 0.8, basis="implied", wording="is likely to", wording_table="1")
    story.passes(wording)
    story.resolves(wording, "yes", known_at=DEADLINE)
    story.scores()
    page = read(client, PAGE)
    assert "There is something on other tables: probabilities implied by the wording (1)." in page.text
    link = next(link for link in page.links if "basis=implied" in link)
    assert "1 of 1 prediction is settled" in read(client, PAGE + link).text


@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        ("track=best", "track", "Give one of live, backfilled, imported, all."),
        ("forecaster=nobody", "forecaster", "Give a slug, as /api/v1/forecasters lists them."),
        ("article=none", "article", "Give a slug"),
        ("from=June", "from", "Give a month such as 2026-03."),
        ("from=2026-06&to=2026-05", "to", "Give a month not before 2026-06."),
        ("lead=3d", "lead", "Give one of under_1d"),
        ("counting=last", "counting", "No prediction here is marked"),
        ("page=2", "page", "The parameters are forecaster, topic"),
        ("track=live&track=all", "track", "Give it once."),
    ],
)
def test_what_cannot_be_asked_is_answered_with_what_can(
    client: Client, db: None, query: str, parameter: str, accepted: str
) -> None:
    assert in_order(read(client, f"{PAGE}?{query}", status=400).text, "Parameter", parameter, "Accepted", accepted)


def test_it_answers_304_and_its_queries_do_not_grow(
    client: Client, story: Story, django_assert_max_num_queries: Any
) -> None:
    for n in range(3):
        story.settled(0.7, "yes" if n % 2 else "no", topics=[story.topic(f"topic-{n}")])
        story.says(story.opened(), 0.4, forecaster=story.forecaster(f"model-{n}"))
    story.scores()
    with django_assert_max_num_queries(18):
        tag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{PAGE}?track=all", headers={"If-None-Match": tag}).status_code == 200
