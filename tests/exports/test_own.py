"""Our own format: the same bytes from every database, in constant memory. That it is read back: tests/imports."""

import csv
import io
import json
import tracemalloc
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from forecasts.actions import action
from forecasts.exports.own import EXPORTS
from forecasts.models import Forecast
from forecasts.queries import own_rows, stream
from forecasts.queries.own_rows import COLUMNS
from tests.databases import copy_of_database
from tests.exports.test_dataset import copy_of
from tests.imports.test_own import world
from tests.story import START, Story

LINE = 100  # no line is shorter
PREDICTION = (
    '"prediction": "reckoner:it-will-rain", "statement": "It will rain.", "kind": "binary", '
    '"criteria": "=Yes, or \\"no\\"", "resolution_source": "The gazette — 🌧", '
    '"opens_at": "2026-01-01T12:00:00.000000Z", "closes_at": "2026-06-30T23:59:59.000000Z", '
    '"resolves_by": "2026-06-30T23:59:59.000000Z", "resolves_by_precision": "instant", "topics": ["Weather"]'
)
CHOICE = (
    PREDICTION.replace("rain", "snow")
    .replace("binary", "multiple_choice")
    .replace('"topics"', '"options": ["=A", "B"], "topics"')
)
DESK = '"forecaster": "policy-desk", "forecaster_name": "Policy desk", "forecaster_kind": "desk"'
NDJSON = (
    f'{{{PREDICTION}, {DESK}, "issued_at": "2026-01-01T12:00:00.000000Z", "value": 0.0001, "external_id": "a", '
    '"basis": "stated", "rationale": "=1+1\\r\\n\\tsaid"}\n'
    '{"prediction": "reckoner:it-will-rain", "forecaster": "policy-desk", "issued_at": "2026-01-01T12:00:00.120000Z", '
    '"value": 1.0, "external_id": "b", "basis": "stated"}\n'
    f'{{{CHOICE}, "forecaster": "policy-desk", "issued_at": "2026-01-01T12:00:00.000000Z", '
    '"value": {"=A": 0.3, "B": 0.7}, "external_id": "c", "basis": "stated"}\n'
)


def small(story: Story) -> None:
    given = {
        "criteria": '=Yes, or "no"',
        "resolution_source": "The gazette — 🌧",
        "resolves_by_precision": "instant",
        "topics": [story.topic("weather")],
    }
    rain = story.opened(statement="It will rain.", **given)
    story.says(rain, 0.0001, external_id="a", rationale="=1+1\r\n\tsaid")
    story.says(rain, 1, at=START + timedelta(microseconds=120_000), external_id="b")
    snow = story.choice("=A", "B", statement="It will snow.", **given)
    story.says(snow, [0.3, 0.7], external_id="c")


def exported(name: str) -> str:
    return "".join(EXPORTS[name]())


def test_it_works(story: Story) -> None:
    small(story)
    assert exported("reckoner-ndjson") == NDJSON


def test_the_table_is_what_csv_writes_of_the_same_records(story: Story) -> None:
    small(story)
    expected = io.StringIO(newline="")
    writer = csv.writer(expected)
    writer.writerow(COLUMNS)
    for record in map(json.loads, NDJSON.splitlines()):
        cells = (record.get(name, "") for name in COLUMNS)
        said = [cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False) for cell in cells]
        writer.writerow([f"'{cell}" if cell.startswith("=") else cell for cell in said])
    assert exported("reckoner-csv") == expected.getvalue()


@pytest.mark.parametrize("name", EXPORTS)
def test_where_it_is_cut_into_pieces_changes_nothing(story: Story, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world(story)
    whole = exported(name)
    monkeypatch.setattr(stream, "AT_ONCE", 3)
    monkeypatch.setattr(own_rows, "AT_ONCE", 2)
    assert exported(name) == whole


@pytest.mark.parametrize("name", EXPORTS)
def test_memory_does_not_grow_with_the_rows(story: Story, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = story.says(story.opened(), 0.5)

    @action
    def say_again(*, times: int) -> None:
        Forecast.objects.bulk_create(copy_of(said) for _ in range(times))

    def peak(rows: int) -> int:
        say_again(times=rows - Forecast.objects.count())
        tracemalloc.start()
        assert sum(map(len, EXPORTS[name]())) > LINE * rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    monkeypatch.setattr(stream, "AT_ONCE", 50)  # Python keeps shorter tuples, up to 2,000 of a length
    peak(100)  # imports and caches
    small = peak(200)
    assert peak(3000) - small < LINE * 2800  # what is remembered of a row is less than its text


def test_one_that_is_left_off_leaves_the_connection_free(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with copy_of_database(django_db_blocker):
        world(Story.begin())
        monkeypatch.setattr(stream, "AT_ONCE", 3)
        pieces = EXPORTS["reckoner-ndjson"]()
        next(pieces)
        pieces.close()
        assert not connection.in_atomic_block
        assert Forecast.objects.count() > 3
        assert exported("reckoner-ndjson")
