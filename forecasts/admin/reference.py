"""Forecasters, topics and groups."""

from typing import Any

from django.contrib import admin
from django.db.models import Model

from forecasts.actions import save_reference
from forecasts.models import Forecaster, PredictionGroup, Topic

from .base import Acting, ActionAdmin


class ReferenceAdmin(ActionAdmin):
    right = "keep_predictions"

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        saved: Model = save_reference(row=row, at=acting.at, by=acting.by)
        return saved


@admin.register(Forecaster)
class ForecasterAdmin(ReferenceAdmin):
    list_display = ("name", "kind", "is_bot", "merged_into")
    list_filter = ("kind", "is_bot")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 -- Django's own way to say it
    fields = ("name", "slug", "kind", "is_bot", "url", "bio", "reply")


@admin.register(Topic)
class TopicAdmin(ReferenceAdmin):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012


@admin.register(PredictionGroup)
class PredictionGroupAdmin(ReferenceAdmin):
    list_display = ("title", "kind")
    list_filter = ("kind",)
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012
