"""Rows of the lists of resolutions, proposals, evidence and scores, each with its prediction."""

from typing import Any

from rest_framework import serializers

from forecasts.models import Proposal, outcome_words

from .fields import Document, ListDocument
from .predictions import ClauseDocument, DisputeDocument, EvidenceDocument, ResolutionDocument, ScoreDocument


class OfPrediction(Document[Any]):
    id = serializers.IntegerField()
    prediction = serializers.CharField(source="prediction.slug", help_text="Slug.")


class ResolutionRowDocument(OfPrediction, ResolutionDocument):
    """One settlement. A correction supersedes the one before."""

    supersedes = serializers.IntegerField(source="supersedes_id", allow_null=True, help_text="Its id.")


class ResolutionListDocument(ListDocument):
    results = ResolutionRowDocument(many=True)


class ProposalDocument(OfPrediction):
    """A suggested outcome, or a reason to void. Names of people are not published."""

    outcome = serializers.CharField(help_text="Spelled as in resolutions; empty when void.")
    outcome_words = serializers.SerializerMethodField(help_text="The same in words, such as the option's name.")
    void_reason = serializers.CharField()
    known_at = serializers.DateTimeField(help_text="When the world knew.")
    rationale = serializers.CharField()
    evidence_exception = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    proposed_by = serializers.SerializerMethodField(help_text="`editor`, `rule:NAME` or `assessor:NAME`.")
    confidence = serializers.IntegerField(allow_null=True, help_text="Per cent, an assessor's own word.")
    status = serializers.CharField(help_text="waiting, accepted, rejected or superseded")
    decided_at = serializers.DateTimeField(allow_null=True)
    reject_reason = serializers.CharField()
    decision_note = serializers.CharField()
    clauses = ClauseDocument(source="clauses.all", many=True)

    def get_outcome_words(self, row: Proposal) -> str:
        return outcome_words(row.prediction, row.outcome)

    def get_proposed_by(self, row: Proposal) -> str:
        return row.by_rule or "editor"


class ProposalListDocument(ListDocument):
    results = ProposalDocument(many=True)


class FindingDocument(OfPrediction, EvidenceDocument):
    """A piece of evidence; its quote stands word for word in the snapshot."""


class FindingListDocument(ListDocument):
    results = FindingDocument(many=True)


class ScoreRowDocument(OfPrediction, ScoreDocument):
    """How one forecaster did on one resolved prediction, one way of counting."""


class ScoreListDocument(ListDocument):
    results = ScoreRowDocument(many=True)


class NewDisputeDocument(OfPrediction, DisputeDocument):
    """An objection as readers see it; the contact is in no answer."""
