"""A database of the first release, with scores in it, is brought up to date."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from forecasts.jobs.made_sums import made_sums, stored_made
from forecasts.models import Cursor, FactRow, Forecaster, ImportRun, Prediction, Score

FIRST = ("forecasts", "0002_guards")
NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 9, 30, tzinfo=dt.UTC)
DERIVED = {
    "Score": {"tick": 7000, "happened": True, "brier_sum": 9, "log_sum": 9, "coverage": 1, "engine": "1"},
    "FactRow": {"lead_band": "1_7d", "month": NOW.date(), "tick": 7000, "n": 1, "weight_yes": 1},
}
SUMMED = {"scope": "all", "month": NOW.date(), "counting": "first", "cohort": "due", "track": "live", "basis": "stated"}


def upgrade() -> None:
    """The first release's tables with a row in each that is derived, and then every migration since."""
    executor = MigrationExecutor(connection)
    executor.migrate([FIRST])
    old: Any = executor.loader.project_state([FIRST]).apps
    desk = old.get_model("forecasts", "Forecaster").objects.create(slug="desk", name="Desk", kind="desk")
    prediction = old.get_model("forecasts", "Prediction").objects.create(
        slug="one", statement="One.", logged_at=NOW, scored_topics=[1]
    )
    resolution = old.get_model("forecasts", "Resolution").objects.create(
        prediction=prediction, outcome="yes", known_at=NOW, resolved_at=NOW, evidence_exception="a test"
    )
    run = old.get_model("forecasts", "ImportRun").objects.create(source="A table", sha256="a" * 64, rows=1, at=NOW)
    old.get_model("forecasts", "Forecast").objects.create(
        prediction=prediction, forecaster=desk, issued_at=NOW, recorded_at=NOW, stands_from=NOW, tick=7000,
        basis="model", provenance="imported", import_run=run, row_index=0,
    )  # fmt: skip
    _public(old, desk)
    whose = {"prediction": prediction, "resolution": resolution, "forecaster": desk, "weight": 1}
    how = {"counting": "first", "cohort": "due", "track": "live", "basis": "stated"}
    for name, fields in DERIVED.items():
        old.get_model("forecasts", name).objects.create(**whose, **how, **fields)
    old.get_model("forecasts", "CalibrationCell").objects.create(**SUMMED, tick=7000, n=1, weight=1, weight_yes=1)
    old.get_model("forecasts", "ScopeCount").objects.create(**SUMMED, predictions=1, pairs=1)


def _public(old: Any, desk: Any) -> None:
    """A settled prediction on a topic, about which one forecaster spoke by two names."""
    topic = old.get_model("forecasts", "Topic").objects.create(slug="chips", name="Chips")
    prediction = old.get_model("forecasts", "Prediction").objects.create(
        slug="public", statement="Public.", logged_at=NOW, published_at=NOW, status="open",
        opens_at=NOW, closes_at=LATER, resolves_by=LATER, latest_deadline=LATER,
    )  # fmt: skip
    prediction.topics.add(topic)
    resolution = old.get_model("forecasts", "Resolution").objects.create(
        prediction=prediction, void_reason="duplicate", known_at=NOW, resolved_at=NOW
    )
    prediction.status, prediction.current_resolution = "void", resolution
    prediction.save()
    other = old.get_model("forecasts", "Forecaster").objects.create(
        slug="other", name="Other", kind="desk", merged_into=desk
    )
    for who in (desk, other):
        old.get_model("forecasts", "Forecast").objects.create(
            prediction=prediction, forecaster=who, issued_at=NOW, recorded_at=NOW, stands_from=NOW, tick=7000,
            basis="stated", provenance="live",
        )  # fmt: skip


def bring_up_to_date() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("forecasts"))


@contextmanager
def outside_of_actions() -> Iterator[None]:
    """Migrations write where the tests otherwise let only actions."""
    guards = connection.execute_wrappers[:]
    connection.execute_wrappers.clear()
    yield
    connection.execute_wrappers.extend(guards)


def test_it_works(own_database: str) -> None:
    with outside_of_actions():
        upgrade()
        bring_up_to_date()
    row = Prediction.objects.get(slug="one")
    assert row.scored_topics == []
    assert (row.import_run, row.external_id) == (ImportRun.objects.get(), None)
    assert not Score.objects.exists()
    assert not FactRow.objects.exists()
    assert set(Cursor.objects.values_list("engine", flat=True)) == {""}  # the follower scores everything again
    assert Forecaster.objects.derived().count() == 9
    assert Forecaster.objects.filter(slug="desk").exists()
    assert len(made := stored_made()) == 3  # of the forecaster, everybody and the topic
    assert made == made_sums()
    settled = Prediction.objects.get(slug="public")
    assert (settled.known_at, settled.corrected_at) == (NOW, None)
