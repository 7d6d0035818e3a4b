from typing import Any

from rest_framework import serializers

from .fields import Document


class RouteDocument(Document[Any]):
    path = serializers.CharField()
    summary = serializers.CharField()
    parameters = serializers.ListField(child=serializers.CharField())


class IndexDocument(Document[Any]):
    title = serializers.CharField()
    description = serializers.CharField()
    schema = serializers.CharField(help_text="Address of the OpenAPI document.")
    error_codes = serializers.CharField(help_text="Address of the list of error codes.")
    routes = RouteDocument(many=True)
