"""Resolve, void or correct directly, naming the colleague who proposed it outside the desk."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User

from forecasts.errors import Conflict, Refused
from forecasts.ledger import contents
from forecasts.ledger.append import append
from forecasts.models import Finding, Prediction, PredictionStatus, Resolution

from .base import action, require
from .decide_proposal import settled_kind
from .settling import Result, check_evidence, check_two_people, settle
from .values import require_text


@action
def resolve_prediction(
    *,
    prediction: Prediction,
    result: Result,
    findings: Sequence[Finding] = (),
    proposer: User,
    note: str = "",
    at: dt.datetime,
    by: User,
) -> Resolution:
    """Record an outcome. `proposer` is who said so first; by the two-person rule not `by`."""
    if not result.outcome:
        raise Refused("outcome", result.outcome, "give an outcome; to void it, use void")
    return _settle_directly(prediction, result, findings, proposer=proposer, note=note, at=at, by=by, again=False)


@action
def void_prediction(
    *,
    prediction: Prediction,
    result: Result,
    findings: Sequence[Finding] = (),
    proposer: User,
    note: str,
    at: dt.datetime,
    by: User,
) -> Resolution:
    """Void it with a listed reason and a note for readers; scored nowhere, counted in every denominator."""
    require_text("note", note, "tell readers why it is void")
    if not result.void_reason:
        raise Refused("void_reason", result.void_reason, "give a reason to void")
    return _settle_directly(prediction, result, findings, proposer=proposer, note=note, at=at, by=by, again=False)


@action
def correct_resolution(
    *,
    prediction: Prediction,
    result: Result,
    findings: Sequence[Finding] = (),
    proposer: User,
    note: str,
    at: dt.datetime,
    by: User,
) -> Resolution:
    """Supersede the current resolution; scores and cells move, and the note stays public."""
    require_text("note", note, "tell readers what changed and why")
    return _settle_directly(prediction, result, findings, proposer=proposer, note=note, at=at, by=by, again=True)


def _settle_directly(
    prediction: Prediction,
    result: Result,
    findings: Sequence[Finding],
    *,
    proposer: User,
    note: str,
    at: dt.datetime,
    by: User,
    again: bool,
) -> Resolution:
    require(by, "resolve_predictions", "settle a prediction")
    require(proposer, "propose_resolutions", "be named as the proposer", field="proposer")
    check_two_people(proposer, by)
    row = Prediction.objects.select_for_update(no_key=True).get(pk=prediction.pk)
    if PredictionStatus(row.status).is_final is not again:
        accepted = "correct it instead" if not again else "resolve it first; there is nothing to correct"
        raise Conflict("status", row.status, accepted)
    check_evidence(row, list(findings), result.evidence_exception)
    resolution = settle(row, result, approver=by, proposer=proposer, note=note, at=at)
    append(
        settled_kind(resolution),
        subject=f"prediction:{row.pk}",
        content={
            "findings": [finding.pk for finding in findings],
            "resolution_row": contents.resolution(resolution),
        },
        at=at,
        by=by,
    )
    return resolution
