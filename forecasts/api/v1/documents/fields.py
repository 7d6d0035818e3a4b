"""Fields and small documents that several routes share."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.ledger.canonical import instant
from forecasts.scoring.rules import TICKS

Document = serializers.Serializer


class Tick(serializers.IntegerField):
    """A probability in ten-thousandths."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": TICKS, "allow_null": True, **given})


class Probability(serializers.FloatField):
    """A tick as a number from 0 to 1."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"source": "tick", "min_value": 0, "max_value": 1, "allow_null": True, **given})

    def to_representation(self, value: Any) -> Any:
        return value / TICKS


@extend_schema_field({"type": ["boolean", "number", "string", "array", "object"], "items": {}})
class Whatever(serializers.JSONField):
    """Any JSON, null too."""


@extend_schema_field({"type": "string", "format": "date-time"})
class Instant(serializers.Field[dt.datetime, Any, str, Any]):
    """A time spelled as it is hashed: UTC with microseconds."""

    def to_representation(self, value: dt.datetime) -> str:
        return instant(value)


class TopicReference(Document[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class ForecasterReference(Document[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class ArticleReference(Document[Any]):
    slug = serializers.CharField()
    publisher = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)


class ListDocument(Document[Any]):
    next = serializers.CharField(allow_null=True, help_text="Address of the following page, null on the last.")
