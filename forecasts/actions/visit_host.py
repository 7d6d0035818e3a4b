"""Bookkeeping of fetches that somebody waits for: one at a time each, through the host's gate like every check."""

import datetime as dt
import uuid
from math import ceil

from django.contrib.auth.models import User
from django.utils.text import Truncator

from forecasts.errors import Conflict
from forecasts.evidence.sources import source_kind
from forecasts.models import EvidenceSource, HostGate

from .base import action, require
from .host_gate import enter_gate, leave_gate
from .take_lease import is_leased
from .values import require_text, require_web_url

LONGEST = dt.timedelta(minutes=2)  # a killed process holds nobody up for longer


@action
def begin_trial(*, source: EvidenceSource, lease: uuid.UUID, at: dt.datetime, by: User) -> None:
    """Let `by` ask the host of `source`, which need not be saved, once.

    Raises NotAllowed without the right, Refused where address or spec could not be saved, and Conflict while the host
    may not be asked or `by` is asking already; then nothing is held.
    """
    require(by, "operate_sources", "test a source")
    require_web_url("url", require_text("url", source.url, "give an http or https address"))
    source_kind(source.kind).spec(source.spec)
    _enter(source.url, lease, at, by)


@action
def begin_reading(*, url: str, lease: uuid.UUID, at: dt.datetime, by: User) -> None:
    """Let `by` read the article at `url` once. Raises as `begin_trial` does."""
    require(by, "keep_predictions", "read an article")
    require_web_url("url", require_text("url", url, "give an http or https address"))
    _enter(url, lease, at, by)


def _enter(url: str, lease: uuid.UUID, at: dt.datetime, by: User) -> None:
    if not is_leased(_name(by), str(lease), LONGEST, at):
        raise Conflict("by", by.get_username(), "your last fetch is still under way; try again in a moment")
    host = HostGate.of(url)
    if closed := HostGate.objects.closed(at).filter(host=host).first():
        raise Conflict("host", host, _when(closed, at))
    enter_gate(host, lease, at)


def _when(gate: HostGate, at: dt.datetime) -> str:
    shown = Truncator(gate.host).chars(80)
    if gate.lease_until and gate.lease_until >= at:
        return f"{shown} is being asked at this moment; try again in a few seconds"
    wait = ceil((gate.free_at - at).total_seconds())
    return f"{shown} was asked a moment ago; try again in {wait} second{'' if wait == 1 else 's'}"


@action
def end_visit(*, url: str, lease: uuid.UUID, at: dt.datetime, by: User) -> None:
    """Give back what beginning took; the host's pause begins."""
    leave_gate(HostGate.of(url), lease, at)
    is_leased(_name(by), str(lease), dt.timedelta(0), at)


def _name(by: User) -> str:
    return f"visit:{by.pk}"
