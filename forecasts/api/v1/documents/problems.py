from typing import Any

from rest_framework import serializers

from .fields import Document, Whatever


class ProblemRow(Document[Any]):
    row = serializers.IntegerField(allow_null=True, help_text="Of many: which of them is at fault, from 0.")
    field = serializers.CharField()
    value = Whatever(allow_null=True, help_text="As it was given, cut when long.")
    accepted = serializers.CharField()


class ProblemDocument(Document[Any]):
    """An error as RFC 9457 describes it."""

    type = serializers.CharField(help_text="A stable address; /api/v1/errors lists all.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    problems = ProblemRow(many=True, help_text="One for each field at fault, the first 100; empty for other errors.")
    problem_count = serializers.IntegerField(help_text="How many there are, also those that are not listed.")


class KindDocument(Document[Any]):
    code = serializers.CharField()
    type = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    meaning = serializers.CharField()


class KindListDocument(Document[Any]):
    results = KindDocument(many=True)
