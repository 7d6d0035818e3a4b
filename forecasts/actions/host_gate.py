"""The gate of a host, shared by all that ask it: one request at a time, and a pause after it."""

import datetime as dt
import uuid

from django.conf import settings
from django.db.models import Q

from forecasts.models import HostGate

from .base import claimed

LEASE = dt.timedelta(seconds=270)  # three times the hard limit of a task


def enter_gate(host: str, lease: uuid.UUID, at: dt.datetime) -> None:
    """Take the gate, or raise Conflict. Whoever finds it closed comes again; nothing of the claim is kept."""
    HostGate.objects.get_or_create(host=host, defaults={"free_at": at})
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    open_gate = HostGate.objects.filter(free, host=host, free_at__lte=at)
    claimed(
        open_gate.update(lease_id=lease, lease_until=at + LEASE),
        "host",
        host,
        "it is being asked, or was a moment ago",
    )


def leave_gate(host: str, lease: uuid.UUID | None, at: dt.datetime) -> None:
    """Close the gate for a while behind whoever went through."""
    gap = 0.0 if host in settings.EVIDENCE_ALLOW_PRIVATE_HOSTS else settings.EVIDENCE_HOST_GAP
    free_at = at + dt.timedelta(seconds=gap)
    HostGate.objects.filter(host=host, lease_id=lease).update(lease_id=None, lease_until=None, free_at=free_at)
