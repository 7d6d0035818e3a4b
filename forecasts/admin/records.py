"""What nobody edits: forecasts, scores, imports, the ledger."""

from django.contrib import admin

from forecasts.models import CalibrationCell, CriteriaVersion, FollowerFailure, Forecast, LedgerEntry, Score

from .base import OF_PREDICTION, ReadOnlyAdmin
from .filters import CountingFilter, TrackFilter
from .periods import by_period


class CountlessAdmin(ReadOnlyAdmin):
    """There may be millions: nobody is offered to have them counted by each link of a filter."""

    show_facets = admin.ShowFacets.NEVER


@admin.register(Forecast)
class ForecastAdmin(CountlessAdmin):
    list_display = ("prediction", "forecaster", "said", "basis", "issued_at", "provenance")
    list_reads = ("tick", "values", "basis", "issued_at", "provenance", "forecaster__name", *OF_PREDICTION)
    list_filter = (by_period("recorded_at"), "basis", "provenance")
    list_select_related = ("prediction", "forecaster")
    search_fields = ("prediction__statement", "forecaster__name")


@admin.register(CriteriaVersion)
class CriteriaVersionAdmin(ReadOnlyAdmin):
    list_display = ("prediction", "number", "at", "after_first_forecast", "reason")
    list_filter = ("after_first_forecast",)
    list_select_related = ("prediction",)


@admin.register(Score)
class ScoreAdmin(CountlessAdmin):
    list_display = ("prediction", "forecaster", "track", "counting", "basis", "tick", "happened", "brier", "cohort")
    list_filter = ("track", CountingFilter, "cohort")
    list_select_related = ("prediction", "forecaster")


@admin.register(CalibrationCell)
class CalibrationCellAdmin(CountlessAdmin):
    list_display = ("scope", "scope_id", "counting", "track", "basis", "month", "tick", "n", "weight", "weight_yes")
    list_filter = ("scope", CountingFilter, TrackFilter)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(CountlessAdmin):
    list_display = ("seq", "kind", "at", "actor", "subject", "digest")
    list_filter = (by_period("at"), "kind")
    search_fields = ("subject", "digest")


@admin.register(FollowerFailure)
class FollowerFailureAdmin(ReadOnlyAdmin):
    list_display = ("cursor", "entry", "error", "at")
    list_select_related = ("entry",)
