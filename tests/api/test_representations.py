"""Every list as CSV and as a JSON object a line, whole and in pages"""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from forecasts.api.v1.base import ReadList
from forecasts.api.v1.urls import ROUTES
from forecasts.language.cells import as_written
from tests.api.conftest import Get
from tests.records import proposes
from tests.story import DAY, START, Story

Ask = Callable[..., HttpResponse]
LISTS = [name for name, view in ROUTES.items() if issubclass(view, ReadList) and not getattr(view, "scope", None)]


def body(answer: Any) -> str:
    assert answer.status_code == 200
    assert isinstance(answer, StreamingHttpResponse)
    return b"".join(answer).decode()  # type: ignore[arg-type]  # no test streams asynchronously


def table(answer: Any) -> list[dict[str, str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(body(answer), newline="")))


def test_it_works(ask: Ask, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, "0.1234")
    [row] = table(ask("forecasts?format=csv"))
    assert (row["prediction"], row["forecaster.slug"]) == (prediction.slug, "policy-desk")
    assert (row["probability"], row["external_id"], row["withdrawn"]) == ("0.1234", "", "false")
    assert json.loads(row["value"])["probability"] == 0.1234


@pytest.fixture
def world(story: Story) -> Story:
    """Something in every list."""
    topic = story.topic("rules")
    story.settled(0.7, "yes", topics=[topic])
    story.scores()
    proposes(story.opened(), "yes")
    return story


@pytest.mark.parametrize("path", LISTS)
def test_every_list_says_the_same_in_all_three(ask: Ask, get: Get, world: Story, path: str) -> None:
    results = get(path)["results"]
    assert results
    lines = body(ask(path, headers={"Accept": "application/x-ndjson"})).splitlines()
    assert [json.loads(line) for line in lines] == results
    rows = table(ask(path, headers={"Accept": "text/csv"}))
    assert len(rows) == len(results)
    for row, result in zip(rows, results, strict=True):
        for name, cell in row.items():
            value = result
            for part in name.split("."):
                value = value and value[part]
            shown = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            assert as_written(cell) == shown, name


def test_no_cell_is_a_formula(ask: Ask, story: Story) -> None:
    story.opened(statement='=HYPERLINK("http://evil.test") will be true by 30 June 2026.')
    story.forecaster("model")
    story.says(story.opened(), 0.4, rationale="-1+1|cmd", external_id="+1")
    [_, other] = table(ask("predictions?format=csv"))
    assert other["statement"].startswith("'=HYPERLINK")
    assert [(row["rationale"], row["external_id"]) for row in table(ask("forecasts?format=csv"))] == [
        ("'-1+1|cmd", "'+1")
    ]


def test_the_whole_list_is_streamed_and_a_limit_asks_for_a_page(ask: Ask, story: Story) -> None:
    prediction = story.opened()
    for number in range(205):
        story.says(prediction, number / 1000, at=START + number * DAY / 1000)
    ticks = [int(row["tick"]) for row in table(ask("forecasts?format=csv"))]
    assert ticks == sorted(ticks, reverse=True)
    assert len(ticks) == 205
    page = ask("forecasts?format=csv&limit=2")
    assert [row["tick"] for row in table(page)] == ["2040", "2030"]
    following = page["Link"].removeprefix("</api/v1/").partition(">")[0]
    assert "format=csv" in following
    assert [row["tick"] for row in table(ask(following))] == ["2020", "2010"]


def test_an_empty_list_still_has_its_header(ask: Ask, db: None) -> None:
    assert body(ask("topics?format=csv")) == "slug,name,description\r\n"
    assert body(ask("topics?format=ndjson")) == ""


def test_each_has_its_own_etag_and_is_not_sent_again(ask: Ask, world: Story) -> None:
    tags = {ask("scores", headers={"Accept": kind})["ETag"] for kind in ("text/csv", "application/x-ndjson", "*/*")}
    assert len(tags) == 3
    held = ask("scores?format=csv")["ETag"]
    again = ask("scores?format=csv", headers={"If-None-Match": held})
    assert (again.status_code, again["Cache-Control"]) == (304, "public, no-cache")


def test_errors_stay_problem_documents(ask: Ask, db: None) -> None:
    answer = ask("forecasts?format=csv&prediction=a&prediction=b")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (
        ask("forecasts?format=xml").json()["problems"][0]["accepted"] == "give json or csv or ndjson, or leave it out"
    )


def test_what_is_no_list_is_json_alone(get: Get, ask: Ask) -> None:
    assert get("ledger/head", status=400, format="csv")["problems"][0]["field"] == "format"
    assert ask("ledger/head", headers={"Accept": "text/csv"}).status_code == 406
