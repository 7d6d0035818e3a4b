"""Resolutions, proposals, evidence and scores, across predictions."""

import datetime as dt

from django.db.models import QuerySet

from forecasts.api.v1.base import Asked, ReadList
from forecasts.api.v1.documents.records import (
    FindingListDocument,
    ProposalListDocument,
    ResolutionListDocument,
    ScoreListDocument,
)
from forecasts.api.v1.parameters import (
    ANY_BASIS,
    ANY_COHORT,
    ANY_COUNTING,
    ANY_KIND,
    ANY_TRACK,
    CURRENT,
    CURSOR,
    FORECASTER,
    LIMIT,
    PREDICTION,
    STANCE,
    STATUS,
    TOPIC,
)
from forecasts.http.paging import Keyset
from forecasts.models import Finding, Proposal, Resolution, Score
from forecasts.queries.record_lists import finding_list, proposal_list, resolution_list, score_list


class ResolutionList(ReadList):
    summary = "Resolutions with the clauses and evidence they rest on, the latest first."
    document = ResolutionListDocument
    takes = (PREDICTION, TOPIC, CURRENT, CURSOR, LIMIT)
    keyset = Keyset(("resolved_at", "id"), descending=True)

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Resolution]:
        return resolution_list(asked)


class ProposalList(ReadList):
    summary = "Proposed outcomes and what became of them, the latest first."
    document = ProposalListDocument
    takes = (PREDICTION, TOPIC, STATUS, CURSOR, LIMIT)
    keyset = Keyset(("id",), descending=True)

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Proposal]:
        return proposal_list(asked)


class FindingList(ReadList):
    summary = "Evidence that readers can see, the latest found first."
    document = FindingListDocument
    takes = (PREDICTION, TOPIC, STANCE, CURSOR, LIMIT)
    keyset = Keyset(("id",), descending=True)

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Finding]:
        return finding_list(asked)


class ScoreList(ReadList):
    summary = "Scores of single predictions, one row for each forecaster and way of counting."
    document = ScoreListDocument
    takes = (
        *(PREDICTION, TOPIC, FORECASTER, ANY_KIND, ANY_TRACK, ANY_COUNTING, ANY_BASIS, ANY_COHORT),
        *(CURSOR, LIMIT),
    )
    keyset = Keyset(("id",), descending=True)

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Score]:
        return score_list(asked)
