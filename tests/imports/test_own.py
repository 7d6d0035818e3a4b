"""Our own format: what was written is read, what was exported comes back, byte by byte."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from forecasts.actions import Import, apply_import
from forecasts.errors import Refused
from forecasts.exports.own import EXPORTS
from forecasts.imports.formats import read_files
from forecasts.imports.own import parse
from forecasts.imports.reading import NO_TEXT
from forecasts.jobs.recompute import compare
from forecasts.ledger.verify import verify
from forecasts.models import Forecast, LedgerEntry
from tests.databases import copy_of_database
from tests.shared import shared_data
from tests.story import DAY, DEADLINE, START, Story

EVIL = ('=HYPERLINK("http://evil.test")', "'=x", "-5", "@SUM(A1)", "\tx", "+1", "a\r\nb", 'say "no", or; yes')
HEADER = "prediction,statement,resolves_by,forecaster,forecaster_name,forecaster_kind,issued_at,value"
ROW = "mine:1,It will rain.,2026-06-30,oracle,Oracle,ai_model,2026-01-31T08:00:00Z,0.7"


def table(*rows: str, header: str = HEADER) -> Import:
    return parse({"mine.csv": "\n".join((header, *rows)).encode()})


def lines(*records: dict[str, Any]) -> Import:
    return parse({"mine.ndjson": "\n".join(map(json.dumps, records)).encode()})


def test_it_works() -> None:
    bulk = table(ROW, "mine:1,,,oracle,,,2026-02-01,80 %", "theirs:2,,,oracle,,,2026-02-01,withdrawn")
    (row,), (who,) = bulk.predictions, bulk.forecasters
    assert (row.row, row.external_id, row.statement) == (2, "mine:1", "It will rain.")
    assert (row.resolves_by, row.closes_at, row.resolves_by_precision) == (DEADLINE, DEADLINE, "day")
    assert (who.slug, who.name, who.kind) == ("oracle", "Oracle", "ai_model")
    assert [(each.row, each.value, each.external_id) for each in row.forecasts] == [
        (2, "0.7", "mine:1@2026-01-31T08:00:00+00:00"),
        (3, "80 %", "mine:1@2026-02-01T23:59:59+00:00"),
    ]
    assert [each.value for each in bulk.added["theirs:2"]] == [None]
    assert bulk.refused == ()


@pytest.mark.parametrize(
    "line",
    [
        rb'{"prediction": "a\u0000", "forecaster": "o", "issued_at": "2026-01-01", "value": 0.5}',
        rb'{"prediction": "a", "forecaster": "\ud800", "issued_at": "2026-01-01", "value": 0.5}',
        rb'{"prediction": "a", "statement": "s", "resolves_by": "2026-01-01", "topics": ["\ud800"]}',
    ],
)
def test_text_that_no_database_takes_is_refused_before_anything_is_looked_up(line: bytes) -> None:
    with pytest.raises(Refused, match="give text that can be stored"):
        parse({"mine.ndjson": line})
    with pytest.raises(Refused, match="give text that can be stored"):
        table(ROW.replace("mine:1", "mine:\0"))
    cell = table('a,s,2026-06-30,"[""\\ud800""]"', header="prediction,statement,resolves_by,topics")
    assert [(row.row, row.accepted) for row in cell.refused] == [(2, NO_TEXT)]


def test_lines_hold_the_same_records() -> None:
    bulk = lines(
        {"prediction": "a", "statement": "Which?", "kind": "multiple_choice", "options": ["A", "B"], "outcome": "B",
         "known_at": "2026-06-30", "resolves_by": "2026-06-30T12:00:00+02:00", "topics": ["x"], "log_scale": False},
        {"prediction": "a", "forecaster": "o", "issued_at": "2026-01-01", "value": {"A": 0.1, "B": 0.9}},
    )  # fmt: skip
    (row,) = bulk.predictions
    assert (row.options, row.outcome, row.topics) == (("A", "B"), "1", ("x",))
    assert row.known_at == dt.datetime(2026, 6, 30, tzinfo=dt.UTC)
    assert (row.resolves_by, row.resolves_by_precision) == (dt.datetime(2026, 6, 30, 10, tzinfo=dt.UTC), "instant")
    assert row.forecasts[0].value == {"A": Decimal("0.1"), "B": Decimal("0.9")}


def test_names_between_semicolons_are_a_list_too() -> None:
    (row,) = table("a,Which?,2026-06-30,A; B", header="prediction,statement,resolves_by,topics").predictions
    assert row.topics == ("A", "B")


@pytest.mark.parametrize(
    ("row", "field", "value", "accepted"),
    [
        (",It will rain.,2026-06-30,,,,,", "prediction", "", "name the prediction"),
        ("a,,,,,,,", "forecaster", "", "describe a prediction, or name who forecasts"),
        ("a,It will.,,,,,,", "resolves_by", "", "give the deadline"),
        ("a,It will.,soon,,,,,", "resolves_by", "soon", "such as 2026-01-31T08:00:00Z"),
        ("a,It will.,2026-06-30T12:00:00,,,,,", "resolves_by", "2026-06-30T12:00:00", "with its zone"),
        ("a,,,oracle,Oracle,wizard,2026-01-31,0.5", "forecaster_kind", "wizard", "give one of person"),
        ("a,,,oracle,,,,0.5", "issued_at", "", "say when"),
        ("a,,,oracle,,,2026-01-31,", "value", "", "or “withdrawn”"),
        ('a,,,oracle,,,2026-01-31,"{x"', "value", "{x", "give JSON"),
        ('a,,,oracle,,,2026-01-31,"[NaN]"', "value", "NaN", "give a number"),
        ("mine:1,It will snow.,2026-06-30,,,,,", "statement", "It will snow.", "row 2 says otherwise"),
    ],
)
def test_a_record_that_cannot_be_read_is_told_beside_the_others(
    row: str, field: str, value: str, accepted: str
) -> None:
    bulk = table(ROW, row)
    (refused,) = bulk.refused
    assert (refused.row, refused.field, refused.value) == (3, field, value)
    assert accepted in refused.accepted
    assert len(bulk.predictions) == 1


@pytest.mark.parametrize(
    ("data", "field", "accepted"),
    [
        (b"\xff\xfe\x00", "file", "UTF-8; byte 0"),
        (b"", "header", "name columns of prediction"),
        (b"year,state\n2022,CA\n", "header", "name columns of prediction"),
        (b'prediction\n"a', "file", "give CSV; line"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(data: bytes, field: str, accepted: str) -> None:
    with pytest.raises(Refused, match=accepted) as caught:
        read_files({"x.csv": data}, "reckoner")
    assert caught.value.problems[0].field == field


def world(story: Story) -> None:
    """Predictions of every kind and state, and text that a spreadsheet would run."""
    story.settled(0.7, "yes", topics=[story.topic("chips"), story.topic("votes")])
    oracle = story.forecaster("oracle")
    row = story.opened(statement=EVIL[0], criteria=EVIL[1], fine_print=EVIL[4], resolution_source=EVIL[5])
    for day, text in enumerate(EVIL):
        story.says(row, day / 10_000, at=START + day * DAY, rationale=text, forecaster=oracle)
    story.withdraws(row, at=START + 20 * DAY, forecaster=oracle)
    choice = story.choice("1", "0", "=both")
    story.says(choice, {"0": 0.3333, "1": 0.3333, "=both": 0.3334}, external_id="=id")
    story.resolves(choice, "0", known_at=START + 5 * DAY)
    number = story.number("-5", "2.5", open_above=True, resolves_by=DEADLINE - 30 * DAY)
    story.says(number, [["-4.25", 0.1], ["2", 0.1], ["2", 0.9999]])
    story.resolves(number, "-4", known_at=START + 5 * DAY)
    date = story.date("2026-01-05", "2026-06-01")
    story.says(date, {"2026-03-01": 0.25})
    story.resolves(date, "ambiguous_criteria", known_at=START + 5 * DAY)
    story.opened(cannot_resolve_early=True, resolves_by_precision="month")
    story.draft(statement="Nobody may see this yet.")


@pytest.mark.parametrize("name", EXPORTS)
def test_what_was_exported_comes_back_into_an_empty_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, name: str
) -> None:
    with copy_of_database(django_db_blocker):
        world(Story.begin())
        first = "".join(EXPORTS[name]())
    assert "Nobody may see this" not in first
    with copy_of_database(django_db_blocker):
        story = Story.begin()
        bulk = read_files({"export.csv" if name.endswith("csv") else "export.ndjson": first.encode()})
        applied = apply_import(bulk=bulk, at=timezone.now(), by=story.approver)
        assert applied.plan.left_out == []
        assert "".join(EXPORTS[name]()) == first
        assert verify().size == LedgerEntry.objects.count()
        assert Forecast.objects.filter(provenance="imported").count() == Forecast.objects.count()
        story.scores()
        assert compare().differences == []


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_says_nothing_new_to_its_own_desk(story: Story, name: str) -> None:
    world(story)
    bulk = read_files({"export.csv" if name.endswith("csv") else "export.ndjson": "".join(EXPORTS[name]()).encode()})
    applied = apply_import(bulk=bulk, at=DEADLINE + 9 * DAY, by=story.approver)
    assert (applied.run, applied.plan.left_out) == (None, [])


def test_no_cell_of_an_export_is_run(story: Story) -> None:
    world(story)
    text = "".join(EXPORTS["reckoner-csv"]())
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert {f"'{EVIL[0]}", "''=x", "'@SUM(A1)", "'\tx", "'+1", "'=id"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r", "\n")]
    assert [cell for cell in cells if cell[:1] == "-"] == ["-5", "-5", "-4"]  # a rationale, a range and an outcome


def test_a_file_of_no_known_format_names_them_all() -> None:
    with pytest.raises(Refused, match="it cannot be told from the file; say which of reckoner, fatebook") as caught:
        read_files({"x.csv": b"year,state\n2022,CA\n"})
    assert caught.value.problems[0].field == "format"


def test_the_real_files_are_told_by_what_they_hold() -> None:
    table = shared_data("fivethirtyeight/nfl_games.csv")
    tracker = shared_data("trackers/dario_predictions.yaml")
    found = [read_files({path.name: path.read_bytes()}).format for path in (table, tracker)]
    assert found == ["probability_tables", "trackers"]
