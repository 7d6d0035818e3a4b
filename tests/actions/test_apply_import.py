"""A bulk import: all of it or nothing, once, under one entry."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from forecasts.actions import Import, ImportedForecast, ImportedPrediction, apply_import
from forecasts.errors import Conflict
from forecasts.jobs.recompute import compare
from forecasts.models import EntryKind, Forecast, ImportRun, LedgerEntry, Prediction, PredictionGroup, Resolution, Score
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story

LATER = DEADLINE + 9 * DAY


def settled(**given: Any) -> ImportedPrediction:
    fields: dict[str, Any] = {
        "statement": "The red candidate will be elected.",
        "criteria": "Yes if the red candidate won.",
        "resolution_source": "The published table",
        "group": "The election",
        "closes_at": START + 10 * DAY,
        "resolves_by": START + 11 * DAY,
        "known_at": START + 10 * DAY,
        "outcome": "yes",
        "cannot_resolve_early": True,
        "forecasts": tuple(ImportedForecast("desk", START + day * DAY, 6000 + day, "model") for day in range(3)),
    }
    return ImportedPrediction(**{**fields, **given})


def bulk(*predictions: ImportedPrediction, sha256: str = "a" * 64) -> Import:
    return Import("A table", "Whose it is", sha256, {"names no model": 2}, predictions)


def applies(story: Story, given: Import, at: dt.datetime = LATER) -> ImportRun:
    return apply_import(bulk=given, forecasters={"desk": story.desk}, topics=[], at=at, by=story.editor)


def test_it_works(story: Story) -> None:
    run = applies(story, bulk(settled(), settled(statement="The blue one will.", outcome="no")))
    assert (run.rows, run.skipped) == (6, {"names no model": 2})
    assert list(run.forecasts.order_by("row_index").values_list("row_index", flat=True)) == [0, 1, 2, 3, 4, 5]
    assert set(run.forecasts.values_list("provenance", "recorded_at", "stands_from")) == {("imported", LATER, LATER)}
    assert PredictionGroup.objects.get().predictions.count() == 2
    row = Prediction.objects.get(slug="the-red-candidate-will-be-elected")
    assert (row.status, row.opens_at, row.due_at, row.published_at) == ("resolved", START, LATER, LATER)
    entries = LedgerEntry.objects.filter(kind=EntryKind.IMPORT_APPLIED)
    assert [entry.subject for entry in entries] == [f"import:{run.pk}"]
    assert LedgerEntry.objects.latest("seq") == entries.get()


def test_its_forecasts_are_scored_on_the_imported_track_alone(story: Story) -> None:
    applies(story, bulk(settled()))
    story.scores()
    assert set(Score.objects.values_list("track", flat=True)) == {"imported", "all"}
    first = Score.objects.get(forecaster=story.desk, counting="first", track="imported")
    assert first.brier_sum == (10_000 - 6000) ** 2
    assert compare().differences == []


def test_the_same_file_twice_is_refused(story: Story) -> None:
    applies(story, bulk(settled()))
    with refused("file", "A table", f"already imported at {LATER.isoformat()}", Conflict):
        applies(story, bulk(settled()))
    applies(story, bulk(settled(), sha256="b" * 64))


@pytest.mark.parametrize(
    ("given", "field", "value", "accepted"),
    [
        ({"outcome": "maybe"}, "outcome", "maybe", "give yes or no"),
        ({"outcome": ""}, "outcome", "''", "give yes or no"),
        ({"forecasts": ()}, "forecasts", "[]", "give at least one"),
        ({"forecasts": (ImportedForecast("oracle", START, 1, "model"),)}, "forecaster", "oracle", "give one of desk"),
        ({"closes_at": START}, "closes_at", START.isoformat(), "after the opening"),
        ({"statement": " "}, "statement", "' '", "say what will happen"),
    ],
)
def test_one_wrong_row_and_nothing_is_written(
    story: Story, given: dict[str, Any], field: str, value: str, accepted: str
) -> None:
    with refused(field, value, accepted):
        applies(story, bulk(settled(), replace(settled(), **given)))


def test_a_deadline_still_ahead_is_not_due(story: Story) -> None:
    applies(story, bulk(settled()), at=START + 10 * DAY)
    assert Prediction.objects.get().due_at is None
    assert Resolution.objects.get().known_at == START + 10 * DAY
    assert Forecast.objects.count() == 3
