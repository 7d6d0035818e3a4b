"""/api/v1/forecasts/bulk: many forecasts in one request, all of them or none"""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecasts.errors import LedgerBroken
from forecasts.ledger.verify import verify
from forecasts.models import Forecast, ImportRun, LedgerEntry, Prediction
from tests.api.conftest import Get, Send
from tests.api.world import article_of
from tests.ledger.behind import execute
from tests.refusals import everything
from tests.story import DAY, Story

PATH = "forecasts/bulk"
Row = dict[str, Any]


def row_of(prediction: Prediction, value: object = 0.7, **more: Any) -> Row:
    return {"prediction": prediction.slug, "forecaster": "policy-desk", "value": value, **more}


@pytest.fixture
def far(story: Story) -> Prediction:
    """Open for long."""
    return story.opened(resolves_by=timezone.now() + 99 * DAY)


def test_it_works(send: Send, get: Get, far: Prediction, editing: str) -> None:
    answer = send(PATH, [row_of(far, 0.7, external_id="a"), row_of(far, "40 %")], editing).json()
    assert (answer["recorded"], answer["unchanged"]) == (2, 0)
    assert answer["ledger_root"] == ImportRun.objects.get().root
    assert [row["probability"] for row in get("forecasts")["results"]] == [0.4, 0.7]
    assert {row["provenance"] for row in get("forecasts")["results"]} == {"live"}
    verify()


def test_ten_thousand_append_one_entry_and_the_ledger_agrees(send: Send, far: Prediction, editing: str) -> None:
    rows = [row_of(far, number / 10_000, external_id=f"run-{number}") for number in range(10_000)]
    before = LedgerEntry.objects.count()
    with CaptureQueriesContext(connection) as captured:
        assert send(PATH, rows, editing).json()["recorded"] == 10_000
    assert len(captured) < 40
    assert Forecast.objects.count() == 10_000
    assert LedgerEntry.objects.count() == before + 1
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, json.loads(entry.content or "")["recorded_rows"]["forecasts"]) == (
        "forecasts.recorded",
        "10000",
    )
    verify()
    assert send(PATH, rows, editing).json() == {"recorded": 0, "unchanged": 10_000, "ledger_root": None}
    assert LedgerEntry.objects.count() == before + 1


def test_every_kind_and_every_field_is_proven(send: Send, story: Story, editing: str) -> None:
    ends = {"resolves_by": timezone.now() + 99 * DAY}
    choice, number = story.choice("Left", "Right", **ends), story.number("0", "100", **ends)
    date = story.date("2026-01-01", "2030-12-31", **ends)
    issued = timezone.now() - 30 * DAY
    odd = '“Ünïcode” \u2028 \\ " \t \x7f e\u0301'
    rows = [
        row_of(choice, {"Left": 0.4, "Right": "60 %"}, rationale=odd),
        row_of(choice, [0.1, 0.9]),
        row_of(number, [[20, 0.25], ["80.5", 0.75]], basis="model"),
        row_of(date, {"2028-01-01": 0.5}),
        row_of(story.opened(opens_at=issued - DAY, **ends), 0.2, issued_at=issued.isoformat(), external_id=odd),
        row_of(story.opened(**ends), 0.6, basis="implied", wording="is likely to", wording_table="1"),
    ]
    assert send(PATH, rows, editing).json()["recorded"] == len(rows)
    verify()
    last = Forecast.objects.get(external_id__isnull=False)
    assert (last.provenance, last.issued_at) == ("backfilled", issued)


ARTICLE = "The rule is likely to come. The gazette says so. The rule is likely to come."


def test_a_row_cites_as_a_single_forecast_does(send: Send, story: Story, far: Prediction, editing: str) -> None:
    article, other = article_of(story, "Rules ahead", ARTICLE), article_of(story, "Other", "It may come.")
    rows = [
        row_of(far, 0.7, article=article.slug, quote="The gazette says so.", external_id="a"),
        row_of(far, 0.6, article=other.slug, quote="It may come."),
        row_of(far, 0.5, article=article.slug, quote="The rule is likely to come."),
        row_of(far, 0.4, article=None, quote=""),
    ]
    lines = "\n".join(map(json.dumps, rows))
    assert send(PATH, lines, editing, content_type="application/x-ndjson").json()["recorded"] == 4
    stored = Forecast.objects.order_by("row_index").values_list("article", "quote", "quote_start", "quote_end")
    assert list(stored) == [
        (article.pk, "The gazette says so.", 28, 48),
        (other.pk, "It may come.", 0, 12),
        (article.pk, "The rule is likely to come.", 0, 27),
        (None, "", None, None),
    ]
    verify()
    assert send("forecasts", rows[0], editing, status=200).json()["probability"] == 0.7
    assert send(PATH, rows[:1], editing).json()["unchanged"] == 1
    other_quote = {**rows[0], "quote": "The rule is likely to come."}
    assert send(PATH, [other_quote], editing, status=409).json()["problems"][0]["field"] == "external_id"


