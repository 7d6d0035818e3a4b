from typing import Any

from rest_framework import serializers

from forecasts.scoring.uncertainty import LIST_BELOW

from .calibration import FigureDocument, QueryDocument
from .fields import Document


class MeanDocument(Document[Any]):
    n_predictions = serializers.IntegerField(source="predictions")
    n_forecasts = serializers.IntegerField(source="forecasts")
    brier = FigureDocument(allow_null=True, help_text=f"From {LIST_BELOW} predictions on.")


class MonthDocument(Document[Any]):
    """Predictions whose deadline lay in the month, with those of the months before it, and with all before it."""

    month = serializers.CharField()
    month_only = MeanDocument()
    rolling = MeanDocument()
    cumulative = MeanDocument()
    gap = FigureDocument(
        allow_null=True, help_text="Mean forecast less how often it happened, over the rolling months."
    )


class MonitorMonthDocument(Document[Any]):
    month = serializers.CharField()
    n = serializers.IntegerField()
    log10 = serializers.FloatField(help_text="log10 of the evidence against calibration after the month.")


class MonitorDocument(Document[Any]):
    """An e-process: valid however often it is read. If the forecasts are right, it ever reaches `level` in at most
    1 of `level` records.
    """

    months = MonitorMonthDocument(many=True)
    alarm = serializers.CharField(allow_null=True, help_text="The month in which it first reached `level`.")
    level = serializers.IntegerField()
    stops_before = serializers.CharField(allow_null=True, help_text="First month with a deadline that waits for us.")
    assumes = serializers.CharField()


class HistoryDocument(Document[Any]):
    query = QueryDocument()
    rolling_months = serializers.IntegerField()
    months = MonthDocument(many=True)
    monitor = MonitorDocument(allow_null=True)
    missing = serializers.CharField(help_text="Why there is nothing yet; else empty.")
    as_of = serializers.DateTimeField(allow_null=True)
