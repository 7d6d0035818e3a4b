from typing import Any

from rest_framework import serializers

from forecasts.models import Forecaster

from .fields import Document, ListDocument
from .predictions import PredictionRowDocument


class ForecasterRowDocument(Document[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    is_bot = serializers.BooleanField()
    scorecard = serializers.SerializerMethodField()

    def get_scorecard(self, row: Forecaster) -> str:
        return f"/api/v1/scorecards/forecaster/{row.slug}"


class ForecasterListDocument(ListDocument):
    results = ForecasterRowDocument(many=True)


class ForecasterDocument(ForecasterRowDocument):
    website = serializers.CharField(source="url")
    bio = serializers.CharField()
    reply = serializers.CharField(help_text="Right of reply.")
    reply_at = serializers.DateTimeField(allow_null=True)
    merged_into = serializers.CharField(source="merged_into.slug", default=None, allow_null=True)
    url = serializers.CharField(source="get_absolute_url")


class TopicRowDocument(Document[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()


class TopicListDocument(ListDocument):
    results = TopicRowDocument(many=True)


class MilestoneDocument(Document[Any]):
    date = serializers.CharField(source="date_words", help_text="As exactly as it is known: 2024, 2024-03, 2024-03-05.")
    precision = serializers.CharField()
    text = serializers.CharField()


class ArticleDocument(Document[Any]):
    slug = serializers.CharField(source="article.slug")
    publisher = serializers.CharField(source="article.publisher")
    title = serializers.CharField(source="article.title")
    source_url = serializers.CharField(source="article.url")
    byline = serializers.CharField(source="article.byline")
    published_at = serializers.DateTimeField(source="article.published_at", allow_null=True)
    imported_at = serializers.DateTimeField(source="article.imported_at")
    headline = serializers.CharField(source="article.headline")
    what_changed = serializers.CharField(source="article.what_changed")
    why_it_matters = serializers.CharField(source="article.why_it_matters")
    what_to_do_next = serializers.CharField(source="article.what_to_do_next")
    who_should_care = serializers.CharField(source="article.who_should_care")
    key_takeaways = serializers.ListField(source="article.key_takeaways", child=serializers.CharField())
    milestones = MilestoneDocument(many=True)
    text = serializers.CharField(source="article.text", help_text="As archived.")
    text_sha256 = serializers.CharField(source="article.text_sha256")
    predictions = PredictionRowDocument(many=True)
