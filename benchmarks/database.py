"""The same through the database, and what is read from it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max
from django.test import Client
from django.utils import timezone

from forecasts.actions import (
    Import,
    ImportedForecast,
    ImportedPrediction,
    apply_import,
    save_reference,
    score_predictions,
)
from forecasts.actions.bulk import insert_rows
from forecasts.imports.demo import load
from forecasts.jobs.follow import follow
from forecasts.models import Basis, CalibrationCell, FactRow, Forecaster, Prediction, ScopeCount, Score
from forecasts.queries.scope import CalibrationQuery, of_forecaster
from forecasts.queries.sums import fact_rows, from_facts, summed
from forecasts.scoring.reliability import binned, brier_total, corp, mean_log

from .measure import rate, row

DAY = dt.timedelta(days=1)
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
PREDICTIONS, FORECASTERS, UPDATES = 20, 100, 5
AT_ONCE = 25
Rows = tuple[list[str], list[Any]]
WRITTEN = (Score, FactRow, CalibrationCell, ScopeCount)


def run() -> None:
    call_command("migrate", verbosity=0)
    load(timezone.now(), "http://127.0.0.1:1/none.xml")
    follow()
    _answer()
    ids = import_set(people_of(editor_of("bench")), range(PREDICTIONS))
    _scored(ids)
    for start in range(0, len(ids), AT_ONCE):
        score_predictions(prediction_ids=ids[start : start + AT_ONCE])
    _calibration()


def _answer() -> None:
    client = Client(headers={"host": "localhost"})
    api = "/api/v1/calibration?forecaster=fivethirtyeight-lite&track=imported"

    def empty() -> object:
        return client.get("/healthz")

    row("calibration answer, 19,749 forecasts stored", lambda: client.get(api), "an empty view", empty)


def editor_of(name: str) -> User:
    editor = User.objects.create_user(name, is_staff=True)
    editor.groups.set(Group.objects.filter(name__in=("Editors", "Operators")))
    return editor


def people_of(editor: User) -> list[str]:
    """The slugs of a hundred forecasters."""
    rows = (
        Forecaster(slug=f"bench-{number}", name=f"Bench {number}", kind="ai_model") for number in range(FORECASTERS)
    )
    return [save_reference(row=row, at=START, by=editor).slug for row in rows]


def import_set(people: Sequence[str], numbers: Sequence[int]) -> list[int]:
    """Settled predictions of these numbers, every forecaster with five forecasts on each."""
    generator = np.random.default_rng(3)

    def forecasts(number: int) -> tuple[ImportedForecast, ...]:
        days = np.sort(generator.integers(0, 300, FORECASTERS * UPDATES)).tolist()
        ticks = generator.integers(0, 10_001, FORECASTERS * UPDATES).tolist()
        names = [name for name in people for _ in range(UPDATES)]
        generator.shuffle(names)
        return tuple(
            ImportedForecast(number, name, START + day * DAY, tick / 10_000, f"{number}-{place}", Basis.MODEL)
            for place, (name, day, tick) in enumerate(zip(names, days, ticks, strict=True))
        )

    new = tuple(
        ImportedPrediction(
            row=number,
            external_id=f"benchmark:{number}",
            statement=f"Benchmark {number}.",
            criteria="Yes if it happens.",
            resolution_source="The benchmark",
            closes_at=START + 310 * DAY,
            resolves_by=START + 320 * DAY,
            known_at=START + 315 * DAY,
            outcome="yes" if generator.random() < 0.5 else "no",
            cannot_resolve_early=True,
            forecasts=forecasts(number),
        )
        for number in numbers
    )
    bulk = Import("benchmark", "benchmark", "nobody", f"{numbers[0]:064}", (), new)
    apply_import(bulk=bulk, at=timezone.now(), by="benchmark:import")
    keys = [each.external_id for each in new]
    return list(Prediction.objects.filter(external_id__in=keys).values_list("pk", flat=True))


def _rows(model: Any, after: int) -> Rows:
    """Columns and values of the rows behind a key."""
    columns = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return columns, list(model.objects.filter(pk__gt=after).values_list(*columns))


def _scored(ids: list[int]) -> None:
    """Everything is rolled back, so that each run begins where the first did."""
    batches = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    rows: list[Rows] = []
    last = {model: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in WRITTEN}

    def all_of_it() -> None:
        with transaction.atomic():
            for batch in batches:
                score_predictions(prediction_ids=batch)
            if not rows:
                rows.extend(_rows(model, last[model]) for model in WRITTEN)
            transaction.set_rollback(True)

    def insert() -> None:
        with transaction.atomic():
            for model, found in zip(WRITTEN, rows, strict=True):
                insert_rows(model, *found)
            transaction.set_rollback(True)

    all_of_it()
    n = PREDICTIONS * FORECASTERS * UPDATES
    what = f"bulk insert of its {sum(len(found) for _, found in rows):,} rows"
    taken = row(f"the same through the database, {n:,} forecasts", all_of_it, what, insert, runs=3)
    rate(n, "forecasts", taken)


def _calibration() -> None:
    query = CalibrationQuery(track="imported", counting="time")
    rows = fact_rows(query)
    wanted = ("prediction", "forecaster", "tick", "n", "weight", "weight_yes")

    def calibrate(found: Any) -> object:
        table = found.table
        return corp(table), corp(table, "log"), binned(table), brier_total(table), mean_log(table)

    row(
        f"calibration of {rows.count():,} raw rows",
        lambda: calibrate(from_facts(query)),
        "reading those rows",
        lambda: list(rows.values_list(*wanted)),
    )
    one = replace(of_forecaster(Forecaster.objects.get(slug="bench-0")), track="imported")
    row(
        "calibration of everybody from roll-ups",
        lambda: calibrate(summed(query)),
        "that of one forecaster",
        lambda: calibrate(summed(one)),
    )
