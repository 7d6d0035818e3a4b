"""A program that uses the API by a client generated from its OpenAPI document: python client_use.py ORIGIN KEY.

test_generated_client.py makes the client, checks the types of this file against it, and runs it.
"""

import sys

from reckoner_client import AuthenticatedClient, Client
from reckoner_client.api.reads import calibration, one_prediction, predictions
from reckoner_client.api.writes import issue_forecast, record_forecasts
from reckoner_client.models import (
    CalibrationDocument,
    ForecastDocument,
    ForecastInput,
    PredictionDocument,
    PredictionListDocument,
    ProblemDocument,
    RecordedDocument,
    RowInput,
)
from reckoner_client.models.calibration_track import CalibrationTrack


def reads(anybody: Client) -> str:
    """The slug of the open prediction."""
    listed = predictions.sync(client=anybody, limit=10)
    assert isinstance(listed, PredictionListDocument)
    [row] = (row for row in listed.results if row.state == "open")
    shown = one_prediction.sync(row.slug, client=anybody)
    assert isinstance(shown, PredictionDocument)
    assert shown.resolves_by is not None
    assert shown.resolves_by.tzinfo is not None
    return row.slug


def pulls(anybody: Client) -> None:
    found = calibration.sync(client=anybody, track=CalibrationTrack.LIVE)
    assert isinstance(found, CalibrationDocument)
    assert (found.n_predictions, found.display, found.corp) == (1, "list", None)


def forecasts(desk: AuthenticatedClient, slug: str) -> None:
    said = ForecastInput(prediction=slug, forecaster="policy-desk", value=0.7, external_id="run-1")
    for status in (201, 200):
        answer = issue_forecast.sync_detailed(client=desk, body=said)
        assert answer.status_code == status
        assert isinstance(answer.parsed, ForecastDocument)
        assert answer.parsed.probability == 0.7
    row = RowInput(prediction=slug, forecaster="policy-desk", value=0.6, external_id="run-2")
    recorded = record_forecasts.sync(client=desk, body=[row])
    assert isinstance(recorded, RecordedDocument)
    assert (recorded.recorded, recorded.unchanged) == (1, 0)


def is_refused(anybody: Client, desk: AuthenticatedClient, slug: str) -> None:
    missing = one_prediction.sync("no-such-prediction", client=anybody)
    assert isinstance(missing, ProblemDocument)
    assert (missing.status, missing.code, missing.problems) == (404, "not_found", [])
    refused = issue_forecast.sync(client=desk, body=ForecastInput(slug, "policy-desk", 1.2))
    assert isinstance(refused, ProblemDocument)
    assert [(problem.field, problem.value) for problem in refused.problems] == [("value", 1.2)]


if __name__ == "__main__":
    origin, key = sys.argv[1:]
    without, with_key = Client(origin), AuthenticatedClient(origin, key)
    prediction = reads(without)
    pulls(without)
    forecasts(with_key, prediction)
    is_refused(without, with_key, prediction)
