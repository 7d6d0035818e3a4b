"""Withdraw a forecaster's standing forecast; it takes effect when it is recorded, never earlier."""

import datetime as dt

from django.db.models import Q

from forecasts.errors import NotReady
from forecasts.ledger import contents
from forecasts.ledger.append import By, append
from forecasts.models import EntryKind, Forecast, Forecaster, Prediction

from .base import action, require
from .forecasting import record_forecast


@action
def withdraw_forecast(
    *, prediction: Prediction, forecaster: Forecaster, rationale: str = "", at: dt.datetime, by: By
) -> Forecast:
    """Append a row without a value. Raises NotReady when nothing stands."""
    require(by, "keep_predictions", "withdraw a forecast")
    row = Prediction.objects.select_for_update(no_key=True).get(pk=prediction.pk)
    by_any_name = Q(forecaster=forecaster) | Q(forecaster__merged_into=forecaster)
    last = row.forecasts.filter(by_any_name).order_by("stands_from", "recorded_at", "id").last()
    if last is None or last.is_withdrawal:
        raise NotReady("forecaster", forecaster.slug, "this forecaster has no standing forecast here")
    withdrawal = Forecast(
        prediction=row,
        forecaster=forecaster,
        issued_at=at,
        basis=last.basis,
        wording=last.wording,
        wording_table=last.wording_table,
        rationale=rationale,
    )
    record_forecast(withdrawal, at)
    append(
        EntryKind.FORECAST_WITHDRAWN,
        subject=f"forecast:{withdrawal.pk}",
        content={"forecast_row": contents.forecast(withdrawal)},
        at=at,
        by=by,
    )
    return withdrawal
