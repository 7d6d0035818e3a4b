"""One scheduler at a time: whoever holds the row schedules."""

import datetime as dt

from django.db.models import Q

from forecasts.models import Heartbeat

from .base import action


@action
def take_lease(*, name: str, holder: str, lasting: dt.timedelta, at: dt.datetime) -> bool:
    """Take or renew the lease `name`; False while another holder's has not run out."""
    return is_leased(name, holder, lasting, at)


def is_leased(name: str, holder: str, lasting: dt.timedelta, at: dt.datetime) -> bool:
    """The same, as a part of another action."""
    Heartbeat.objects.get_or_create(name=name, defaults={"holder": holder, "until": at, "beat_at": at})
    free = Heartbeat.objects.filter(Q(holder=holder) | Q(until__lte=at), name=name)
    return free.update(holder=holder, until=at + lasting, beat_at=at) == 1
