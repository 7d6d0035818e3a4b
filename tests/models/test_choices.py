"""Choices answer their own questions."""

import pytest

from forecasts.models import (
    Basis,
    CheckStatus,
    EntryKind,
    ForecasterKind,
    PredictionKind,
    PredictionStatus,
    Track,
)

DRAFT, OPEN, CLOSED, RESOLVED, VOID = PredictionStatus
LIFE = {
    DRAFT: {OPEN, VOID},
    OPEN: {CLOSED, RESOLVED, VOID},
    CLOSED: {RESOLVED, VOID},
    RESOLVED: {RESOLVED, VOID},
    VOID: {RESOLVED, VOID},
}


@pytest.mark.parametrize("now", PredictionStatus)
def test_the_life_of_a_prediction(now: PredictionStatus) -> None:
    assert {other for other in PredictionStatus if now.may_become(other)} == LIFE[now]


def test_what_is_final_and_what_is_public() -> None:
    assert {status for status in PredictionStatus if status.is_final} == {RESOLVED, VOID}
    assert {status for status in PredictionStatus if status.is_public} == set(PredictionStatus) - {DRAFT}


def test_who_is_derived_and_who_is_a_peer() -> None:
    assert {kind.value for kind in ForecasterKind if kind.is_derived} == {"crowd", "baseline"}
    assert {kind.value for kind in ForecasterKind if kind.may_join_peer_pool} == {
        "person",
        "desk",
        "publication",
        "ai_model",
    }


def test_what_has_a_range_and_which_check_is_good() -> None:
    assert {kind.value for kind in PredictionKind if kind.has_range} == {"numeric", "date"}
    assert {status.value for status in CheckStatus if status.is_good} == {"ok", "unchanged"}
    assert {status.value for status in CheckStatus if status.is_bad} == {"failed", "refused"}


def test_a_forecast_is_of_one_track_and_never_of_all() -> None:
    assert set(Track.provenances()) == set(Track) - {Track.ALL}
    assert "implied" in Basis.values


def test_which_entries_move_scores() -> None:
    assert {kind.value for kind in EntryKind if kind.moves_scores} == {
        "forecaster.saved",
        "forecaster.merged",
        "prediction.amended",
        "prediction.due",
        "prediction.resolved",
        "prediction.voided",
        "prediction.corrected",
        "forecast.issued",
        "forecast.withdrawn",
        "forecasts.recorded",
        "import.applied",
    }
