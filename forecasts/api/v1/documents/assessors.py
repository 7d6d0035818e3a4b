from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .calibration import BandDocument, BinDocument, CorpDocument, FigureDocument, TestDocument
from .fields import Document


class ShareDocument(Document[Any]):
    """k of n. `rate` is null where they concern under 10 predictions."""

    k = serializers.IntegerField()
    n = serializers.IntegerField()
    n_predictions = serializers.IntegerField(source="predictions")
    rate = FigureDocument(allow_null=True)


class RejectionsDocument(Document[Any]):
    reason = serializers.CharField()
    n = serializers.IntegerField()


class ProposalsDocument(Document[Any]):
    """made = waiting + accepted + rejected + superseded, accepted = standing + overturned."""

    made = serializers.IntegerField()
    waiting = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    superseded = serializers.IntegerField(help_text="Still waiting when editors settled the prediction themselves.")
    rejected_for = serializers.SerializerMethodField()
    decided = serializers.IntegerField(help_text="accepted + rejected")
    standing = serializers.IntegerField(help_text="Accepted, and the outcome is still the prediction's.")
    overturned = serializers.IntegerField(help_text="Accepted, and corrected to another outcome later.")
    agreement = ShareDocument(help_text="standing of decided")

    @extend_schema_field(RejectionsDocument(many=True))
    def get_rejected_for(self, found: Any) -> list[dict[str, Any]]:
        return [{"reason": reason, "n": n} for reason, n in found.rejected_for]


class ClaimDocument(Document[Any]):
    """Right where `confirms` stands on a prediction that resolved yes, `refutes` on one that resolved no."""

    relation = serializers.CharField()
    said = ShareDocument(help_text="In the assessor's own word.")
    believed = ShareDocument(help_text="Of these, what our rules let pass.")


class ClaimsDocument(Document[Any]):
    read = serializers.IntegerField(help_text="Reports that it assessed; of each the newest assessment counts.")
    made = serializers.IntegerField(help_text="Of these, said to confirm or to refute.")
    settled = serializers.IntegerField(help_text="Of these, on predictions of yes or no that are resolved.")
    right = ShareDocument()
    models = serializers.ListField(child=serializers.CharField())
    relations = ClaimDocument(many=True)


class ConfidenceDocument(Document[Any]):
    """Its confidence taken as the probability that a claim is right. What may not be shown of so few is null."""

    display = serializers.CharField(help_text="list, scores, curve or all")
    n_predictions = serializers.IntegerField(source="predictions")
    n_claims = serializers.IntegerField(source="claims")
    share_right = FigureDocument(allow_null=True)
    brier = FigureDocument(allow_null=True)
    corp = CorpDocument(allow_null=True)
    bins = BinDocument(many=True)
    band = BandDocument(source="thinned", allow_null=True)
    test = TestDocument(source="thinned", allow_null=True)
    verdict = serializers.CharField()
    verdict_reason = serializers.CharField()


class AssessorRowDocument(Document[Any]):
    name = serializers.CharField(help_text="Under which it proposes, such as rule:confirming_report.")
    slug = serializers.CharField()
    proposals = ProposalsDocument()
    claims = ClaimsDocument(allow_null=True, help_text="Null for a rule, which claims nothing of single reports.")
    url = serializers.CharField()


class AssessorListDocument(Document[Any]):
    results = AssessorRowDocument(many=True)


class AssessorDocument(AssessorRowDocument):
    confidence = ConfidenceDocument(allow_null=True, help_text="Null for a rule.")
