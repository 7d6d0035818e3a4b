"""Narrowing a list by year and month. Django's own date hierarchy reads every row to find out which years there are."""

import datetime as dt
import re
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.core.cache import caches
from django.db.models import Model, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.text import capfirst

MOST_YEARS = 20
MONTHS = 12
KNOWN_FOR = 60  # seconds: a new year is offered that much later
_PERIOD = re.compile(r"([1-9]\d{3})(?:-(0[1-9]|1[0-2]))?")


class PeriodFilter(admin.SimpleListFilter):
    """The years between the first and the last row, and the months of the year that was chosen: `2026`, `2026-11`.

    `ends` are the orders in which the first and the last row come first, each by an index.
    """

    field: str
    ends: tuple[str, str]
    parameter_name = "period"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Model], model_admin: Any) -> None:
        self.title = capfirst(str(label_for_field(self.field, model)))
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = model_admin.model._default_manager.exclude(**{self.field: None})
        key = f"years:{rows.model.__name__}:{self.field}"
        known: Any = caches["local"].get_or_set(key, partial(self._years, rows), KNOWN_FOR)
        years = [str(year) for year in known]
        chosen = (self.value() or "")[:4]
        months = [f"{chosen}-{month:02}" for month in range(1, MONTHS + 1)] if chosen in years else []
        return [(value, value) for value in (*years, *months)]

    def _years(self, rows: QuerySet[Any]) -> range:
        """From both ends in one query."""
        first, last = (Q(pk=Subquery(rows.order_by(order).values("pk")[:1])) for order in self.ends)
        years = [at.year for at in rows.filter(first | last).order_by().values_list(self.field, flat=True)]
        return range(max(min(years), max(years) - MOST_YEARS), max(years) + 1) if years else range(0)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        begin, end = _span(str(self.value()))
        return queryset.filter(**{f"{self.field}__gte": begin, f"{self.field}__lt": end})


def _span(value: str) -> tuple[dt.datetime, dt.datetime]:
    """The begin of a year or month and that of the next, UTC. Anything else shows the list without it."""
    period = _PERIOD.fullmatch(value)
    if period is None or period[1] == "9999":
        raise IncorrectLookupParameters
    year, month = int(period[1]), int(period[2] or 1)
    following = year * MONTHS + month - 1 + (1 if period[2] else MONTHS)
    return dt.datetime(year, month, 1, tzinfo=dt.UTC), dt.datetime(
        following // MONTHS, following % MONTHS + 1, 1, tzinfo=dt.UTC
    )


def by_period(field: str, *, grows: bool = True) -> type[PeriodFilter]:
    """A filter over `field`. Of rows that grow in its order the ends are found by key."""
    ends = ("pk", "-pk") if grows else (field, f"-{field}")
    return type("ByPeriod", (PeriodFilter,), {"field": field, "ends": ends})
