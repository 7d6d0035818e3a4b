"""Forecasters, topics and articles."""

import datetime as dt

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from forecasts.api.v1.base import Answer, Asked, Read, ReadList
from forecasts.api.v1.documents.people import (
    ArticleDocument,
    ForecasterDocument,
    ForecasterListDocument,
    TopicListDocument,
)
from forecasts.api.v1.parameters import CURSOR, LIMIT
from forecasts.http.paging import Keyset
from forecasts.models import Forecaster, Topic
from forecasts.queries.article_page import article_page, public_articles
from forecasts.queries.prediction_list import prediction_list
from forecasts.queries.public import public_forecasters
from forecasts.queries.rows import prediction_rows


class ForecasterList(ReadList):
    summary = "Everybody with a forecast on a public prediction, by slug."
    document = ForecasterListDocument
    takes = (CURSOR, LIMIT)
    keyset = Keyset(("slug",))

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Forecaster]:
        return public_forecasters().filter(merged_into__isnull=True)


class ForecasterDetail(Read):
    summary = "One forecaster; numbers are on the scorecard."
    document = ForecasterDocument

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        row = get_object_or_404(public_forecasters().select_related("merged_into"), slug=path["slug"])
        return Answer(lambda: self.given(row))


class TopicList(ReadList):
    summary = "Topics, by slug."
    document = TopicListDocument
    takes = (CURSOR, LIMIT)
    keyset = Keyset(("slug",))

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Topic]:
        return Topic.objects.all()


class ArticleDetail(Read):
    summary = "An article as it was archived, its summary, and the predictions made in it."
    document = ArticleDocument

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        article = get_object_or_404(public_articles(), slug=path["slug"])
        predictions = prediction_list({"article": article.slug}, now)
        return Answer(
            lambda: self.given({**vars(article_page(article)), "predictions": prediction_rows(predictions, now)})
        )
