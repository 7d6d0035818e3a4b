"""ForecastBench: small sets of our own, the real ones whole, and the Brier score that others computed from them."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.forecastbench import parse
from forecasts.scoring import brier, mean_brier, tick_table
from tests.shared import shared_data

from .made import document, only, reasons, refuses, said

ROUND = "2026-01-11"
MARKET = {
    "id": "m1",
    "source": "manifold",
    "question": "Will the harbour bridge open by June?",
    "resolution_criteria": "Resolves as the market does.",
    "background": "N/A",
    "market_info_open_datetime": "2025-12-01T00:00:00+00:00",
    "market_info_close_datetime": "2026-06-30T21:00:00+00:00",
    "market_info_resolution_criteria": "N/A",
    "url": "https://markets.example/bridge",
    "freeze_datetime": "2026-01-02T00:00:00+00:00",
    "freeze_datetime_value": "0.6",
    "combination_of": "N/A",
    "resolution_dates": "N/A",
}
SERIES = MARKET | {
    "id": "s1",
    "source": "fred",
    "question": "Will the rate on {resolution_date} be above that on {forecast_due_date}?\n\nRevisions do not count.",
    "resolution_criteria": "The value of {resolution_date}.",
    "market_info_close_datetime": "N/A",
    "resolution_dates": ["2026-01-18", "2026-02-10"],
}
OUTCOME = {
    "id": "m1",
    "source": "manifold",
    "direction": None,
    "resolution_date": "2026-05-01",
    "resolved_to": 1.0,
    "resolved": True,
}
SAID = {
    "id": "m1",
    "source": "manifold",
    "forecast": 0.7,
    "resolution_date": None,
    "direction": None,
    "reasoning": "The piers stand.",
}
MODEL = {"organization": "Desk", "model": "gpt-x", "model_organization": "Lab"}


def head(**lists: object) -> bytes:
    return document({"forecast_due_date": ROUND, "question_set": f"{ROUND}-llm.json", **lists})


def parsed(
    questions: list[Any], resolutions: list[Any] | None = None, forecasts: list[Any] | None = None, **by: str
) -> Import:
    files = {"q.json": head(questions=questions)}
    if resolutions is not None:
        files["r.json"] = head(resolutions=resolutions)
    if forecasts is not None:
        files["f.json"] = head(forecasts=forecasts, **(by or MODEL))
    return parse(files)


def test_it_works() -> None:
    found = parsed(
        [MARKET, SERIES], [OUTCOME], [SAID, SAID | {"id": "s1", "source": "fred", "resolution_date": "2026-02-10"}]
    )
    assert [(row.row, row.external_id, row.outcome, len(row.forecasts)) for row in found.predictions] == [
        (1, f"forecastbench:{ROUND}/manifold/m1", "yes", 1),
        (2, f"forecastbench:{ROUND}/fred/s1/2026-01-18", "", 0),
        (2, f"forecastbench:{ROUND}/fred/s1/2026-02-10", "", 1),
    ]
    market, series, _ = found.predictions
    assert (market.closes_at, market.known_at) == (
        dt.datetime(2026, 6, 30, 21, tzinfo=dt.UTC),
        dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
    )
    assert series.statement == "Will the rate on 2026-01-18 be above that on 2026-01-11?"
    assert (series.criteria, series.fine_print) == ("The value of 2026-01-18.", "Revisions do not count.")
    assert series.group == "Will the rate on each date be above that on the day of the forecast?"
    assert series.closes_at == series.resolves_by == dt.datetime(2026, 1, 18, 23, 59, 59, tzinfo=dt.UTC)
    assert series.opens_at == dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    forecast = said(found)[0]
    assert (forecast.value, forecast.basis, forecast.rationale) == (Decimal("0.7"), "model", "The piers stand.")
    assert forecast.issued_at == dt.datetime(2026, 1, 11, 23, 59, 59, tzinfo=dt.UTC)
    assert [(who.name, who.kind) for who in found.forecasters] == [("gpt-x (Desk)", "ai_model")]
    assert (found.refused, "CC BY-SA 4.0" in found.credit) == ((), True)
    assert found.source == "ForecastBench, round of 2026-01-11"


@pytest.mark.parametrize(
    ("by", "slug", "kind", "is_bot"),
    [
        (
            {"organization": "ForecastBench", "model": "gpt-4o", "model_organization": "Lab"},
            "forecastbench-gpt-4o",
            "ai_model",
            False,
        ),
        ({"organization": "ForecastBench", "model": "naive"}, "forecastbench-naive", "publication", True),
    ],
)
def test_who_made_a_forecast_set(by: dict[str, str], slug: str, kind: str, is_bot: bool) -> None:
    (who,) = parsed([MARKET], None, [SAID], **by).forecasters
    assert (who.slug, who.kind, who.is_bot) == (slug, kind, is_bot)


def test_people_are_told_apart_by_their_id_and_not_by_its_case() -> None:
    found = parsed([MARKET], None, [SAID | {"user_id": "aB"}, SAID | {"user_id": "Ab"}])
    assert [(who.name, who.kind) for who in found.forecasters] == [
        ("ForecastBench forecaster aB", "person"),
        ("ForecastBench forecaster Ab", "person"),
    ]
    assert len({who.slug for who in found.forecasters}) == 2


def test_the_price_of_a_market_that_is_open_is_no_outcome() -> None:
    assert only(parsed([MARKET], [OUTCOME | {"resolved": False, "resolved_to": 0.4}])).outcome == ""


def test_a_fractional_outcome_is_refused_and_never_rounded() -> None:
    found = parsed([MARKET], [OUTCOME | {"resolved_to": 0.999}], [SAID])
    assert (found.predictions, [row[1:] for row in reasons(found)]) == (
        (),
        [("r.json: resolved_to", "0.999"), ("q.json: id", "m1"), ("question", f"forecastbench:{ROUND}/manifold/m1")],
    )


def test_combinations_of_two_are_refused_wherever_they_stand() -> None:
    pair = {"id": ["m1", "m2"], "direction": [1, -1]}
    found = parsed([MARKET, MARKET | pair], [OUTCOME | pair], [SAID | pair])
    assert (len(found.predictions), {row.accepted for row in found.refused}) == (
        1,
        {"give the id of one question as text; combinations of two are not taken"},
    )
    assert [row[:2] for row in reasons(found)] == [(1, "r.json: id"), (1, "f.json: id"), (2, "q.json: id")]


@pytest.mark.parametrize(
    ("list_of", "change", "field"),
    [
        ("q", {"market_info_close_datetime": "N/A"}, "q.json: market_info_close_datetime"),
        ("q", {"resolution_dates": []}, "q.json: resolution_dates"),
        ("q", {"resolution_dates": "soon"}, "q.json: resolution_dates"),
        ("q", {"resolution_dates": ["soon"]}, "q.json: resolution_dates"),
        ("q", {"question": None}, "q.json: question"),
        ("r", {"id": "m2"}, "r.json: id"),
        ("r", {"resolution_date": None}, "r.json: resolution_date"),
        ("r", {"resolved_to": "yes"}, "r.json: resolved_to"),
        ("f", {"forecast": 70}, "f.json: forecast"),
        ("f", {"forecast": None}, "f.json: forecast"),
        ("f", {"id": "m2"}, "question"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(list_of: str, change: dict[str, object], field: str) -> None:
    found = parsed(
        [MARKET | (change if list_of == "q" else {})],
        [OUTCOME | (change if list_of == "r" else {})],
        [SAID | (change if list_of == "f" else {})],
    )
    assert field in [row.field for row in found.refused]


def test_everything_given_twice_counts_once() -> None:
    found = parsed([MARKET, MARKET], [OUTCOME, OUTCOME], [SAID, SAID])
    assert (len(found.predictions), len(said(found))) == (1, 1)
    assert [(row.row, row.field) for row in found.refused] == [(2, "r.json: id"), (2, "id"), (2, "forecast")]


def test_sets_that_do_not_belong_together_are_refused() -> None:
    with refuses("files", "give one question set"):
        parse({"f.json": head(forecasts=[SAID])})
    with refuses("files", "give one question set"):
        parse({"q.json": head(questions=[]), "p.json": head(questions=[])})
    with refuses("r.json: forecast_due_date", "give files of one round, 2026-01-11"):
        parse(
            {"q.json": head(questions=[]), "r.json": document({"forecast_due_date": "2026-01-25", "resolutions": []})}
        )
    with refuses("file", "give an object with one of questions"):
        parse({"q.json": document([MARKET])})
    with refuses("q.json: questions", "give a list of objects"):
        parse({"q.json": head(questions={})})


REAL = ("question_set_human.json", "resolution_set.json", "human_super_individual.json")


@pytest.fixture(scope="module")
def real() -> Import:
    return parse({name: shared_data(f"forecastbench/{name}").read_bytes() for name in REAL})


def test_the_real_round_is_taken_whole(real: Import) -> None:
    # 90 markets once; 110 series on 8 dates, but two of them on 7.
    assert len(real.predictions) == 90 + 108 * 8 + 2 * 7 == 968
    assert len(said(real)) == 7_693
    assert len(real.forecasters) == 40
    # 7,561 rows of the resolution set: combinations, questions that were not asked, and the rest found their question.
    assert Counter(row.accepted[:17] for row in real.refused) == {"give the id of on": 5_992, "give a question a": 973}
    still_open = 18
    assert Counter(row.outcome for row in real.predictions if row.outcome) == {"no": 395, "yes": 183}
    assert 5_992 + 973 + 395 + 183 + still_open == 7_561


def test_its_brier_score_is_the_one_others_computed(real: Import) -> None:
    settled = [(row, forecast) for row in real.predictions if row.outcome for forecast in row.forecasts]
    p = [float(str(forecast.value)) for _, forecast in settled]
    y = [int(row.outcome == "yes") for row, _ in settled]
    questions = {tuple(row.external_id.split("/")[:3]) for row, _ in settled}
    people = {forecast.forecaster for _, forecast in settled}
    assert (len(settled), len(people), len(questions)) == (4_797, 40, 162)
    assert float(brier(p, y).mean()) == pytest.approx(0.1103462267, abs=5e-7)
    assert mean_brier(tick_table(p, y)) == pytest.approx(0.1103462264, abs=1e-9)
