"""Rules look at what was found, and at what was not; they propose, an editor decides."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Sum
from django.utils import timezone

from forecasts.actions import Result, propose_resolution
from forecasts.errors import Conflict
from forecasts.evidence.assess import (
    Case,
    FoundReport,
    NotYet,
    RuleProposal,
    WatchedSource,
    confirmed,
    silence_at_deadline,
)
from forecasts.jobs.market import BY_PRICE
from forecasts.jobs.series import decided
from forecasts.models import (
    Assessment,
    Finding,
    LinkedArticle,
    Prediction,
    PredictionKind,
    PredictionStatus,
    Proposal,
    Relation,
    Review,
    Watch,
)

UNSETTLED = (PredictionStatus.OPEN, PredictionStatus.CLOSED)


def assess_findings(finding_ids: Sequence[int]) -> int:
    """Let the rules of the confirming report and of the series look at the predictions of new findings; returns the
    proposals made.
    """
    predictions = Prediction.objects.filter(findings__in=finding_ids, status__in=UNSETTLED, kind=PredictionKind.BINARY)
    rows = list(predictions.distinct().order_by("pk"))
    return sum(assess_series(row, timezone.now()) or _assess_reports(row) for row in rows)


def assess_series(prediction: Prediction, now: dt.datetime) -> bool:
    """Let the rule of a data series look at a prediction; what it proposed once it does not propose again."""
    found = decided(prediction, now)
    if isinstance(found, NotYet):
        return False
    same = prediction.proposals.filter(by_rule=_name(found), outcome=found.outcome, known_at=found.known_at)
    return not same.exists() and _propose(prediction, found, now)


def _assess_reports(prediction: Prediction) -> bool:
    now = timezone.now()
    case = _case(prediction, now)
    found = confirmed(case) if case else NotYet("it is not open")
    if isinstance(found, NotYet):
        return False
    told = Proposal.objects.filter(by_rule=_name(found), findings__in=found.finding_ids).exists()
    return not told and _propose(prediction, found, now)


def assess_silence(prediction: Prediction, now: dt.datetime) -> bool:
    """Let the rule of silence look at a prediction past its deadline, once; returns whether it proposed.

    Where a data series decides, its rule says what silence means.
    """
    if prediction.kind != PredictionKind.BINARY or prediction.proposals.exists():
        return False
    if prediction.watches.exclude(rule={}).exists():
        return assess_series(prediction, now)
    case = _case(prediction, now)
    found = silence_at_deadline(case) if case else NotYet("it is not open")
    return isinstance(found, RuleProposal) and _propose(prediction, found, now)


def _name(found: RuleProposal) -> str:
    return f"rule:{found.rule}"


def _propose(prediction: Prediction, found: RuleProposal, now: dt.datetime) -> bool:
    """Another proposal may be waiting, or another worker may be faster; then an editor has it before her already."""
    findings = Finding.objects.in_bulk(found.finding_ids)
    stands_on_reports = findings and found.rule != "silence_after_deadline"
    exception = "" if stands_on_reports else found.rationale
    try:
        propose_resolution(
            prediction=prediction,
            result=Result(known_at=found.known_at, outcome=found.outcome, evidence_exception=exception),
            clauses=[(finding, prediction.criteria) for finding in findings.values()],
            rationale=found.rationale,
            at=now,
            by=_name(found),
        )
    except Conflict:
        return False
    return True


def _case(prediction: Prediction, now: dt.datetime) -> Case | None:
    if prediction.opens_at is None or prediction.resolves_by is None:
        return None
    watches = prediction.watches.exclude(BY_PRICE).select_related("source").order_by("pk")
    reports = prediction.findings.select_related("source").order_by("pk")
    return Case(
        now=now,
        opens_at=prediction.opens_at,
        deadline=prediction.resolves_by,
        sources=tuple(_source(watch, now) for watch in watches),
        reports=tuple(_report(finding) for finding in reports),
        cannot_resolve_early=prediction.cannot_resolve_early,
        articles_waiting=LinkedArticle.objects.filter(finding__in=reports, next_try_at__isnull=False).count(),
        assessed_otherwise=_is_assessed_otherwise(prediction),
    )


def _is_assessed_otherwise(prediction: Prediction) -> bool:
    said = Assessment.objects.filter(finding__prediction=prediction, relation__in=(Relation.CONFIRMS, Relation.PARTIAL))
    return said.exclude(finding__review=Review.DISMISSED).exists()


def _source(watch: Watch, now: dt.datetime) -> WatchedSource:
    source = watch.source
    silence = source.silent_for(now)
    return WatchedSource(
        name=source.title,
        since=watch.since,
        last_good_at=source.last_good_check_at,
        failures=source.failure_count,
        paused=source.paused,
        items_seen=source.checks.filter(ended_at__gte=watch.since).aggregate(total=Sum("items", default=0))["total"],
        silent_days=silence.days if silence else 0,
        unread=Watch.objects.unread(source).filter(pk=watch.pk).exists(),
        seen_once=source.seen_once_id is not None,
    )


def _report(finding: Finding) -> FoundReport:
    return FoundReport(
        id=finding.pk,
        source=finding.source.title if finding.source else "an editor",
        seen_at=finding.found_at,
        published_at=finding.published_at,
        stance=finding.stance,  # type: ignore[arg-type]  # the column is constrained to these words
        review=finding.review,  # type: ignore[arg-type]  # so is this one
    )
