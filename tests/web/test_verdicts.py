"""The card says the word that the test allows, with its explanation, at every number of predictions."""

from dataclasses import replace

import numpy as np
import pytest
from django.utils import timezone

from forecasts.queries import statistics
from forecasts.queries.calibration import Calibration, calibration
from forecasts.queries.figures import thinned
from forecasts.queries.scope import CalibrationQuery
from forecasts.scoring.uncertainty import Verdict
from forecasts.scoring.values import TickTable
from forecasts.web.cards import card

pytestmark = pytest.mark.django_db
Row = tuple[int, int, int]

FAULTS: list[tuple[Verdict, list[Row]]] = [
    (Verdict.WELL_CALIBRATED, [(2_000, 50, 10), (7_000, 50, 35)]),
    (Verdict.OVER_CONFIDENT, [(500, 50, 15), (9_500, 50, 35)]),
    (Verdict.UNDER_CONFIDENT, [(4_000, 50, 2), (6_000, 50, 48)]),
    (Verdict.TOO_HIGH, [(5_000, 50, 15), (6_000, 50, 20)]),
    (Verdict.TOO_LOW, [(4_000, 50, 30), (5_000, 50, 35)]),
]


def answer(rows: list[Row], **changes: object) -> Calibration:
    """The answer that these separate forecasts would have."""
    table = TickTable.from_rows(rows, independent=True)
    stored = statistics.tested(table)
    nothing = calibration(CalibrationQuery(), timezone.now())
    found = replace(
        nothing,
        display="all" if table.total >= 100 else "curve",
        predictions=table.total,
        table=table,
        thinned=thinned({"thinned": stored}),
        verdict=stored["verdict"] if stored else Verdict.TOO_EARLY,
    )
    return replace(found, **changes)


@pytest.mark.parametrize(("word", "rows"), FAULTS)
def test_every_verdict_is_told_with_what_it_means(word: Verdict, rows: list[Row]) -> None:
    found = card(answer(rows))
    assert found.verdict == word
    assert found.explanation
    said, happened = (np.array([row[i] for row in rows]) for i in (0, 2))
    if word == Verdict.TOO_HIGH:
        assert happened.sum() < (said / 10_000 * 50).sum()
        assert "less often" in found.explanation
    if word == Verdict.TOO_LOW:
        assert happened.sum() > (said / 10_000 * 50).sum()
        assert "more often" in found.explanation


@pytest.mark.parametrize("display", ["list", "scores"])
def test_under_thirty_it_is_too_early_whatever_the_test_would_say(display: str) -> None:
    found = card(answer([(500, 15, 10)], display=display))
    assert found.verdict == Verdict.TOO_EARLY


def test_of_other_kinds_there_is_no_verdict() -> None:
    query = CalibrationQuery(kind="multiple_choice")
    assert card(answer([(2_000, 50, 10)], query=query)).verdict == ""
