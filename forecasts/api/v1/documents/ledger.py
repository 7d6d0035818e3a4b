from typing import Any

from rest_framework import serializers

from .fields import Document, Instant, ListDocument


class EntryDocument(Document[Any]):
    """One decision. The header is always public, the content once its subject is."""

    seq = serializers.IntegerField(source="entry.seq")
    kind = serializers.CharField(source="entry.kind")
    at = Instant(source="entry.at", help_text="Spelled as it is hashed.")
    actor = serializers.CharField(source="entry.actor", help_text="Opaque.")
    subject = serializers.CharField(source="entry.subject")
    content_sha256 = serializers.CharField(source="entry.content_sha256", help_text="SHA-256 of salt and content.")
    prev = serializers.CharField(source="entry.prev")
    digest = serializers.CharField(source="entry.digest")
    content_status = serializers.CharField(help_text="public, withheld or erased")
    content = serializers.CharField(allow_null=True, help_text="Canonical JSON (RFC 8785), byte for byte as hashed.")
    salt = serializers.CharField(allow_null=True, help_text="Hexadecimal.")


class EntryListDocument(ListDocument):
    results = EntryDocument(many=True)


class HeadDocument(Document[Any]):
    size = serializers.IntegerField()
    digest = serializers.CharField()
    at = Instant(allow_null=True, help_text="Time of the last entry.")
