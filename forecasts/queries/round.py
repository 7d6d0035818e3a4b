"""What one forecaster had said of yes or no by the end of a day, of predictions that nobody could know yet."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from django.db.models import F, Q

from forecasts.models import Forecast, Forecaster, PredictionKind, Track, VoidReason

VOID = Q(prediction__current_resolution__void_reason__in=VoidReason.values)
TOLD_AFTERWARDS = Q(prediction__current_resolution__known_at__lte=F("recorded_at"))


def standing_at(forecaster: Forecaster, moment: dt.datetime) -> Iterator[Forecast]:
    """What stands live on each public prediction, in order of slug; withdrawn forecasts and void predictions not.

    Only what was here, or proven, by `moment` stands: recorded later it could have been chosen by how it came out. A
    prediction that was closed or known at `moment` is past. Under another name of the forecaster counts too.
    """
    known = Q(prediction__current_resolution__known_at__lte=moment)
    rows = (
        Forecast.objects.filter(forecaster__in=Forecaster.objects.counted_as(forecaster.pk))
        .filter(prediction__kind=PredictionKind.BINARY, prediction__published_at__isnull=False)
        .filter(provenance=Track.LIVE, stands_from__lte=moment, prediction__closes_at__gt=moment)
        .exclude(known | VOID | TOLD_AFTERWARDS)
        .select_related("prediction__current_resolution")
        .order_by("prediction__slug", "stands_from", "recorded_at", "id")
    )
    for _, same in groupby(rows.iterator(), key=attrgetter("prediction_id")):
        *_, last = same
        if not last.is_withdrawal:
            yield last