@pytest.mark.parametrize(
    "cited",
    [
        {"article": "none", "quote": "The gazette says so."},
        {"article": "rules-ahead"},
        {"article": "rules-ahead", "quote": ""},
        {"article": "rules-ahead", "quote": "The gazette says no."},
        {"article": "rules-ahead", "quote": "It may come."},
        {"quote": "The gazette says so."},
        {"article": "", "quote": "The gazette says so."},
    ],
)
def test_a_bad_citation_is_told_in_its_row_as_it_is_alone(
    send: Send, story: Story, far: Prediction, editing: str, cited: Row
) -> None:
    article_of(story, "Rules ahead", ARTICLE)
    article_of(story, "Other", "It may come.")
    send("drafts", {}, editing, status=405)
    before = everything()
    [problem] = send(PATH, [row_of(far), row_of(far, **cited)], editing, status=400).json()["problems"]
    [alone] = send("forecasts", row_of(far, **cited), editing, status=400).json()["problems"]
    assert problem == {**alone, "row": 1}
    assert everything() == before


@pytest.mark.parametrize("field", ["article", "quote"])
def test_a_citation_is_text(send: Send, far: Prediction, editing: str, field: str) -> None:
    [problem] = send(PATH, [row_of(far, **{field: ["x"]})], editing, status=400).json()["problems"]
    assert (problem["row"], problem["field"]) == (0, field)


def test_a_row_changed_behind_its_back_breaks_the_ledger(send: Send, far: Prediction, editing: str) -> None:
    send(PATH, [row_of(far, 0.7), row_of(far, 0.6)], editing)
    for name in ("fixed", "keeps"):
        on = " ON forecasts_forecast" if connection.vendor == "postgresql" else ""
        execute(sql=f"DROP TRIGGER forecasts_forecast_{name}{on}", given=[])
    execute(sql="UPDATE forecasts_forecast SET tick = 6001 WHERE tick = 6000", given=[])
    with pytest.raises(LedgerBroken, match="are not those that were hashed"):
        verify()


def test_lines_of_json_are_taken_too(send: Send, far: Prediction, editing: str) -> None:
    lines = "\n".join(json.dumps(row_of(far, share)) for share in (0.1, 0.2)) + "\n\n"
    assert send(PATH, lines, editing, content_type="application/x-ndjson").json()["recorded"] == 2
    answer = send(PATH, lines + "{", editing, status=400, content_type="application/x-ndjson")
    assert answer.json()["problems"][0]["field"] == "line 4"


def test_the_first_forecast_starts_the_clock(send: Send, far: Prediction, editing: str) -> None:
    send(PATH, [row_of(far)], editing)
    before = (far.opens_at, far.closes_at)
    far.refresh_from_db()
    assert (far.clock_opens_at, far.clock_closes_at) == before


def test_scores_follow(send: Send, story: Story, far: Prediction, editing: str) -> None:
    """An entry about many forecasts is read by the follower like that of one."""
    issued = (far.opens_at or timezone.now()) + dt.timedelta(hours=1)
    send(PATH, [row_of(far, 0.7, issued_at=issued.isoformat())], editing)
    story.resolves(far, "yes", known_at=timezone.now())
    story.scores()
    assert far.scores.filter(forecaster=story.desk, counting="first").exists()


