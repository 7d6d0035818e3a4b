"""One forecaster's round as ForecastBench has it, and back through the importer: nothing changes on the way."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from forecasts.actions.imported import Import
from forecasts.exports.forecastbench import forecastbench_round
from forecasts.imports.others.forecastbench import parse
from forecasts.models import Forecaster
from tests.story import DAY, DEADLINE, START, Story

DUE = START.date()
LATER = START + 30 * DAY
SITE = "https://desk.example"


def exported(forecaster: Forecaster) -> dict[str, bytes]:
    return forecastbench_round(forecaster, DUE, site=SITE, organization="Wire desk")


def read_back(forecaster: Forecaster) -> Import:
    return parse(exported(forecaster))


def document(files: dict[str, bytes], key: str) -> dict[str, Any]:
    (found,) = [content for content in map(json.loads, files.values()) if key in content]
    return dict(found)


def test_it_works(story: Story) -> None:
    row = story.opened(fine_print="Drafts do not count.")
    story.says(row, 0.7, rationale="The committee agreed.")
    story.resolves(row, "yes", known_at=LATER)
    files = exported(story.desk)
    assert list(files) == [f"{DUE}-reckoner.json", f"{DUE}_resolution_set.json", f"{DUE}.reckoner.policy-desk.json"]
    (question,) = document(files, "questions")["questions"]
    assert (question["id"], question["url"]) == (row.slug, f"{SITE}/predictions/{row.slug}/")
    assert question["market_info_close_datetime"] == DEADLINE.isoformat()
    outcome = {"id": row.slug, "source": "reckoner", "direction": None, "resolution_date": LATER.date().isoformat()}
    assert document(files, "resolutions")["resolutions"] == [{**outcome, "resolved_to": 1.0, "resolved": True}]
    said = document(files, "forecasts")
    assert (said["organization"], said["model"]) == ("Wire desk", "Policy desk")
    assert [(one["forecast"], one["reasoning"]) for one in said["forecasts"]] == [(0.7, "The committee agreed.")]


def test_questions_outcomes_and_forecasts_come_back_the_same(story: Story) -> None:
    rows = [story.opened(fine_print=f"Note {number}.") for number in range(3)]
    for row, value in zip(rows, (0.0001, 0.5, 1), strict=True):
        story.says(row, value, rationale="As written.")
    story.resolves(rows[0], "no", known_at=LATER)
    story.resolves(rows[2], "yes", known_at=LATER)
    found = read_back(story.desk)
    assert found.refused == ()
    by_slug = {one.external_id.rpartition("/")[2]: one for one in found.predictions}
    for row, value, outcome in zip(rows, ("0.0001", "0.5", "1"), ("no", "", "yes"), strict=True):
        back = by_slug[row.slug]
        assert (back.statement, back.criteria, back.fine_print) == (row.statement, row.criteria, row.fine_print)
        assert (back.closes_at, back.outcome) == (row.closes_at, outcome)
        assert back.known_at == (dt.datetime.combine(LATER, dt.time(tzinfo=dt.UTC)) if outcome else None)
        (forecast,) = back.forecasts
        assert (forecast.value, forecast.rationale) == (Decimal(value), "As written.")
    assert [(who.name, who.kind) for who in found.forecasters] == [("Policy desk (Wire desk)", "ai_model")]


def test_a_person_comes_back_as_one(story: Story) -> None:
    person = story.forecaster("harbour-pilot", "person")
    story.says(story.opened(), 0.2, forecaster=person)
    assert [(who.slug, who.kind) for who in read_back(person).forecasters] == [
        ("forecastbench-harbour-pilot", "person")
    ]


def test_the_forecast_that_stood_at_the_end_of_the_day_counts(story: Story) -> None:
    row = story.opened()
    for hours, value in ((0, 0.1), (2, 0.2), (24, 0.9)):
        story.says(row, value, at=START + dt.timedelta(hours=hours))
    (question,) = read_back(story.desk).predictions
    assert [forecast.value for forecast in question.forecasts] == [Decimal("0.2")]


def test_what_is_withdrawn_void_closed_known_no_yes_or_no_told_later_or_by_others_is_left_out(story: Story) -> None:
    withdrawn, void, early = story.opened(), story.opened(), story.opened()
    story.says(withdrawn, 0.5)
    story.withdraws(withdrawn, at=START + dt.timedelta(hours=1))
    story.says(void, 0.5)
    story.resolves(void, "unresolvable", known_at=LATER)
    story.says(early, 0.5)
    story.resolves(early, "yes", known_at=START + dt.timedelta(hours=3))
    story.says(story.opened(closes_at=START + dt.timedelta(hours=4)), 0.5)
    story.says(story.choice("a", "b"), [0.5, 0.5])
    story.says(story.opened(), 0.5, forecaster=story.forecaster("other"))
    story.says(story.opened(), 0.5, issued_at=START, at=LATER)
    assert [len(document(exported(story.desk), key)[key]) for key in ("questions", "resolutions", "forecasts")] == [
        0,
        0,
        0,
    ]


@pytest.mark.parametrize("count", [1, 4])
def test_one_query_however_many_there_are(
    story: Story, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        story.says(story.opened(), 0.5)
    with django_assert_num_queries(1):
        assert len(document(exported(story.desk), "forecasts")["forecasts"]) == count
