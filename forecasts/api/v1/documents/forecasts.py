from typing import Any

from rest_framework import serializers

from .fields import ArticleReference, Document, ForecasterReference, ListDocument, Probability, Tick


class ForecastDocument(Document[Any]):
    """What one forecaster said at one time. A withdrawal has no value."""

    id = serializers.IntegerField()
    prediction = serializers.CharField(source="prediction.slug", help_text="Slug.")
    forecaster = ForecasterReference()
    issued_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    stands_from = serializers.DateTimeField(help_text="From when it counts on the live track.")
    tick = Tick(help_text="Ten-thousandths; null unless it is a forecast of yes.")
    probability = Probability(help_text="tick / 10000")
    values = serializers.JSONField(allow_null=True, help_text="Ticks per option, or quantiles.")
    withdrawn = serializers.BooleanField(source="is_withdrawal")
    basis = serializers.CharField()
    wording = serializers.CharField()
    wording_table = serializers.CharField()
    quote = serializers.CharField()
    article = ArticleReference(allow_null=True)
    provenance = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    rationale = serializers.CharField()


class ForecastListDocument(ListDocument):
    results = ForecastDocument(many=True)
