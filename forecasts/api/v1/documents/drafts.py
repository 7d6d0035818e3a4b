"""A prediction as its editors see it, before and after it opened."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.models import Prediction
from forecasts.queries.linting import lint_prediction

from .fields import Document, ListDocument, TopicReference
from .predictions import DAYS


class LintDocument(Document[Any]):
    rule = serializers.CharField()
    message = serializers.CharField()
    fix = serializers.CharField()


class EditedPredictionDocument(Document[Any]):
    """What can be amended, and what the lint says: nothing in `lint` means that it can be opened."""

    slug = serializers.CharField()
    status = serializers.CharField(help_text="draft, open, closed, resolved or void")
    url = serializers.CharField(source="get_absolute_url", help_text="Its page, once it is open.")
    statement = serializers.CharField()
    kind = serializers.CharField()
    criteria = serializers.CharField()
    fine_print = serializers.CharField()
    resolution_source = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    options_ordered = serializers.BooleanField()
    range_min = serializers.FloatField(allow_null=True, help_text=DAYS)
    range_max = serializers.FloatField(allow_null=True, help_text=DAYS)
    open_below = serializers.BooleanField()
    open_above = serializers.BooleanField()
    log_scale = serializers.BooleanField()
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    resolves_by = serializers.DateTimeField(allow_null=True)
    resolves_by_precision = serializers.CharField()
    resolves_by_wording = serializers.CharField()
    cannot_resolve_early = serializers.BooleanField()
    topics = TopicReference(source="topics.all", many=True)
    group = serializers.CharField(source="group.slug", default=None, allow_null=True, help_text="Slug.")
    article = serializers.CharField(source="article.slug", default=None, allow_null=True, help_text="Slug.")
    quote = serializers.CharField()
    rationale = serializers.CharField()
    suggested_forecaster = serializers.CharField(
        source="suggested_forecaster.slug", default=None, allow_null=True, help_text="Slug."
    )
    suggested_tick = serializers.IntegerField(allow_null=True, help_text="Ten-thousandths; issued on opening.")
    logged_at = serializers.DateTimeField()
    lint = serializers.SerializerMethodField(help_text="The rules that fail; of a draft alone.")

    @extend_schema_field(LintDocument(many=True))
    def get_lint(self, row: Prediction) -> Any:
        return [] if row.published_at else LintDocument(lint_prediction(row), many=True).data


class DraftListDocument(ListDocument):
    results = EditedPredictionDocument(many=True)
