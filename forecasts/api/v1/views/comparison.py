"""Two forecasters beside each other, and all of them on a leaderboard: the same queries as the pages."""

import datetime as dt

from forecasts.api.v1.base import Answer, Asked, Read
from forecasts.api.v1.documents.comparison import CompareDocument, LeaderboardDocument
from forecasts.api.v1.parameters import BASIS, COHORT, LEAD_COUNTING, ONE_TRACK, SIDE_A, SIDE_B, TOPIC
from forecasts.queries.comparison import comparison, parse_pair
from forecasts.queries.leaderboard import board, parse_board


class Compare(Read):
    summary = "Two forecasters on the predictions that both made, at the same moment."
    document = CompareDocument
    takes = (SIDE_A, SIDE_B, ONE_TRACK, COHORT, LEAD_COUNTING, BASIS)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        pair = parse_pair(asked)
        return Answer(lambda: self.given(comparison(pair, now)))


class Leaderboard(Read):
    summary = "Forecasters on common predictions, allowing for how hard these were, with intervals of their ranks."
    document = LeaderboardDocument
    takes = (TOPIC, ONE_TRACK, LEAD_COUNTING)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        query = parse_board(asked)
        return Answer(lambda: self.given(board(query)))
