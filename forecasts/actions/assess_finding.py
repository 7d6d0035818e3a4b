"""Bookkeeping of assessors: a call is written before it is made and ended after it; no transaction spans it."""

import datetime as dt
from dataclasses import asdict
from hashlib import sha256

from django.conf import settings
from django.db.models import F

from forecasts.errors import Conflict, FetchFailed, FetchRefused
from forecasts.evidence.assessors import Assessment as Assessed
from forecasts.evidence.assessors.budget import Answered, Asked, Breaker, Event, after, failed, over_budget
from forecasts.models import Assessment, AssessorCall, AssessorState, Finding
from forecasts.queries.assessments import assessor_label, caps, spend_today, waiting_findings

from .base import action, claimed

NOTHING_SENT = frozenset({"dns", "tls"})


@action
def reserve_call(*, finding: Finding, key: str, at_most: int, at: dt.datetime) -> AssessorCall:
    """Write the call that is about to be made, at the most that it can cost, in millionths.

    Whoever reserves waits for the assessor's row, so two workers together never pass a cap. Raises Conflict with the
    field `assessor` (nothing may be asked now), `prediction` (what it may take today is used up) or `finding` (it is
    being assessed, or need not be any more). A call that the money left cannot pay ends the day: trying which of the
    waiting ones is cheap enough would go through them all, again and again.
    """
    assessor = assessor_label()
    breaker = _breaker(assessor)
    if not breaker.may_ask(at):
        raise Conflict("assessor", assessor, f"its endpoint is left alone until {breaker.until:%Y-%m-%d %H:%M:%S} UTC")
    known = Assessment.objects.filter(finding=finding, cache_key=key).exists()
    if known or not waiting_findings(at).filter(pk=finding.pk).exists():
        raise Conflict("finding", finding.pk, "another worker has it, or it need not be assessed any more")
    _check_budget(finding, assessor, at_most, at)
    _advance(assessor, breaker, Asked(at))
    return AssessorCall.objects.create(finding=finding, assessor=assessor, begun_at=at, cost_micros=at_most)


def _check_budget(finding: Finding, assessor: str, at_most: int, at: dt.datetime) -> None:
    spend, allowed = spend_today(at, finding.prediction_id), caps()
    why = over_budget(spend, allowed, at_most)
    if not why:
        return
    if spend.calls >= allowed.calls or spend.cost_micros + at_most > allowed.cost_micros:
        raise Conflict("assessor", assessor, why)
    raise Conflict("prediction", finding.prediction_id, why)


@action
def settle_call(*, call: AssessorCall, key: str, found: Assessed, at: dt.datetime) -> Assessment:
    """End a call that was answered: what it cost, and what was made of the finding."""
    breaker = _breaker(call.assessor)
    usage = found.usage
    _end(
        call,
        ended_at=at,
        cost_micros=usage.cost_micros,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        estimated=usage.estimated,
    )
    _advance(call.assessor, breaker, Answered(at))
    return Assessment.objects.create(
        finding_id=call.finding_id,
        assessor=call.assessor,
        cache_key=key,
        at=at,
        relation=found.relation,
        claimed=found.claimed,
        overruled=found.overruled,
        event_date=found.event_date,
        quotes=[asdict(quote) for quote in found.quotes],
        unmet=list(found.unmet),
        annul_reason=found.annul_reason,
        confidence=found.confidence,
        why=found.why,
        model=found.model,
    )


@action
def fail_call(*, call: AssessorCall, error: FetchFailed, at: dt.datetime) -> None:
    """End a call that failed. What it cost is unknown and stays at the most, unless nothing was sent."""
    breaker = _breaker(call.assessor)
    unsent = isinstance(error, FetchRefused) or error.code in NOTHING_SENT
    cost = 0 if unsent else F("cost_micros")
    _end(call, ended_at=at, cost_micros=cost, error_code=error.code, error=error.detail)
    _advance(call.assessor, breaker, failed(error, at))


@action
def copy_assessment(*, finding: Finding, twin: Assessment, at: dt.datetime) -> Assessment:
    """Give `finding` what was made of another finding of its prediction with the same text, so that none pays twice."""
    fields = {field.attname: getattr(twin, field.attname) for field in Assessment._meta.concrete_fields}
    return Assessment.objects.create(**{**fields, "id": None, "finding_id": finding.pk, "at": at})


def _end(call: AssessorCall, **fields: object) -> None:
    ended = AssessorCall.objects.filter(pk=call.pk, ended_at=None).update(**fields)
    claimed(ended, "call", call.pk, "it was ended before")


def _breaker(assessor: str) -> Breaker:
    """The breaker of the endpoint, whatever the model and version, locked until the transaction ends."""
    name = _endpoint(assessor)
    AssessorState.objects.get_or_create(assessor=name)
    row = AssessorState.objects.select_for_update().get(assessor=name)
    return Breaker(row.state, row.failures, row.trips, row.until)  # type: ignore[arg-type]  # only `_advance` writes it


def _advance(assessor: str, breaker: Breaker, event: Event) -> None:
    AssessorState.objects.filter(assessor=_endpoint(assessor)).update(**asdict(after(breaker, event)))


def _endpoint(assessor: str) -> str:
    """The assessor's name and its endpoint: another one is not blamed for what this one did."""
    return f"{assessor.partition(' ')[0]} {sha256(settings.ASSESSOR_LLM_URL.encode()).hexdigest()[:16]}"
