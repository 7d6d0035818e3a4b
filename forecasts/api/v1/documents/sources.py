from typing import Any

from rest_framework import serializers

from .fields import Document


class SourceHealthDocument(Document[Any]):
    """A source that public predictions are watched over. Silence of a source that is not checked means nothing."""

    title = serializers.CharField()
    kind = serializers.CharField()
    url = serializers.CharField()
    state = serializers.CharField(help_text="`checked`, or why it is not.")
    paused = serializers.BooleanField()
    interval = serializers.IntegerField(help_text="Seconds between checks.")
    failures = serializers.IntegerField(help_text="In a row.")
    last_good_check_at = serializers.DateTimeField(allow_null=True)
    next_check_at = serializers.DateTimeField()


class SourceHealthListDocument(Document[Any]):
    results = SourceHealthDocument(many=True)
