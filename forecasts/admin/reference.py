"""Forecasters, topics and groups."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from forecasts.actions import merge_forecasters, save_reference
from forecasts.models import Forecaster, ForecasterKind, PredictionGroup, Topic

from .base import Acting, ActionAdmin, Verb
from .fields import RowForm
from .rows import RowField


class ReferenceAdmin(ActionAdmin):
    right = "keep_predictions"

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        saved: Model = save_reference(row=row, at=acting.at, by=acting.by)
        return saved


class MergeForm(RowForm):
    into = RowField(
        Forecaster.objects.speaking(),
        ("name", "slug"),
        help_text="Whom everything is credited to from now on. Both names stay; this cannot be undone.",
    )

    def prepare(self) -> None:
        others = Forecaster.objects.speaking().exclude(pk=self.row.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]  # a RowField has one


def _merge(acting: Acting, row: Forecaster, given: Mapping[str, Any]) -> str:
    merged = merge_forecasters(forecaster=row, into=given["into"], at=acting.at, by=acting.by)
    return f"Merged: what {merged.name} said counts for {merged.merged_into}."


@admin.register(Forecaster)
class ForecasterAdmin(ReferenceAdmin):
    list_display = ("name", "kind", "is_bot", "merged_into")
    list_filter = ("kind", "is_bot")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 -- Django's own way to say it
    fields = ("name", "slug", "kind", "is_bot", "url", "bio", "reply")

    verbs = (
        Verb(
            name="merge",
            label="Merge into another",
            right="keep_predictions",
            form=MergeForm,
            run=_merge,
            fits=lambda row: Forecaster.objects.speaking().filter(pk=row.pk).exists(),
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Crowds and baselines are computed: to be looked at only."""
        return super().has_change_permission(request, obj) and not (obj and ForecasterKind(obj.kind).is_derived)


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
