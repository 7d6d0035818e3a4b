"""Calibration and scorecards: the same queries as the pages."""

import datetime as dt

from django.shortcuts import get_object_or_404

from forecasts.api.v1.base import Answer, Asked, Read
from forecasts.api.v1.documents.calibration import CalibrationDocument, ScorecardDocument
from forecasts.api.v1.parameters import BASIS, COHORT, COUNTING, FORECASTER, TOPIC, TRACK
from forecasts.queries.calibration import calibration
from forecasts.queries.counting import check_counting
from forecasts.queries.public import public_forecasters
from forecasts.queries.scope import parse_query
from forecasts.queries.scorecard import scorecard


class Calibration(Read):
    summary = "How well probabilities matched what happened: of everybody, one forecaster or one topic."
    document = CalibrationDocument
    takes = (FORECASTER, TOPIC, TRACK, COHORT, COUNTING, BASIS)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        query = parse_query(asked)
        check_counting(query)
        return Answer(lambda: self.given(calibration(query, now)))


class Scorecard(Read):
    summary = "One forecaster's scorecard. Without parameters it shows the table that its page shows."
    document = ScorecardDocument
    takes = (TRACK, COHORT, COUNTING, BASIS)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        row = get_object_or_404(public_forecasters(), slug=path["slug"])
        chosen = parse_query({**asked, FORECASTER.name: row.slug}) if asked else None
        if chosen:
            check_counting(chosen)
        return Answer(lambda: self.given(scorecard(row, now, chosen)))
