"""The governors' track record: the shipped file against the original, and the whole import against the ledger."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from forecasts.actions import advance_cursor, apply_import, score_predictions
from forecasts.actions.values import tick_of
from forecasts.errors import Refused
from forecasts.imports import demo
from forecasts.imports.governors import COLUMNS, SHIPPED, WITHOUT_MODEL, compact, parse
from forecasts.jobs.recompute import SCORED_AT_ONCE, compare
from forecasts.ledger.verify import verify
from forecasts.models import CursorName, Forecast, Forecaster, ImportRun, LedgerEntry, Prediction, Score
from forecasts.queries.scope import CalibrationQuery, of_forecaster
from forecasts.queries.sums import summed
from forecasts.scoring.reliability import brier_total
from forecasts.scoring.rules import to_ticks
from tests.shared import shared_data
from tests.story import DAY, START, Story

LATER = START + DAY


def original() -> list[dict[str, str]]:
    with shared_data("fivethirtyeight/governors_elections.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_it_works() -> None:
    lines, skipped = compact(original())
    with SHIPPED.open(newline="") as file:
        shipped = list(csv.reader(file))
    assert shipped == [list(COLUMNS), *lines]
    assert skipped == {WITHOUT_MODEL: 82}


def test_nothing_is_lost_and_nothing_is_added() -> None:
    rows, bulk = original(), parse()
    forecasts = [(new, forecast) for new in bulk.predictions for forecast in new.forecasts]
    left_out = [row for row in rows if not row["forecast_type"]]
    assert (len(rows), len(forecasts), len(bulk.predictions), len(left_out)) == (19_831, 19_749, 169, 82)
    assert len(rows) == len(forecasts) + len(left_out)
    assert "82 forecasts of 2010" in bulk.credit
    of_the_shipped = sum((tick_of(each.value) - 10_000 * (new.outcome == "yes")) ** 2 for new, each in forecasts)
    assert of_the_shipped + loss(left_out) == loss(rows) == 78_414_356_931


def loss(rows: list[dict[str, str]]) -> int:
    """Sum of (tick - 10,000 y)², in integers."""
    return sum((to_ticks(float(row["probwin"])) - 10_000 * int(row["probwin_outcome"])) ** 2 for row in rows)


def test_the_whole_of_it_is_imported_scored_and_verified(story: Story) -> None:
    run = demo.load_track_record(LATER, story.approver)
    assert (run.rows, Forecast.objects.count(), Prediction.objects.count()) == (19_749, 19_749, 169)
    assert verify().rows == 1 + 169
    ids = list(Prediction.objects.values_list("pk", flat=True))
    for start in range(0, len(ids), SCORED_AT_ONCE):  # as the follower does, without the statistics after it
        score_predictions(prediction_ids=ids[start : start + SCORED_AT_ONCE])
    advance_cursor(name=CursorName.SCORING, seq=LedgerEntry.objects.count())
    same = compare()
    assert (same.differences, same.pending, same.predictions) == ([], 0, 169)
    assert set(Score.objects.values_list("track", flat=True)) == {"imported", "all"}
    # What counts first, from the parsed file alone: the earliest forecast of each candidate and model.
    firsts = {}
    for number, new in enumerate(parse().predictions):
        for forecast in reversed(new.forecasts):
            firsts[number, forecast.forecaster] = (tick_of(forecast.value) - 10_000 * (new.outcome == "yes")) ** 2
    found = summed(CalibrationQuery(track="imported"))
    assert (found.predictions, found.pairs, found.table.total) == (169, len(firsts), len(firsts))
    assert brier_total(found.table) == sum(firsts.values())
    again = apply_import(bulk=parse(), at=LATER + DAY, by=story.approver)
    assert (again.run, again.plan.states["unchanged"], again.plan.left_out) == (None, 3 + 169 + 19_749 + 169, [])
    assert ImportRun.objects.get() == run
    assert {model: _numerators(model) for model in TIMED} == {model: (_first(model), TIMED[model]) for model in TIMED}


# Sum of millionths of the window x (tick - 10,000 y)²: every database and machine gives these integers.
TIMED = {"lite": 827_516_787_322_321, "classic": 768_579_840_245_715, "deluxe": 749_978_809_753_323}


def _numerators(model: str) -> tuple[int, int]:
    whose = Forecaster.objects.get(slug=f"fivethirtyeight-{model}")
    query = replace(of_forecaster(whose), track="imported")
    first, time = (brier_total(summed(replace(query, counting=each)).table) for each in ("first", "time"))
    return first, time


def _first(model: str) -> int:
    """From the file alone: each candidate's first day."""
    with SHIPPED.open(newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["model"] == model]
    said = [(int(line["ticks"].split()[0].partition("*")[0]), int(line["outcome"])) for line in lines]
    return sum((tick - 10_000 * y) ** 2 for tick, y in said)


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("year,state\n2022,CA\n")
    with pytest.raises(Refused, match=r"file: 'table.csv' .* expected the columns year, state, election_date"):
        parse(path)
