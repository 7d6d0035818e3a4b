"""Resolutions, proposals, evidence and scores of public predictions, as lists that are narrowed by closed filters."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet

from forecasts.errors import Refused
from forecasts.models import (
    Basis,
    Cohort,
    Finding,
    PredictionKind,
    Proposal,
    ProposalFinding,
    ProposalStatus,
    Resolution,
    Score,
    Stance,
    Track,
)

from .prediction_page import UNSHOWN

M = TypeVar("M", bound=Model)
BY_PREDICTION = {"prediction": "prediction__slug", "topic": "prediction__topics__slug"}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "track": tuple(Track.values),
    "stance": tuple(Stance.values),
    "status": tuple(ProposalStatus.values),
    "kind": tuple(PredictionKind.values),
    "cohort": tuple(Cohort.values),
    "basis": tuple(Basis.values),
}


def _narrowed(rows: QuerySet[M], filters: Mapping[str, str], asked: Mapping[str, str]) -> QuerySet[M]:
    """`rows` of public predictions by `asked`; `filters` maps each name to its field. Raises Refused for others."""
    rows = rows.filter(prediction__published_at__isnull=False)
    for name, value in asked.items():
        if name not in filters:
            raise Refused(name, value, f"the filters are {', '.join(filters)}")
        if value and value not in CHOICES.get(name, (value,)):
            raise Refused(name, value, f"give one of {', '.join(CHOICES[name])}")
        if value:
            rows = rows.filter(**{filters[name]: value})
    return rows


def resolution_list(asked: Mapping[str, str]) -> QuerySet[Resolution]:
    """Every resolution, or with `current` those that no correction superseded."""
    asked = dict(asked)
    current = asked.pop("current", "")
    rows = _narrowed(Resolution.objects.all(), BY_PREDICTION, asked)
    if current not in ("", "true"):
        raise Refused("current", current, "give true, or leave it out")
    if current:
        rows = rows.filter(superseded_by__isnull=True)
    return rows.select_related("prediction", "proposal").prefetch_related(_clauses("proposal__clauses"))


def proposal_list(asked: Mapping[str, str]) -> QuerySet[Proposal]:
    rows = _narrowed(Proposal.objects.all(), {**BY_PREDICTION, "status": "status"}, asked)
    return rows.select_related("prediction").prefetch_related(_clauses("clauses"))


def _clauses(path: str) -> "Prefetch[str, QuerySet[ProposalFinding], str]":
    """Of what a proposal rests on, what readers may see."""
    seen = Exists(Finding.objects.public().filter(pk=OuterRef("finding")))
    return Prefetch(path, ProposalFinding.objects.filter(seen).select_related("finding").order_by("pk"))


def finding_list(asked: Mapping[str, str]) -> QuerySet[Finding]:
    rows = _narrowed(Finding.objects.public(), {**BY_PREDICTION, "stance": "stance"}, asked)
    return rows.select_related("prediction", "source", "snapshot").defer(*UNSHOWN)


def score_list(asked: Mapping[str, str]) -> QuerySet[Score]:
    filters = {
        **BY_PREDICTION,
        "forecaster": "forecaster__slug",
        "kind": "prediction__kind",
        "track": "track",
        "counting": "counting",
        "basis": "basis",
        "cohort": "cohort",
    }
    return _narrowed(Score.objects.all(), filters, asked).select_related("prediction", "forecaster")