@pytest.mark.parametrize(
    ("change", "field", "accepted"),
    [
        ({"value": 1.2}, "value", "give a number from 0 to 1"),
        ({"value": True}, "value", "give a number from 0 to 1"),
        ({"value": {"a": {"b": 1}}}, "value", "give a number from 0 to 1"),
        ({"value": None}, "value", "give it"),
        ({"prediction": "none"}, "prediction", "give the slug of a prediction that exists"),
        ({"prediction": ["x"]}, "prediction", "give the slug of a prediction that exists"),
        ({"forecaster": "none"}, "forecaster", "give the slug of a forecaster that exists"),
        ({"forecaster": "crowd-median"}, "forecaster", "crowds and baselines are computed"),
        ({"issued_at": "yesterday"}, "issued_at", "give a time with its zone"),
        ({"issued_at": "2026-02-01 00:00:00Z"}, "issued_at", "give a time with its zone"),
        ({"issued_at": "20260201T000000Z"}, "issued_at", "give a time with its zone"),
        ({"issued_at": "2026-02-30T00:00:00Z"}, "issued_at", "give a time with its zone"),
        ({"issued_at": "1899-12-31T23:00:00Z"}, "issued_at", "give a time with its zone"),
        ({"issued_at": 1769900000}, "issued_at", "give a time with its zone"),
        ({"issued_at": "2026-02-01T00:00:00"}, "issued_at", "give a time with its zone"),
        ({"issued_at": "2199-02-01T00:00:00Z"}, "issued_at", "give a time not after now"),
        ({"basis": "hunch"}, "basis", "give one of stated, implied"),
        ({"basis": {}}, "basis", "give one of stated, implied"),
        ({"basis": "implied"}, "wording", "an implied probability names its expression"),
        ({"external_id": 7}, "external_id", "give text of at most 200 characters"),
        ({"wording": "x" * 201}, "wording", "give text of at most 200 characters"),
        ({"provenance": "live"}, "provenance", "the fields here are prediction, forecaster, value"),
        ({"recorded_at": "2020-01-01T00:00:00Z"}, "recorded_at", "the fields here are"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(
    send: Send, far: Prediction, editing: str, change: Row, field: str, accepted: str
) -> None:
    send("drafts", {}, editing, status=405)
    before = everything()
    body = send(PATH, [row_of(far), {**row_of(far), **change}], editing, status=400).json()
    [problem] = body["problems"]
    assert (problem["row"], problem["field"]) == (1, field)
    assert accepted in problem["accepted"]
    assert everything() == before


@pytest.mark.parametrize("row", [1, "x", None, [], [1]])
def test_a_row_that_is_no_object_is_named(send: Send, far: Prediction, editing: str, row: object) -> None:
    body = send(PATH, [row_of(far), row], editing, status=400).json()
    assert (body["problems"][0]["row"], body["problems"][0]["accepted"]) == (1, "give a JSON object")


def test_a_draft_takes_none(send: Send, story: Story, editing: str) -> None:
    body = send(PATH, [row_of(story.draft())], editing, status=409).json()
    assert (body["code"], body["problems"][0]["accepted"]) == ("not_ready", "it is a draft; open it first")


def test_of_very_many_problems_a_hundred_are_listed_and_all_are_counted(
    send: Send, far: Prediction, editing: str
) -> None:
    body = send(PATH, [row_of(far, 2)] * 300, editing, status=400).json()
    assert [row["row"] for row in body["problems"]] == list(range(100))
    assert body["problem_count"] == 300
    assert len(body["detail"]) < 5_000


def test_too_many_rows_are_refused(send: Send, far: Prediction, editing: str) -> None:
    body = send(PATH, [row_of(far)] * 10_001, editing, status=413).json()
    assert body["problems"][0]["accepted"] == "send at most 10000 at once"


@pytest.mark.parametrize("body", [{}, 1, "x", None])
def test_what_is_no_list_is_refused(send: Send, editing: str, body: object) -> None:
    assert send(PATH, body, editing, status=400).json()["problems"][0]["field"] == "body"


def test_no_rows_are_no_entry(send: Send, editing: str) -> None:
    assert send(PATH, [], editing).json() == {"recorded": 0, "unchanged": 0, "ledger_root": None}
    assert not LedgerEntry.objects.filter(kind="forecasts.recorded").exists()


def test_an_id_that_says_something_else_is_a_conflict(send: Send, far: Prediction, editing: str) -> None:
    send(PATH, [row_of(far, 0.7, external_id="a")], editing)
    body = send(PATH, [row_of(far, 0.8, external_id="a")], editing, status=409).json()
    assert [row["field"] for row in body["problems"]] == ["external_id"]
    grown = send(PATH, [row_of(far, 0.7, external_id="a"), row_of(far, 0.7, external_id="b")], editing).json()
    assert (grown["recorded"], grown["unchanged"]) == (1, 1)


def test_an_id_that_is_given_twice_is_refused(send: Send, far: Prediction, editing: str) -> None:
    body = send(PATH, [row_of(far, 0.7, external_id="b")] * 2, editing, status=400).json()
    assert [(row["row"], row["field"]) for row in body["problems"]] == [(1, "external_id")]


def test_conflicts_among_other_problems_are_told_with_them(send: Send, far: Prediction, editing: str) -> None:
    send(PATH, [row_of(far, 0.7, external_id="a")], editing)
    body = send(PATH, [row_of(far, 0.8, external_id="a"), row_of(far, 2)], editing, status=400).json()
    assert [(row["row"], row["field"]) for row in body["problems"]] == [(0, "external_id"), (1, "value")]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    send: Send, story: Story, editing: str, far: Prediction
) -> None:
    def count(rows: list[Row]) -> int:
        with CaptureQueriesContext(connection) as captured:
            send(PATH, rows, editing)
        return len(captured)

    send(PATH, [row_of(far)], editing)
    cited = {"article": article_of(story, "Rules ahead", ARTICLE).slug, "quote": "The gazette says so."}
    few = count([row_of(far, external_id="x", **cited)])
    assert count([row_of(far, external_id=str(number), **cited) for number in range(50)]) == few
