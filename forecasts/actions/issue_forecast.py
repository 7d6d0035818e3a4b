"""Issue a forecast on an open prediction."""

import datetime as dt
from dataclasses import dataclass

from forecasts.errors import NotReady
from forecasts.ledger import contents
from forecasts.ledger.append import By, append
from forecasts.models import Article, Basis, EntryKind, Forecast, Forecaster, Prediction, PredictionStatus, Snapshot

from .base import action, require
from .forecast_value import read_value
from .forecasting import other_under_id, record_forecast, says_the_same
from .values import quote_place


@dataclass(frozen=True)
class Citation:
    """Where a forecast was made: the archived article and the sentence, word for word."""

    article: Article
    quote: str


@action
def issue_forecast(
    *,
    prediction: Prediction,
    forecaster: Forecaster,
    value: object,
    issued_at: dt.datetime | None = None,
    basis: str = Basis.STATED,
    wording: str = "",
    wording_table: str = "",
    citation: Citation | None = None,
    proof: Snapshot | None = None,
    external_id: str | None = None,
    rationale: str = "",
    at: dt.datetime,
    by: By,
) -> Forecast:
    """Record that `forecaster` said `value` at `issued_at`, by default now.

    Of yes or no that is a probability (0..1, or "70 %"), of options one for each, of a number or a date the
    probabilities of at most some values: `read_value` says in which forms.

    Recorded more than 7 days after it was issued it is `backfilled`; on the live track it stands from when we recorded
    it, or from when `proof` was captured. Sent again under its external id it is the row that is stored, with its own
    `recorded_at`, and no entry. Raises Refused (value, times), NotReady (draft, void) or Conflict (another forecast
    under that external id).
    """
    require(by, "keep_predictions", "issue a forecast")
    row = Prediction.objects.select_for_update(no_key=True).get(pk=prediction.pk)
    if row.status == PredictionStatus.DRAFT:
        raise NotReady("prediction", row.slug, "it is a draft; open it first")
    tick, values = read_value(row, value)
    forecast = Forecast(
        prediction=row,
        forecaster=forecaster,
        tick=tick,
        values=values,
        issued_at=issued_at or at,
        basis=basis,
        wording=wording,
        wording_table=wording_table,
        proof=proof,
        external_id=external_id or None,
        rationale=rationale,
    )
    if citation:
        forecast.article, forecast.quote = citation.article, citation.quote
        forecast.quote_start, forecast.quote_end = quote_place(citation.quote, citation.article.text)
    if stored := _stored(forecast):
        if not says_the_same(stored, forecast, is_dated=issued_at is not None):
            raise other_under_id(forecast)
        return stored
    record_forecast(forecast, at)
    append(
        EntryKind.FORECAST_ISSUED,
        subject=f"forecast:{forecast.pk}",
        content={"forecast_row": contents.forecast(forecast)},
        at=at,
        by=by,
    )
    return forecast


def _stored(forecast: Forecast) -> Forecast | None:
    """What its forecaster has under its external id."""
    if forecast.external_id is None:
        return None
    rows = Forecast.objects.filter(forecaster=forecast.forecaster, external_id=forecast.external_id)
    return rows.select_related("prediction", "forecaster", "article").first()
