"""Predictions and the forecasts on them."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from forecasts.api.v1.base import Answer, Asked, Read, ReadList
from forecasts.api.v1.documents.forecasts import ForecastListDocument
from forecasts.api.v1.documents.predictions import PredictionDocument, PredictionListDocument
from forecasts.api.v1.parameters import ARTICLE, CURSOR, FORECASTER, LIMIT, PREDICTION, SEARCH, STATE, TOPIC
from forecasts.http.paging import Keyset
from forecasts.models import Forecast, Prediction
from forecasts.queries.forecast_list import forecast_list
from forecasts.queries.prediction_list import prediction_list
from forecasts.queries.prediction_page import prediction_page, watched_sources
from forecasts.queries.rows import PredictionRow, rows_of


class PredictionList(ReadList):
    summary = "Predictions, the newest first, by words, state, topic, forecaster or article."
    document = PredictionListDocument
    takes = (SEARCH, STATE, TOPIC, FORECASTER, ARTICLE, CURSOR, LIMIT)
    keyset = Keyset(("published_at", "id"), descending=True)

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Prediction]:
        return prediction_list(asked, now)

    def items(self, rows: Sequence[Prediction], now: dt.datetime) -> Sequence[PredictionRow]:
        return rows_of(rows, now)


class PredictionDetail(Read):
    summary = "One prediction: criteria, versions, evidence, latest forecasts, resolution with its history, scores."
    document = PredictionDocument

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        public = Prediction.objects.public().select_related("article", "group", "current_resolution")
        row = get_object_or_404(public, slug=path["slug"])
        return Answer(lambda: self.given(prediction_page(row, now)), watched_sources(row.watches.all(), now))


class ForecastList(ReadList):
    summary = "Forecasts on public predictions, the latest recorded first, by prediction or forecaster."
    document = ForecastListDocument
    takes = (PREDICTION, FORECASTER, CURSOR, LIMIT)
    keyset = Keyset(("id",), descending=True)

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[Forecast]:
        return forecast_list(asked)
