"""Record a forecast, many forecasts, or that one is withdrawn."""

from typing import Any

from rest_framework.serializers import ListSerializer

from forecasts.actions import Citation, Recorded, issue_forecast, record_forecasts, withdraw_forecast
from forecasts.actions.record_forecasts import MOST
from forecasts.api.v1.documents.forecasts import ForecastDocument, RecordedDocument
from forecasts.models import Article, Basis, Forecaster, KeyScope, Prediction

from .base import Acting, Done, Write
from .body import JSON, NDJSON
from .fields import Anything, Input, Moment, OneOf, Slug, Text
from .predictions import found

MOST_BULK = 10 * 1024 * 1024
VALUE = "By the kind of the prediction: a probability; one by option; points [x, probability] of a CDF."


class ForecastInput(Input):
    prediction = Slug(help_text="Slug.")
    forecaster = Slug(help_text="Slug.")
    value = Anything(help_text=VALUE)
    issued_at = Moment(required=False, help_text="Now, unless given.")
    basis = OneOf(Basis.values, required=False)
    wording = Text(required=False, max_length=200, help_text="The words that an implied probability was read from.")
    wording_table = Text(required=False, max_length=20, help_text="The version of the table they were read with.")
    external_id = Text(required=False, max_length=200, help_text="Unique for its forecaster; makes retries harmless.")
    rationale = Text(required=False, max_length=100_000)
    article = Slug(required=False, help_text="Slug of the article that it was made in.")
    quote = Text(required=False, help_text="The sentence there, word for word.")


class RowInput(ForecastInput):
    """One of many forecasts."""


class WithdrawInput(Input):
    prediction = Slug(help_text="Slug.")
    forecaster = Slug(help_text="Slug.")
    rationale = Text(required=False, max_length=100_000)


def _issue(acting: Acting, given: dict[str, Any]) -> Done:
    article, quote = given.pop("article", ""), given.pop("quote", "")
    row = issue_forecast(
        prediction=found(Prediction, "prediction", given.pop("prediction")),
        forecaster=found(Forecaster, "forecaster", given.pop("forecaster")),
        citation=Citation(found(Article, "article", article), quote) if article or quote else None,
        at=acting.at,
        by=acting.by,
        **given,
    )
    return Done(row, f"/api/v1/forecasts?prediction={row.prediction.slug}", is_old=row.recorded_at != acting.at)


def _record(acting: Acting, rows: list[Any]) -> Done:
    recorded: Recorded = record_forecasts(rows=rows, source="API", at=acting.at, by=acting.by)
    return Done(recorded)


def _withdraw(acting: Acting, given: dict[str, Any]) -> Done:
    row = withdraw_forecast(
        prediction=found(Prediction, "prediction", given["prediction"]),
        forecaster=found(Forecaster, "forecaster", given["forecaster"]),
        rationale=given.get("rationale", ""),
        at=acting.at,
        by=acting.by,
    )
    return Done(row, f"/api/v1/forecasts?prediction={row.prediction.slug}")


EXAMPLE = {
    "prediction": "the-central-bank-of-ruritania-will-cut-its-policy-rate-by-30-june-2027",
    "forecaster": "policy-desk",
    "value": 0.7,
    "external_id": "run-2027-01-15-rate",
}
ISSUE = Write(
    name="issueForecast",
    summary="Record a forecast.",
    about="Recorded more than 7 days after `issued_at` it stands on the track `backfilled`. Sent again under its "
    "`external_id` it is answered with 200 and the forecast that is stored.",
    may_be_old=True,
    body=ForecastInput,
    document=ForecastDocument,
    run=_issue,
    example=EXAMPLE,
    scope=KeyScope.FORECAST,
)
RECORD = Write(
    name="recordForecasts",
    summary="Record up to 10,000 forecasts: all of them or none.",
    about="A JSON array, or an object a line. `problems` of a refusal names `row` from 0, field and what is accepted. "
    "A row whose `external_id` is here already and says the same is left out and counted as unchanged.",
    body={JSON: ListSerializer(child=RowInput(), max_length=MOST), NDJSON: RowInput},
    document=RecordedDocument,
    run=_record,
    example=[EXAMPLE | {"value": 0.65, "external_id": "run-2027-01-22-rate"}],
    scope=KeyScope.FORECAST,
    most=MOST_BULK,
)
WITHDRAW = Write(
    name="withdrawForecast",
    summary="Withdraw a forecaster's standing forecast, from now on.",
    body=WithdrawInput,
    document=ForecastDocument,
    run=_withdraw,
    example={name: EXAMPLE[name] for name in ("prediction", "forecaster")},
    scope=KeyScope.FORECAST,
)
