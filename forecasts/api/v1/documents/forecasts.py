from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.models import Forecast

from .fields import ArticleReference, Document, ForecasterReference, ListDocument, Probability, Tick, Whatever
from .values import ValueDocument


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
    values = Whatever(allow_null=True, help_text="As stored: ticks per option, or points [x, tick].")
    value = serializers.SerializerMethodField(
        "get_value_document", help_text="What it says, by the kind of the prediction."
    )
    said = serializers.CharField(help_text="The same in short, such as “Anthropic 40 %” or “median 120”.")
    withdrawn = serializers.BooleanField(source="is_withdrawal")
    basis = serializers.CharField()
    wording = serializers.CharField()
    wording_table = serializers.CharField()
    quote = serializers.CharField()
    article = ArticleReference(allow_null=True)
    provenance = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    rationale = serializers.CharField()

    @extend_schema_field(ValueDocument(allow_null=True))
    def get_value_document(self, row: Forecast) -> Any:
        return None if row.is_withdrawal else ValueDocument(row).data


class ForecastListDocument(ListDocument):
    results = ForecastDocument(many=True)


class RecordedDocument(Document[Any]):
    """What became of the rows of a request."""

    recorded = serializers.IntegerField(help_text="New ones.")
    unchanged = serializers.IntegerField(help_text="Those that were here already under their `external_id`.")
    ledger_root = serializers.CharField(
        source="run.root", default=None, allow_null=True, help_text="RFC 9162 root over the new ones, in the ledger."
    )
