"""FiveThirtyEight's tables: games of two and of three outcomes, elections day by day, and their exact Brier scores."""

import datetime as dt
from decimal import Decimal

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.probability_tables import parse
from forecasts.scoring import brier, brier_multi
from forecasts.scoring.rules import options_to_ticks, to_ticks
from tests.shared import shared_data

from .made import only, reasons, refuses, said, table

TWO = {
    "season": "2021",
    "date": "2022-02-13",
    "team1": "Gulls",
    "team2": "Herons",
    "prob1": "0.3125",
    "prob1_outcome": "0",
    "prob2": "0.6875",
    "prob2_outcome": "1",
}
THREE = TWO | {"league": "Harbour Cup", "prob2": "0.5", "probtie": "0.1875", "probtie_outcome": "0.0"}
ELECTION = {
    "year": "2022",
    "office": "Governor",
    "state": "WY",
    "special": "false",
    "election_date": "2022-11-08",
    "forecast_date": "2022-11-07",
    "forecast_type": "lite",
    "party": "D",
    "candidate": "Harbour Desk",
    "probwin": ".00025",
    "probwin_outcome": "0",
}


def parsed(*rows: dict[str, str]) -> Import:
    return parse({"table.csv": table(rows)})


def test_it_works() -> None:
    question = only(parsed(TWO))
    assert question.external_id == "probability_tables:2021/2022-02-13/Gulls/Herons"
    assert (question.statement, question.outcome) == ("Gulls will beat Herons on 2022-02-13.", "no")
    over = dt.datetime(2022, 2, 13, 23, 59, 59, tzinfo=dt.UTC)
    assert (question.closes_at, question.resolves_by, question.known_at) == (over, over, over)
    (forecast,) = question.forecasts
    assert (forecast.value, forecast.issued_at) == (Decimal("0.3125"), dt.datetime(2022, 2, 13, tzinfo=dt.UTC))


def test_a_game_that_can_be_drawn_is_a_choice_of_three() -> None:
    question = only(parsed(THREE))
    assert (question.kind, question.options, question.outcome) == ("multiple_choice", ("Gulls", "Tie", "Herons"), "2")
    assert question.forecasts[0].value == {
        "Gulls": Decimal("0.3125"),
        "Tie": Decimal("0.1875"),
        "Herons": Decimal("0.5"),
    }
    drawn = {"prob2_outcome": "0", "probtie_outcome": "1"}
    assert only(parsed(THREE | drawn)).outcome == "1"


def test_an_election_is_forecast_day_by_day_and_model_by_model() -> None:
    found = parsed(
        ELECTION,
        ELECTION | {"forecast_date": "2022-11-08"},
        ELECTION | {"forecast_type": "deluxe"},
        ELECTION | {"party": "R", "candidate": "", "forecast_type": "", "probwin_outcome": "1"},
    )
    assert [(row.statement, row.outcome, row.group) for row in found.predictions] == [
        ("Harbour Desk (Democrat) will be elected governor of Wyoming in 2022.", "no", "Governor of Wyoming, 2022"),
        ("The Republican candidate will be elected governor of Wyoming in 2022.", "yes", "Governor of Wyoming, 2022"),
    ]
    assert [(row.forecaster, row.issued_at.day) for row in said(found)] == [
        ("fivethirtyeight-lite", 7),
        ("fivethirtyeight-deluxe", 7),
        ("fivethirtyeight-lite", 8),
        ("fivethirtyeight-forecast", 7),
    ]


def test_a_game_without_an_outcome_stays_open() -> None:
    assert only(parsed(TWO | {"prob1_outcome": "", "prob2_outcome": ""})).outcome == ""
    assert only(parsed(ELECTION | {"probwin_outcome": ""})).known_at is None


