"""What issuing, opening and withdrawing share: a checked forecast row."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q

from forecasts.errors import Conflict, NotReady, Refused
from forecasts.models import (
    Basis,
    Forecast,
    Forecaster,
    ForecasterKind,
    Prediction,
    PredictionKind,
    PredictionStatus,
    Track,
)

from .base import require_aware
from .made import count_said

CLOCK_SKEW = dt.timedelta(seconds=60)
LIVE_WITHIN = dt.timedelta(days=7)
SAID = ("prediction_id", "tick", "values", "basis", "wording", "wording_table", "article_id", "quote", "rationale")
IMPLIED_TICKS = range(100, 9901)


def record_forecast(forecast: Forecast, at: dt.datetime) -> Forecast:
    """Check `forecast`, fix its provenance, insert it, and start the prediction's clock if it is the first.

    The caller holds the prediction's row.
    """
    check_forecast(forecast, at)
    _insert(forecast)
    start_clock(forecast.prediction)
    count_said(Q(pk=forecast.pk), [forecast.prediction_id])
    return forecast


def check_forecast(forecast: Forecast, at: dt.datetime) -> None:
    """Check `forecast` for itself, and fix when it was recorded and where it came from."""
    forecast.recorded_at = at
    check_basis(forecast)
    _check_forecaster(forecast.forecaster)
    _check_times(forecast, at)
    forecast.issued_at = min(forecast.issued_at, at)  # a clock a little ahead of ours gains nothing by it
    forecast.provenance = Track.LIVE if at - forecast.issued_at <= LIVE_WITHIN else Track.BACKFILLED
    proven = forecast.proof.fetched_at if forecast.proof else at
    forecast.stands_from = max(forecast.issued_at, proven)


def _insert(forecast: Forecast) -> None:
    """Two at once under one external id both pass the check; the database lets one of them in."""
    try:
        with transaction.atomic():
            forecast.save(force_insert=True)
    except IntegrityError:
        if forecast.external_id:
            raise other_under_id(forecast) from None
        raise


def start_clock(prediction: Prediction) -> None:
    """Opening and close as in force at the first forecast bound what is scored, whatever is amended later."""
    if prediction.clock_opens_at is None:
        prediction.clock_opens_at, prediction.clock_closes_at = prediction.opens_at, prediction.closes_at
        prediction.save(update_fields=["clock_opens_at", "clock_closes_at"])


def check_basis(forecast: Forecast) -> None:
    """Refuse an unknown basis, and an implied one without the words that it was read from."""
    if forecast.basis not in Basis.values:
        raise Refused("basis", forecast.basis, f"give one of {', '.join(Basis.values)}")
    if forecast.basis == Basis.IMPLIED:
        if forecast.prediction.kind != PredictionKind.BINARY:
            raise Refused("basis", forecast.basis, "wording implies a probability of yes or no, and of nothing else")
        if not forecast.wording or not forecast.wording_table:
            raise Refused("wording", forecast.wording, "an implied probability names its expression and table version")
        if forecast.tick is not None and forecast.tick not in IMPLIED_TICKS:
            raise Refused("value", forecast.tick / 10_000, "wording implies from 0.01 to 0.99")


def _check_forecaster(forecaster: Forecaster) -> None:
    if ForecasterKind(forecaster.kind).is_derived:
        raise Refused("forecaster", forecaster.slug, "crowds and baselines are computed, not recorded")
    if forecaster.merged_into:
        raise Refused("forecaster", forecaster.slug, f"it was merged; use {forecaster.merged_into.slug}")


def _check_times(forecast: Forecast, at: dt.datetime) -> None:
    prediction, issued = forecast.prediction, forecast.issued_at
    require_aware("issued_at", issued)
    if issued > at + CLOCK_SKEW:
        raise Refused("issued_at", issued.isoformat(), f"give a time not after now, {at.isoformat()}")
    if forecast.proof and not issued <= forecast.proof.fetched_at <= at:
        raise Refused("proof", forecast.proof.fetched_at.isoformat(), "a proof was captured after issue and before now")
    if prediction.status == PredictionStatus.VOID:
        raise NotReady("prediction", prediction.slug, "it is void and takes no more forecasts")
    known = prediction.current_resolution.known_at if prediction.current_resolution else None
    if known and issued >= known:
        raise Refused(
            "issued_at", issued.isoformat(), f"the outcome was known at {known.isoformat()}; give an earlier time"
        )
    if prediction.closes_at and issued >= prediction.closes_at:
        raise Refused("issued_at", issued.isoformat(), f"forecasts closed at {prediction.closes_at.isoformat()}")


def says_the_same(stored: Forecast, forecast: Forecast, *, is_dated: bool) -> bool:
    """Whether `forecast` only repeats `stored`; one that came without a time of its own does so at any time."""
    is_its_time = not is_dated or stored.issued_at == min(forecast.issued_at, stored.recorded_at)
    return is_its_time and all(getattr(stored, name) == getattr(forecast, name) for name in SAID)


def other_under_id(forecast: Forecast) -> Conflict:
    return Conflict(
        "external_id", forecast.external_id, "this forecaster has another forecast under that id; give a new id"
    )
