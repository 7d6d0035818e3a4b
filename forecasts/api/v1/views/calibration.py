"""Calibration and scorecards: the same queries as the pages."""

import datetime as dt

from django.shortcuts import get_object_or_404

from forecasts.api.v1.base import Answer, Asked, Read
from forecasts.api.v1.documents.calibration import CalibrationDocument, ScorecardDocument
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
from forecasts.queries.public import public_forecasters
from forecasts.queries.scope import parse_query
from forecasts.queries.scorecard import scorecard


class Calibration(Read):
    summary = "How well probabilities matched what happened: of everybody, or of a forecaster, topic, article, period."
    document = CalibrationDocument
    takes = (FORECASTER, TOPIC, ARTICLE, KIND, TRACK, COHORT, COUNTING, BASIS, LEAD, SINCE, UNTIL)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        query = parse_query(asked)
        check_counting(query)
        return Answer(lambda: self.given(calibration(query, now)))


class CalibrationHistory(Read):
    summary = "Mean Brier scores by month of the deadline, and the evidence against calibration as it grew."
    document = HistoryDocument
    takes = (FORECASTER, TOPIC, TRACK, BASIS)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        query = parse_query(asked)
        return Answer(lambda: self.given(history(query, now)))


class Scorecard(Read):
    summary = "One forecaster's scorecard. Without parameters it shows the table that its page shows."
    document = ScorecardDocument
    takes = (KIND, TRACK, COHORT, COUNTING, BASIS)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        asked_for = get_object_or_404(public_forecasters().select_related("merged_into"), slug=path["slug"])
        row = asked_for.merged_into or asked_for
        chosen = parse_query({**asked, FORECASTER.name: row.slug}) if asked else None
        if chosen:
            check_counting(chosen)
        return Answer(lambda: self.given(scorecard(row, now, chosen)))