@pytest.mark.parametrize(
    ("row", "change", "field"),
    [
        (TWO, {"prob1_outcome": "0.5", "prob2_outcome": "0.5"}, "prob1_outcome"),
        (TWO, {"prob1_outcome": "1"}, "prob1_outcome"),
        (TWO, {"prob1_outcome": ""}, "prob1_outcome"),
        (TWO, {"prob1": "0.4"}, "prob2"),
        (TWO, {"prob1": "x"}, "prob1"),
        (TWO, {"date": "13/2/2022"}, "date"),
        (TWO, {"team2": "Gulls"}, "team2"),
        (THREE, {"team2": "Tie"}, "team2"),
        (THREE, {"probtie_outcome": "0.5"}, "prob1_outcome"),
        (ELECTION, {"probwin_outcome": "0.5"}, "probwin_outcome"),
        (ELECTION, {"probwin": "1.5"}, "probwin"),
        (ELECTION, {"forecast_date": ""}, "forecast_date"),
        (ELECTION, {"state": ""}, "state"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(row: dict[str, str], change: dict[str, str], field: str) -> None:
    found = parsed(row | change)
    assert ([refusal[:2] for refusal in reasons(found)], said(found)) == ([(2, field)], [])


def test_the_same_game_and_the_same_day_of_a_model_count_once() -> None:
    assert parsed(TWO, TWO).refused[0].accepted == "each question once; row 2 has it"
    assert parsed(ELECTION, ELECTION).refused[0].accepted == "each forecast once; row 2 has it"
    assert reasons(parsed(ELECTION, ELECTION | {"probwin_outcome": "1"})) == [(3, "probwin_outcome", "1")]


def test_another_table_is_refused() -> None:
    with refuses("columns", "missing: season, date"):
        parse({"table.csv": b"a,b\r\n1,2\r\n"})
    with refuses("columns", "missing: season, date"):
        parse({"table.csv": b"a\r\xc2\x80\n"})
    with refuses("columns", "missing: office"):
        parsed({name: cell for name, cell in ELECTION.items() if name != "office"})


def real(name: str) -> Import:
    return parse({name: shared_data(f"fivethirtyeight/{name}").read_bytes()})


def binary(found: Import) -> tuple[list[float], list[int]]:
    pairs = [(row, forecast) for row in found.predictions for forecast in row.forecasts]
    return [float(str(forecast.value)) for _, forecast in pairs], [int(row.outcome == "yes") for row, _ in pairs]


def exact(p: list[float], y: list[int]) -> int:
    """Sum of (tick - 10,000 y)², in integers."""
    return sum((to_ticks(share) - 10_000 * happened) ** 2 for share, happened in zip(p, y, strict=True))


def test_the_real_games_of_two_outcomes() -> None:
    found = real("nfl_games.csv")
    assert len(found.predictions) + len(found.refused) == 1_882 + 7 == 1_889
    assert {row.value for row in found.refused} == {"0.5"}
    p, y = binary(found)
    assert float(brier(p, y).mean()) == pytest.approx(0.2208263281, abs=5e-7)
    assert exact(p, y) == 41_559_559_348


def test_the_real_games_of_three_outcomes() -> None:
    found = real("world_cup_matches_men.csv")
    assert (len(found.predictions), len(found.refused)) == (48 + 64 + 64, 0)
    shares = [list(forecast.value.values()) for forecast in said(found)]  # type: ignore[union-attr]
    won = [int(row.outcome) for row in found.predictions]
    assert float(brier_multi(shares, won).mean()) == pytest.approx(0.5375319652, abs=5e-7)
    ticks = [options_to_ticks(row).tolist() for row in shares]
    cells = [(tick, index == k) for row, k in zip(ticks, won, strict=True) for index, tick in enumerate(row)]
    assert sum((tick - 10_000 * happened) ** 2 for tick, happened in cells) == 9_460_565_260


def test_the_real_elections() -> None:
    found = real("governors_elections.csv")
    # 169 candidates of 2018 and 2022 by three models, and 82 of 2010 by one without a name.
    assert (len(found.predictions), len(said(found)), len(found.refused)) == (169 + 82, 3 * 6_583 + 82, 0)
    assert len(found.forecasters) == 4
    p, y = binary(found)
    assert float(brier(p, y).mean()) == pytest.approx(0.0395413147, abs=5e-7)
    assert exact(p, y) == 78_414_356_931
