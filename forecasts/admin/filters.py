"""Narrowing a list by what a field holds, without reading every row to find out what there is."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from forecasts.models import Prediction, Topic, Track
from forecasts.scoring.settlement import COUNTINGS

from .rows import SUGGESTED


class ChoiceFilter(admin.SimpleListFilter):
    """Links to the values of a text field that are known beforehand."""

    values: tuple[str, ...]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value) for value in self.values]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(**{str(self.parameter_name): self.value()})


class CountingFilter(ChoiceFilter):
    title = parameter_name = "counting"
    values = COUNTINGS


class TrackFilter(ChoiceFilter):
    title = parameter_name = "track"
    values = tuple(Track.values)


class TopicFilter(admin.SimpleListFilter):
    """A text field with suggestions, whatever the number of topics. It finds those whose name has what was typed."""

    title = parameter_name = "topic"
    template = "desk/topic_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        words = self.value()
        if not words:
            return queryset
        found = Topic.objects.filter(name__icontains=words)
        return queryset.filter(pk__in=Prediction.topics.through.objects.filter(topic__in=found).values("prediction"))

    def choices(self, changelist: Any) -> Iterator[Any]:
        """One: what the form sends along, and the suggestions, which are the topics that were named last."""
        yield {
            "others": [pair for pair in changelist.params.items() if pair[0] not in (self.parameter_name, "p")],
            "names": Topic.objects.order_by("-pk").values_list("name", flat=True)[:SUGGESTED],
            "without": changelist.get_query_string(remove=[self.parameter_name]),
        }
