"""What the passing of time decides: a prediction closes, and later its deadline has passed."""

import datetime as dt

from forecasts.errors import NotReady
from forecasts.ledger.append import By, append
from forecasts.models import EntryKind, Prediction, PredictionStatus

from .base import action, claimed
from .made import recounted


@action
def close_prediction(*, prediction: Prediction, at: dt.datetime, by: By) -> Prediction:
    """open -> closed, once `closes_at` has come. Forecasts are refused by that time, not by this status."""
    claimed(
        Prediction.objects.filter(pk=prediction.pk, status=PredictionStatus.OPEN, closes_at__lte=at).update(
            status=PredictionStatus.CLOSED
        ),
        "status",
        prediction.status,
        "only an open prediction whose close has come can be closed",
    )
    prediction.refresh_from_db()
    content = {"closes_at": prediction.closes_at}
    append(EntryKind.PREDICTION_CLOSED, subject=f"prediction:{prediction.pk}", content=content, at=at, by=by)
    return prediction


@action
def mark_due(*, prediction: Prediction, at: dt.datetime, by: By) -> Prediction:
    """Record that the latest deadline ever in force has passed: from now on it counts in the `due` cohort."""
    if prediction.latest_deadline is None or prediction.latest_deadline > at:
        raise NotReady("latest_deadline", prediction.latest_deadline, "the latest deadline has not passed yet")
    with recounted([prediction.pk]):
        claimed(
            Prediction.objects.filter(pk=prediction.pk, due_at__isnull=True, latest_deadline__lte=at).update(due_at=at),
            "due_at",
            prediction.due_at,
            "it is already marked as past its deadline",
        )
    prediction.refresh_from_db()
    content = {"latest_deadline": prediction.latest_deadline}
    append(EntryKind.PREDICTION_DUE, subject=f"prediction:{prediction.pk}", content=content, at=at, by=by)
    return prediction
