from typing import Any

from rest_framework import serializers

from .fields import Document, Tick


class RecapSaidDocument(Document[Any]):
    name = serializers.CharField()
    words = serializers.CharField(help_text="The last forecast before the world knew, in short.")
    leant = serializers.CharField(help_text="miss or hit; empty for even odds, a number, a date or a void.")


class RecapSettledDocument(Document[Any]):
    url = serializers.CharField(source="path")
    statement = serializers.CharField()
    state = serializers.CharField(help_text="yes, no, resolved or void")
    happened = serializers.CharField()
    before = serializers.CharField(help_text="The outcome that a correction replaced; else empty.")
    later = serializers.CharField(help_text="What a later correction made of it; empty while it stands.")
    note = serializers.CharField()
    said = RecapSaidDocument(many=True)


class RecapSurpriseDocument(Document[Any]):
    """The forecast that an outcome contradicted most."""

    url = serializers.CharField(source="path")
    statement = serializers.CharField()
    state = serializers.CharField()
    happened = serializers.CharField()
    name = serializers.CharField()
    words = serializers.CharField()
    given = Tick(allow_null=False, help_text="What it left to what happened, in ten-thousandths.")


class RecapChangedDocument(Document[Any]):
    url = serializers.CharField(source="path")
    statement = serializers.CharField()
    number = serializers.IntegerField(help_text="Of the version.")
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    after_first_forecast = serializers.BooleanField()


class RecapPendingDocument(Document[Any]):
    url = serializers.CharField(source="path")
    statement = serializers.CharField()
    deadline = serializers.DateTimeField(allow_null=True)
    said = serializers.CharField(help_text="Who said what last; empty without a forecast.")


class RecapDocument(Document[Any]):
    """Counts are of all; the lists hold the latest 40 resolutions and corrections, and 20 of everything else."""

    name = serializers.CharField(source="period.name")
    url = serializers.CharField(source="period.url")
    since = serializers.DateTimeField(source="recap.since")
    until = serializers.DateTimeField(source="recap.until", help_text="The first moment that is not in it.")
    is_over = serializers.BooleanField()
    previous = serializers.CharField(source="previous.name", default=None, allow_null=True)
    following = serializers.CharField(source="following.name", default=None, allow_null=True)
    n_resolved = serializers.IntegerField(source="recap.resolved_count", help_text="Void ones included.")
    n_void = serializers.IntegerField(source="recap.void_count")
    n_imported = serializers.IntegerField(
        source="recap.imported_count", help_text="Not among them: they came settled with an imported track record."
    )
    n_misses = serializers.IntegerField(source="recap.misses", help_text="Forecasts that leant the wrong way.")
    n_hits = serializers.IntegerField(source="recap.hits")
    surprise = RecapSurpriseDocument(source="recap.surprise", allow_null=True)
    resolved = RecapSettledDocument(source="recap.resolved", many=True)
    n_corrected = serializers.IntegerField(source="recap.corrected_count")
    corrected = RecapSettledDocument(source="recap.corrected", many=True)
    n_changed = serializers.IntegerField(source="recap.changed_count")
    changed = RecapChangedDocument(source="recap.changed", many=True)
    n_new = serializers.IntegerField(source="recap.new_count")
    new = RecapPendingDocument(source="recap.new", many=True)
    n_due = serializers.IntegerField(source="recap.due_count", help_text="In the span after it.")
    due = RecapPendingDocument(source="recap.due", many=True)
