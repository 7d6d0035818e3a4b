"""The front page: one headline, and what happened lately, misses as loud as hits."""

import datetime as dt
from dataclasses import dataclass

from forecasts.models import Forecaster, Prediction, PredictionStatus

from .calibration import Calibration, calibration
from .forecaster_list import forecaster_list
from .rows import PredictionRow, prediction_rows
from .scope import CalibrationQuery
from .tables import heading_of, headline_table, tables_of

LISTED = 8


@dataclass(frozen=True)
class Home:
    headline: Calibration
    heading: str
    forecasters: tuple[Forecaster, ...]
    resolved: tuple[PredictionRow, ...]
    due: tuple[PredictionRow, ...]
    newest: tuple[PredictionRow, ...]


def home(now: dt.datetime) -> Home:
    everybody = CalibrationQuery()
    table = headline_table(everybody, tables_of(everybody))
    public = Prediction.objects.public()
    # Said so that no index over what is unsettled, which may be nearly all, is preferred to that of the order.
    unsettled = public.exclude(status__in=(PredictionStatus.RESOLVED, PredictionStatus.VOID))
    return Home(
        headline=calibration(table.query, now, table.summed),
        heading=heading_of(table.query),
        forecasters=tuple(forecaster_list()[:LISTED]),
        resolved=prediction_rows(
            public.filter(current_resolution__isnull=False).order_by("-current_resolution_id")[:LISTED],
            now,
        ),
        due=prediction_rows(unsettled.filter(resolves_by__gte=now).order_by("resolves_by", "pk")[:LISTED], now),
        newest=prediction_rows(unsettled.order_by("-published_at", "-pk")[:LISTED], now),
    )
