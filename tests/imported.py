"""Imports as files of other systems bring them, made by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

from forecasts.actions import (
    Applied,
    Import,
    ImportedForecast,
    ImportedForecaster,
    ImportedPrediction,
    apply_import,
)
from forecasts.models import ForecasterKind, ImportRun
from tests.story import DAY, DEADLINE, START, Story

LATER = DEADLINE + 9 * DAY
KNOWN = START + 10 * DAY
ORACLE = ImportedForecaster("oracle", "Oracle", ForecasterKind.AI_MODEL, is_bot=True)
POLICY_DESK = ImportedForecaster("policy-desk", "Policy desk", ForecasterKind.DESK)


def said(
    number: int, value: Any, *, at: dt.datetime = START, forecaster: str = "policy-desk", turn: int = 0, **given: Any
) -> ImportedForecast:
    return ImportedForecast(number, forecaster, at, value, f"{number}-{turn}", **{"basis": "model", **given})


def settled(number: int = 1, **given: Any) -> ImportedPrediction:
    fields: dict[str, Any] = {
        "row": number,
        "external_id": f"table:{number}",
        "statement": "The red candidate will be elected.",
        "criteria": "Yes if the red candidate won.",
        "resolution_source": "The published table",
        "group": "The election",
        "closes_at": KNOWN,
        "resolves_by": START + 11 * DAY,
        "known_at": KNOWN,
        "outcome": "yes",
        "cannot_resolve_early": True,
        "forecasts": tuple(
            said(number, Decimal(6000 + day) / 10_000, at=START + day * DAY, turn=day) for day in range(3)
        ),
    }
    return ImportedPrediction(**{**fields, **given})


def still_open(number: int = 1, **given: Any) -> ImportedPrediction:
    return settled(number, **{"outcome": "", "known_at": None, "forecasts": (said(number, 0.6),), **given})


def bulk(*predictions: ImportedPrediction, **given: Any) -> Import:
    fields = {"format": "table", "source": "A table", "credit": "Whose it is", "sha256": "a" * 64}
    return Import(**{**fields, "forecasters": (POLICY_DESK, ORACLE), "predictions": predictions, **given})


def applies(story: Story, given: Import, at: dt.datetime = LATER) -> Applied:
    return apply_import(bulk=given, at=at, by=story.approver)


def brought(story: Story, given: Import, at: dt.datetime = LATER) -> ImportRun:
    run = applies(story, given, at).run
    assert run is not None
    return run


def only_problem(applied: Applied) -> tuple[str, str, str, str]:
    """State, field, value and what is accepted of the one row that was left out."""
    (row,) = applied.plan.left_out
    assert row.problem is not None
    return str(row.state), row.problem.field, str(row.problem.value), row.problem.accepted
