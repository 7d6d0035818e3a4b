"""What an entry says of an append-only row. Actions write it, `verify` compares it with the row of today."""

from forecasts.models import CriteriaVersion, Forecast, Resolution


def forecast(row: Forecast) -> dict[str, object]:
    return {
        "forecast": row.pk,
        "prediction": row.prediction_id,
        "forecaster": row.forecaster_id,
        "issued_at": row.issued_at,
        "recorded_at": row.recorded_at,
        "stands_from": row.stands_from,
        "tick": row.tick,
        "values": row.values,
        "basis": row.basis,
        "wording": row.wording,
        "wording_table": row.wording_table,
        "article": row.article_id,
        "quote": row.quote,
        "quote_start": row.quote_start,
        "rationale": row.rationale,
        "proof": row.proof_id,
        "provenance": row.provenance,
        "external_id": row.external_id,
    }


def recorded_forecast(row: Forecast) -> dict[str, object]:
    """A leaf of the tree over forecasts that came in one request; its place among them is the row's index."""
    return {name: value for name, value in forecast(row).items() if name != "forecast"}


def imported_forecast(row: Forecast) -> dict[str, object]:
    """A leaf of an import's tree; its place among the leaves is the row's index."""
    return {
        "prediction": row.prediction_id,
        "forecaster": row.forecaster_id,
        "issued_at": row.issued_at,
        "recorded_at": row.recorded_at,
        "stands_from": row.stands_from,
        "tick": row.tick,
        "values": row.values,
        "basis": row.basis,
        "wording": row.wording,
        "wording_table": row.wording_table,
        "rationale": row.rationale,
        "provenance": row.provenance,
        "external_id": row.external_id,
    }


def imported_prediction(first_version: CriteriaVersion) -> dict[str, object]:
    """A leaf of an import's tree, after those of the forecasts. Leaves of resolutions come last."""
    row = first_version.prediction
    return {"prediction": row.pk, "external_id": row.external_id, "version": version(first_version)}


def first_forecast_leaf(row: Forecast) -> dict[str, object]:
    """The same as it was in the first format of a tree, for yes or no only."""
    names = ("prediction", "forecaster", "issued_at", "recorded_at", "stands_from", "tick", "basis", "provenance")
    now = imported_forecast(row)
    return {name: now[name] for name in names}


def first_prediction_leaf(first_version: CriteriaVersion, first_resolution: Resolution) -> dict[str, object]:
    return {"version": version(first_version), "resolution": resolution(first_resolution)}


def resolution(row: Resolution) -> dict[str, object]:
    return {
        "resolution": row.pk,
        "prediction": row.prediction_id,
        "outcome": row.outcome,
        "void_reason": row.void_reason,
        "known_at": row.known_at,
        "resolved_at": row.resolved_at,
        "note": row.note,
        "evidence_exception": row.evidence_exception,
        "proposed_by_rule": row.proposed_by_rule,
        "proposal": row.proposal_id,
        "supersedes": row.supersedes_id,
    }


def version(row: CriteriaVersion) -> dict[str, object]:
    return {
        "version": row.number,
        "old": row.old,
        "new": row.new,
        "reason": row.reason,
        "after_first_forecast": row.after_first_forecast,
    }
