"""The language model beside the workers: it reads what was found, one report at a time; an editor decides.

Nothing here runs without an endpoint and a model. No transaction is open while the network is.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import timezone

from forecasts.actions import Result, copy_assessment, fail_call, propose_resolution, reserve_call, settle_call
from forecasts.errors import Conflict, FetchFailed
from forecasts.evidence.assess import NotYet
from forecasts.evidence.assessors import Assessor, LlmOptions, build_assessor
from forecasts.evidence.ready import Ready
from forecasts.jobs.fetching import user_agent
from forecasts.jobs.hosts import named_hosts
from forecasts.models import Assessment, Finding, Prediction, PredictionKind, PredictionStatus, ProposalStatus
from forecasts.queries.assessments import (
    NAME,
    SAYS,
    assessor_label,
    criteria_version,
    key_of,
    question_of,
    report_of,
    standing,
    waiting_findings,
    weigh,
)

log = logging.getLogger(__name__)
RUN_SECONDS = 45
CALLS_PER_RUN = 20
BY = f"assessor:{NAME}"


def options() -> LlmOptions | None:
    """Where and what to ask, None when no endpoint or no model is named. Raises Refused for a host without a port."""
    if not settings.ASSESSOR_LLM_URL or not settings.ASSESSOR_LLM_MODEL:
        return None
    return LlmOptions(
        url=settings.ASSESSOR_LLM_URL,
        model=settings.ASSESSOR_LLM_MODEL,
        allowed=named_hosts("ASSESSOR_LLM_HOSTS"),
        key=settings.ASSESSOR_LLM_KEY,
        seconds=settings.ASSESSOR_LLM_SECONDS,
        prompt_price=settings.ASSESSOR_LLM_PROMPT_PRICE,
        completion_price=settings.ASSESSOR_LLM_ANSWER_PRICE,
        user_agent=user_agent(),
    )


def assess(stopping: Callable[[], bool] = lambda: False) -> int:
    """Assess what waits, then propose where that is enough; returns the assessments made.

    Begins at most 20 calls within 45 seconds, and none once `stopping` says so.
    """
    given = options()
    if given is None:
        return 0
    made = _assess_waiting(build_assessor(NAME, given), stopping)
    propose_ready()
    return made


def _assess_waiting(assessor: Assessor, stopping: Callable[[], bool]) -> int:
    ends, made, calls, spared = time.monotonic() + RUN_SECONDS, 0, 0, set()
    for finding_id, prediction_id in list(waiting_findings(timezone.now()).values_list("pk", "prediction_id")):
        if stopping() or calls >= CALLS_PER_RUN or time.monotonic() > ends:
            break
        if prediction_id in spared:
            continue
        try:
            called, assessed = _assess(assessor, finding_id)
        except Conflict as conflict:
            log.info("finding %s is not assessed now: %s", finding_id, conflict)
            field = conflict.problems[0].field
            if field == "assessor":
                break
            if field == "prediction":
                spared.add(prediction_id)
        else:
            calls, made = calls + called, made + assessed
    return made


def _assess(assessor: Assessor, finding_id: int) -> tuple[bool, bool]:
    """Whether the assessor was asked, and whether there is a new assessment. Raises Conflict as `reserve_call` does."""
    asked_at = timezone.now()
    # The version is read first: if it changes in between, an answer is put under the old one and never used.
    version = criteria_version(Finding.objects.values_list("prediction_id", flat=True).get(pk=finding_id))
    finding = Finding.objects.select_related("prediction", "snapshot").get(pk=finding_id)
    question, report = question_of(finding.prediction), report_of(finding)
    key = key_of(report, version)
    known = Assessment.objects.filter(cache_key=key, finding__prediction=finding.prediction_id)
    if twin := known.order_by("pk").first():
        return False, not known.filter(finding=finding).exists() and _copy(finding, twin)
    call = reserve_call(finding=finding, key=key, at_most=assessor.at_most(question, report), at=asked_at)
    try:
        found = assessor.assess(question, report)
    except FetchFailed as error:
        log.warning("%s did not assess finding %s: %s", assessor_label(), finding_id, error)
        fail_call(call=call, error=error, at=timezone.now())
        return True, False
    settle_call(call=call, key=key, found=found, at=timezone.now())
    return True, True


def _copy(finding: Finding, twin: Assessment) -> bool:
    copy_assessment(finding=finding, twin=twin, at=timezone.now())
    return True


def propose_ready() -> int:
    """Put before the approvers what enough reports agree on; returns the proposals made.

    Every prediction with a telling assessment is looked at, whenever it was made: what a killed worker left undone, or
    what a review or the passing of time made ready, is found too.
    """
    told = Prediction.objects.filter(
        status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED),
        kind=PredictionKind.BINARY,
        findings__assessments__assessor=assessor_label(),
        findings__assessments__relation__in=SAYS,
    )
    free = told.exclude(proposals__status=ProposalStatus.WAITING).distinct().order_by("pk")
    return sum(_propose(prediction, timezone.now()) for prediction in free)


def _propose(prediction: Prediction, now: dt.datetime) -> bool:
    rows = standing(prediction)
    ready = weigh(rows)
    if isinstance(ready, NotYet):
        return False
    used = [row for row in rows if row.finding_id in ready.finding_ids]
    known_at = _known_at(prediction, [row.finding for row in used], now)
    if known_at is None or _was_proposed(prediction, ready):
        return False
    try:
        propose_resolution(
            prediction=prediction,
            result=Result(known_at=known_at, outcome=ready.outcome),
            clauses=[(row.finding, prediction.criteria) for row in used],
            rationale=f"As a language model reads them, {ready.reason}.",
            confidence=round(100 * min(row.confidence for row in used)),
            at=now,
            by=BY,
        )
    except Conflict as conflict:  # another proposal waits, or somebody settled it meanwhile
        log.info("prediction %s: %s", prediction.pk, conflict)
        return False
    return True


def _known_at(prediction: Prediction, findings: Sequence[Finding], now: dt.datetime) -> dt.datetime | None:
    """When the world knew; None while the prediction may not resolve yet, or when that lies outside its time."""
    opens_at, deadline = prediction.opens_at, prediction.resolves_by
    if opens_at is None or deadline is None or (prediction.cannot_resolve_early and now <= deadline):
        return None
    known = min(min(each.published_at or each.found_at, each.found_at) for each in findings)
    return known if opens_at < known <= min(deadline, now) else None


def _was_proposed(prediction: Prediction, ready: Ready) -> bool:
    """What was rejected is not proposed again on the same findings."""
    before = prediction.proposals.filter(by_rule=BY, outcome=ready.outcome).prefetch_related("findings")
    return any({finding.pk for finding in proposal.findings.all()} == set(ready.finding_ids) for proposal in before)
