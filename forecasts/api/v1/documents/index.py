from typing import Any

from rest_framework import serializers

from .fields import Document


class RouteWriteDocument(Document[Any]):
    method = serializers.CharField()
    summary = serializers.CharField()
    scope = serializers.CharField(allow_null=True, help_text="Of the key that it needs; null for none.")


class RouteDocument(Document[Any]):
    path = serializers.CharField()
    summary = serializers.CharField(allow_null=True, help_text="What a read gives; null where nothing is read.")
    parameters = serializers.ListField(child=serializers.CharField())
    writes = RouteWriteDocument(many=True)


class IndexDocument(Document[Any]):
    title = serializers.CharField()
    description = serializers.CharField()
    schema = serializers.CharField(help_text="Address of the OpenAPI document.")
    error_codes = serializers.CharField(help_text="Address of the list of error codes.")
    routes = RouteDocument(many=True)
