"""Open data sets of others, scored to published or hand-checked figures."""

import csv
import json

import numpy as np
import pytest

from forecasts.scoring.reliability import brier_total, mean_brier, tick_table
from forecasts.scoring.rules import brier, brier_multi, options_to_ticks, to_ticks
from tests.shared import shared_data


def columns(name: str, *wanted: str) -> list[list[str]]:
    with shared_data(f"fivethirtyeight/{name}").open(newline="") as file:
        return [[row[column] for column in wanted] for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def nfl() -> list[list[str]]:
    """1,882 games and 7 ties, whose outcome is 0.5. FiveThirtyEight, CC BY 4.0."""
    return columns("nfl_games.csv", "prob1", "prob1_outcome")


def test_a_game_without_a_winner_is_refused(nfl: list[list[str]]) -> None:
    p, y = np.array(nfl, dtype=float).T

    with pytest.raises(ValueError, match=r"^y must be 0 or 1"):
        brier(p, y)


def test_nfl_games(nfl: list[list[str]]) -> None:
    games = np.array([row for row in nfl if float(row[1]) != 0.5], dtype=float)
    p, y = games.T

    assert (len(nfl) - len(games), len(games)) == (7, 1_882)
    assert np.mean(brier(p, y)) == pytest.approx(0.2208263281, abs=5e-7)
    assert mean_brier(tick_table(p, y, decimals=None)) == pytest.approx(0.2208263281, abs=5e-7)
    assert brier_total(tick_table(p, y)) == 41_559_559_348
    assert mean_brier(tick_table(p, y)) == 41_559_559_348 / (1_882 * 10**8) == pytest.approx(0.2208263281, abs=2e-6)


def test_governors() -> None:
    p, y = np.array(columns("governors_elections.csv", "probwin", "probwin_outcome"), dtype=float).T

    assert p.size == 19_831
    assert np.mean(brier(p, y)) == pytest.approx(0.0395413147, abs=5e-7)
    assert brier_total(tick_table(p, y)) == 78_414_356_931
    assert mean_brier(tick_table(p, y)) == pytest.approx(0.0395413025, abs=5e-11)


def test_plain_rounding_would_move_109_rows_of_the_governors() -> None:
    p = np.array(columns("governors_elections.csv", "probwin"), dtype=float).ravel()

    assert np.count_nonzero(np.rint(p * 1e4) != to_ticks(p)) == 109


def test_world_cup_matches() -> None:
    names = ["prob1", "probtie", "prob2", "prob1_outcome", "probtie_outcome", "prob2_outcome"]
    p, outcome = np.hsplit(np.array(columns("world_cup_matches_men.csv", *names), dtype=float), 2)
    ticks = options_to_ticks(p)
    numerator = int(((ticks - 10_000 * outcome.astype(int)) ** 2).sum())

    assert len(p) == 176
    assert np.mean(brier_multi(p, outcome.argmax(axis=1))) == pytest.approx(0.5375319652, abs=5e-7)
    assert numerator == 9_460_565_260
    assert numerator / (176 * 10**8) == pytest.approx(0.5375319652, abs=1e-5)


def test_forecastbench_individuals() -> None:
    """Forty people's own forecasts joined to yes or no; ForecastBench, CC BY-SA 4.0.

    Forecasts on market questions carry no resolution date and join on the question alone.
    """
    resolutions = json.loads(shared_data("forecastbench/resolution_set.json").read_text())["resolutions"]
    entries = json.loads(shared_data("forecastbench/human_super_individual.json").read_text())["forecasts"]
    resolved = [row for row in resolutions if isinstance(row["id"], str) and row["resolved_to"] in (0, 1)]
    by_date = {(row["id"], row["source"], row["resolution_date"]): row["resolved_to"] for row in resolved}
    by_question = {key[:2]: outcome for key, outcome in by_date.items()}

    joined = [(row, by_date.get((row["id"], row["source"], row["resolution_date"]))) for row in entries]
    joined += [(row, by_question.get((row["id"], row["source"]))) for row in entries if not row["resolution_date"]]
    scored = [(row, outcome) for row, outcome in joined if outcome is not None]
    p, y = [row["forecast"] for row, _ in scored], [outcome for _, outcome in scored]

    assert len(scored) == 4_797
    assert len({row["user_id"] for row, _ in scored}) == 40
    assert len({row["id"] for row, _ in scored}) == 162
    assert np.mean(brier(p, y)) == pytest.approx(0.1103462267, abs=5e-7)
    assert mean_brier(tick_table(p, y)) == pytest.approx(0.1103462264, abs=5e-11)
