"""Calibration, now and over time: the same queries as the pages."""

import datetime as dt

from forecasts.api.v1.base import Answer, Asked, Read
from forecasts.api.v1.documents.calibration import CalibrationDocument
from forecasts.api.v1.documents.history import HistoryDocument
from forecasts.api.v1.parameters import (
    ARTICLE,
    BASIS,
    COHORT,
    COUNTING,
    FORECASTER,
    KIND,
    LEAD,
    SINCE,
    TOPIC,
    TRACK,
    UNTIL,
)
from forecasts.queries.calibration import calibration
from forecasts.queries.counting import check_counting
from forecasts.queries.history import history
from forecasts.queries.scope import parse_query
from forecasts.queries.wanted import noted


class Calibration(Read):
    summary = "How well probabilities matched what happened: of everybody, or of a forecaster, topic, article, period."
    document = CalibrationDocument
    takes = (FORECASTER, TOPIC, ARTICLE, KIND, TRACK, COHORT, COUNTING, BASIS, LEAD, SINCE, UNTIL)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        query = parse_query(asked)
        check_counting(query)
        return Answer(lambda: self.given(noted(calibration(query, now))))


class CalibrationHistory(Read):
    summary = "Mean Brier scores by month of the deadline, and the evidence against calibration as it grew."
    document = HistoryDocument
    takes = (FORECASTER, TOPIC, TRACK, BASIS)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        query = parse_query(asked)
        return Answer(lambda: self.given(history(query, now)))
