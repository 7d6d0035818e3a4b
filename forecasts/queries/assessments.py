"""What assessors made of the evidence and what of it still holds; what waits to be assessed; what today has cost."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from forecasts.evidence.assess import NotYet
from forecasts.evidence.assessors import Question, Report
from forecasts.evidence.assessors.budget import Caps, Spend, cache_key
from forecasts.evidence.assessors.prompt import PROMPT_VERSION
from forecasts.evidence.ready import Ready, Weighed, readiness
from forecasts.models import (
    Assessment,
    AssessorCall,
    CriteriaVersion,
    Finding,
    FoundBy,
    Prediction,
    PredictionKind,
    PredictionStatus,
    Relation,
    Review,
)

NAME = "llm"
MAX_TRIES = 5
MICROS = 1_000_000
MARGIN = dt.timedelta(minutes=1)
# An assessment this much younger than the criteria surely knew them: longer than any call and any saving takes.
SURELY = dt.timedelta(minutes=10)
SAYS: dict[str, Literal["yes", "no"]] = {Relation.CONFIRMS: "yes", Relation.REFUTES: "no"}


# Of a story whoever told it first, and of an item with its article the article, which says more.
WORTH_READING = Q(same_story_as=None, articles=None) | Q(found_by=FoundBy.LINK)


def assessor_label() -> str:
    """The assessor as it stands in rows: its name, its model and the version of its prompt."""
    return f"{NAME} {settings.ASSESSOR_LLM_MODEL} {PROMPT_VERSION}"


def waiting_findings(at: dt.datetime) -> QuerySet[Finding]:
    """What may be assessed at `at`, the least often tried first, then the most relevant, then the newest.

    Tries count since the criteria last changed. What was assessed within 10 minutes of that may be among them:
    only the cache key tells.
    """
    label = assessor_label()
    newest = CriteriaVersion.objects.filter(prediction=OuterRef("prediction")).order_by("-number").values("at")[:1]
    under_way = at - dt.timedelta(seconds=settings.ASSESSOR_LLM_SECONDS) - MARGIN
    calls = AssessorCall.objects.filter(finding=OuterRef("pk"), assessor=label)
    assessed = Assessment.objects.filter(finding=OuterRef("pk"), assessor=label, at__gt=OuterRef("since") + SURELY)
    tried = Q(assessor_calls__assessor=label, assessor_calls__begun_at__gte=F("since"))
    return (
        Finding.objects.filter(
            prediction__status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED),
            prediction__kind=PredictionKind.BINARY,
        )
        .filter(WORTH_READING)
        .exclude(review=Review.DISMISSED)
        .exclude(found_by=FoundBy.SERIES)
        .annotate(since=Subquery(newest))
        .exclude(Exists(assessed))
        .exclude(Exists(calls.filter(ended_at=None, begun_at__gt=under_way)))
        .annotate(tries=Count("assessor_calls", filter=tried))
        .filter(tries__lt=MAX_TRIES)
        .order_by("tries", "-relevance", "-found_at", "-pk")
    )


def question_of(prediction: Prediction) -> Question:
    """A published prediction as an assessor sees it."""
    if prediction.opens_at is None or prediction.resolves_by is None:
        raise ValueError(f"{prediction.slug} has no dates")
    criteria = "\n".join(filter(None, (prediction.criteria, prediction.fine_print)))
    return Question(prediction.statement, criteria, prediction.opens_at, prediction.resolves_by)


def report_of(finding: Finding) -> Report:
    """A finding as an assessor sees it: its item, or the whole text of its snapshot where no item is marked."""
    text = finding.snapshot.text[finding.item_start : finding.item_end]
    return Report(finding.title, text, finding.url, finding.published_at)


def criteria_version(prediction_id: int) -> int:
    """The number of the criteria's current version."""
    numbers = CriteriaVersion.objects.filter(prediction=prediction_id).order_by("-number")
    return numbers.values_list("number", flat=True)[:1].get()


def key_of(report: Report, version: int) -> str:
    """The cache key of an assessment of `report` as it would be made today."""
    return cache_key(
        model=settings.ASSESSOR_LLM_MODEL,
        prompt_version=PROMPT_VERSION,
        prediction_version=version,
        text_sha256=report.digest,
    )


def standing(prediction: Prediction) -> list[Assessment]:
    """What confirms or refutes, under the criteria, model and prompt of today, of findings that nobody dismissed."""
    rows = (
        Assessment.objects.filter(finding__prediction=prediction, relation__in=SAYS)
        .exclude(finding__review=Review.DISMISSED)
        .filter(Q(finding__same_story_as=None) | Q(finding__found_by=FoundBy.LINK))
        .select_related("finding__snapshot", "finding__source")
        .defer("finding__snapshot__record")
        .order_by("finding_id")
    )
    version = criteria_version(prediction.pk)
    return [row for row in rows if row.cache_key == key_of(report_of(row.finding), version)]


def weigh(rows: Sequence[Assessment]) -> Ready | NotYet:
    """Whether what `standing` gave is enough to decide, and why."""
    return readiness([_weighed(row) for row in rows])


def _weighed(row: Assessment) -> Weighed:
    finding = row.finding
    return Weighed(
        id=finding.pk,
        url=finding.url,
        text=report_of(finding).text,
        says=SAYS[row.relation],
        is_primary=finding.source is not None and finding.source.is_primary,
    )


def spend_today(at: dt.datetime, prediction_id: int = 0) -> Spend:
    """What was spent since midnight UTC, in all and for one prediction; calls under way at the most they can cost."""
    today = AssessorCall.objects.filter(begun_at__gte=at.replace(hour=0, minute=0, second=0, microsecond=0))
    of_it = Q(finding__prediction=prediction_id)
    sums = today.aggregate(
        n=Count("pk"),
        cost=Sum("cost_micros", default=0),
        own_n=Count("pk", filter=of_it),
        own_cost=Sum("cost_micros", filter=of_it, default=0),
    )
    return Spend(sums["n"], sums["cost"], sums["own_n"], sums["own_cost"])


def caps() -> Caps:
    """What the operator allows for a day."""
    return Caps(
        calls=settings.ASSESSOR_CALLS_PER_DAY,
        cost_micros=_micros(settings.ASSESSOR_COST_PER_DAY),
        prediction_calls=settings.ASSESSOR_CALLS_PER_PREDICTION,
        prediction_cost_micros=_micros(settings.ASSESSOR_COST_PER_PREDICTION),
    )


def _micros(money: Decimal) -> int:
    return int(money * MICROS)
