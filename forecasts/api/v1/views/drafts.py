"""Drafts, for keys whose users see them at the desk too. To everybody else there are none."""

import datetime as dt

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from forecasts.api.v1.base import Answer, Asked, Read, ReadList
from forecasts.api.v1.documents.drafts import DraftListDocument, EditedPredictionDocument
from forecasts.api.v1.parameters import CURSOR, LIMIT
from forecasts.http.paging import Keyset
from forecasts.models import KeyScope, Prediction


def drafts() -> QuerySet[Prediction]:
    found = Prediction.objects.filter(published_at__isnull=True).prefetch_related("topics")
    return found.select_related("group", "article", "suggested_forecaster")


class DraftList(ReadList):
    summary = "Predictions that are not open yet, the latest logged first."
    document = DraftListDocument
    takes = (CURSOR, LIMIT)
    keyset = Keyset(("id",), descending=True)
    scope = KeyScope.READ

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Prediction]:
        return drafts()


class DraftDetail(Read):
    summary = "One draft, with what the lint says of it."
    document = EditedPredictionDocument
    scope = KeyScope.READ

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        row = get_object_or_404(drafts(), slug=path["slug"])
        return Answer(lambda: self.given(row))
