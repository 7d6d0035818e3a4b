import re
from typing import Any

import pytest
from django.test import Client

from forecasts.actions import save_reference
from forecasts.models import Forecaster
from tests.story import START, Story
from tests.trackrecord import models, track_record
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
PAGE = "/compare/?a=sharp&b=dull&track=imported"


def recorded(story: Story, count: int) -> None:
    people = models(story, "sharp", "dull")
    track_record(story, [({"sharp": 9000, "dull": 7000}, "yes" if n % 8 else "no") for n in range(count)], people)


def test_it_works(client: Client, story: Story) -> None:
    recorded(story, 32)
    page = read(client, PAGE)
    # Of 32, four did not come true.
    sharp, dull = (28 * 0.01 + 4 * 0.81) / 32, (28 * 0.09 + 4 * 0.49) / 32
    assert in_order(
        page.text,
        "Sharp and Dull",
        f"On 32 predictions that both made, Sharp scored {sharp:.3f} and Dull {dull:.3f}: they cannot be told apart.",
        f"first less second: −{dull - sharp:.3f} (95 % interval",
        "what each said 7 days before the close",
        "Both made 32 predictions of yes or no here: 32 settled past the deadline, 0 still open, 0 not yet rated by us",
        "0 resolved early and 0 void.",
        "Under every proper score",
        "Where they differed most",
        "It did not happen; Dull was closer",
        "90 %",
        "70 %",
        "Cite these figures",
        "/compare/?a=sharp&b=dull&track=imported&cohort=due&counting=lead%3A7&basis=explicit",
    )
    assert {"/forecasters/sharp/", "/forecasters/dull/"} <= set(page.links)
    assert any(link.startswith("/api/v1/compare?") for link in page.links)

    board = read(client, "/forecasters/")
    assert in_order(
        board.text,
        "On common predictions",
        "Track: imported. What each said 7 days before the close",
        "Sharp 32 predictions – ",
        f"{sharp:.3f}",
        "Miscalibration against discrimination",
    )
    assert (
        len(re.findall(rf"{sharp:.3f} 0\.\d{{3}} to 0\.\d{{3}}", board.text)) == 2
    )  # in the board, and under the drawing


def test_of_few_separate_predictions_nobody_is_called_closer(client: Client, story: Story) -> None:
    people = models(story, "sharp", "dull")
    track_record(story, [({"sharp": 9000 + n, "dull": 4000 + 9 * n}, "yes") for n in range(29)], people)
    told = "too early to say who is closer, which takes 30 separate ones; these are 29."
    assert told in read(client, PAGE).text
    track_record(story, [({"sharp": 9000, "dull": 4000}, "yes")], people)
    dull = (sum((0.6 - 0.0009 * n) ** 2 for n in range(29)) + 0.6**2) / 30
    assert f"Dull {dull:.3f}: Sharp was closer." in read(client, PAGE).text


def test_without_two_it_asks_for_them(client: Client, story: Story) -> None:
    recorded(story, 1)
    page = read(client, "/compare/")
    assert "Two forecasters beside each other" in page.text
    assert '<option value="sharp">Sharp</option>' in page.html
    half = read(client, "/compare/?a=sharp&b=&counting=lead%3A7&track=live&cohort=due&basis=explicit")
    assert "Two forecasters beside each other" in half.text


def test_of_few_it_gives_the_list_alone(client: Client, story: Story) -> None:
    recorded(story, 9)
    page = read(client, PAGE)
    assert "Sharp and Dull have 9 settled predictions in common here, too few to compare: it takes 10." in page.text
    assert "scored" not in page.text.lower().replace("scored by engine", "")
    assert "On common predictions" not in read(client, "/forecasters/").text
    other = read(client, "/compare/?a=sharp&b=dull")
    assert in_order(other.text, "no settled prediction in common here.", "On other tracks: imported (9 in common).")


@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        ("a=sharp&b=nobody", "b", "Give a slug, as /api/v1/forecasters lists them."),
        ("a=sharp&b=sharp", "b", "Give another forecaster than a."),
        ("a=sharp&b=dull&counting=first", "counting", "What was said at one moment is compared"),
        ("c=1", "c", "The parameters are a, b, track, cohort, counting, basis."),
    ],
)
def test_what_cannot_be_asked_is_answered_with_what_can(
    client: Client, story: Story, query: str, parameter: str, accepted: str
) -> None:
    recorded(story, 1)
    assert in_order(read(client, f"/compare/?{query}", status=400).text, "Parameter", parameter, "Accepted", accepted)


def test_it_answers_304_and_its_queries_do_not_grow(
    client: Client, story: Story, django_assert_max_num_queries: Any
) -> None:
    recorded(story, 12)
    with django_assert_max_num_queries(16):
        tag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304


def test_hostile_names_are_only_text(client: Client, story: Story) -> None:
    evil = '"><img src=x onerror=alert(1)>\u202e' + "m" * 150
    people = [
        save_reference(row=Forecaster(slug=slug, name=f"{evil}{slug}", kind="market"), at=START, by=story.editor)
        for slug in ("sharp", "dull")
    ]
    track_record(story, [({"sharp": 9000, "dull": 7000}, "yes") for _ in range(30)], people)
    assert f"{evil}sharp" in read(client, PAGE).text
    assert f"{evil}sharp" in read(client, "/forecasters/").text
