"""Bookkeeping of what was learnt about the ranking: no decision, so the ledger is not told."""

import datetime as dt
from collections.abc import Sequence

from forecasts.evidence.threshold import Reviewed, learnt_threshold
from forecasts.models import AlertThreshold

from .base import action


@action
def fit_threshold(*, version: str, reviewed: Sequence[Reviewed], at: dt.datetime) -> AlertThreshold | None:
    """Keep the threshold that `reviewed` teaches, when it is another than before; returns the one that holds."""
    newest = AlertThreshold.objects.filter(version=version).first()
    threshold = learnt_threshold(reviewed)
    if threshold is None or (newest and newest.threshold == threshold):
        return newest
    accepted = sum(is_accepted for _, is_accepted in reviewed)
    return AlertThreshold.objects.create(
        version=version, threshold=threshold, reviewed=len(reviewed), accepted=accepted, fitted_at=at
    )
