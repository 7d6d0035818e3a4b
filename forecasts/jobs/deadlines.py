"""What the passing of time brings: predictions close, deadlines pass, and silence is put before an editor."""

import datetime as dt
from collections.abc import Callable

from forecasts.actions import close_prediction, mark_due
from forecasts.errors import Conflict
from forecasts.jobs.assess import assess_silence
from forecasts.models import Prediction, PredictionKind, PredictionStatus

CLOCK = "worker:clock"
AT_ONCE = 500


def _was_first(act: Callable[..., Prediction], row: Prediction, now: dt.datetime) -> bool:
    """Two clocks may tick at once; the slower one has nothing left to do."""
    try:
        act(prediction=row, at=now, by=CLOCK)
    except Conflict:
        return False
    return True


def pass_deadlines(now: dt.datetime) -> int:
    """Close what has closed, mark what is due, and propose no where nothing was found; returns what was done."""
    closing = Prediction.objects.filter(status=PredictionStatus.OPEN, closes_at__lte=now)
    due = Prediction.objects.filter(due_at__isnull=True, latest_deadline__lte=now)
    done = sum(_was_first(close_prediction, row, now) for row in closing.order_by("closes_at")[:AT_ONCE])
    done += sum(_was_first(mark_due, row, now) for row in due.order_by("latest_deadline")[:AT_ONCE])
    overdue = Prediction.objects.overdue(now).filter(kind=PredictionKind.BINARY)
    waiting = overdue.filter(watches__isnull=False, proposals__isnull=True).distinct()
    return done + sum(assess_silence(prediction, now) for prediction in waiting.order_by("resolves_by")[:AT_ONCE])
