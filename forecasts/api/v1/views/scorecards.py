"""Scorecards of forecasters, topics and articles: the same query as their pages."""

import datetime as dt

from django.shortcuts import get_object_or_404

from forecasts.api.v1.base import Answer, Asked, Read
from forecasts.api.v1.documents.scorecards import (
    ArticleScorecardDocument,
    ScorecardDocument,
    TopicScorecardDocument,
)
from forecasts.api.v1.parameters import ARTICLE, BASIS, COHORT, COUNTING, FORECASTER, KIND, TOPIC, TRACK
from forecasts.models import Topic
from forecasts.queries.article_page import public_articles
from forecasts.queries.counting import check_counting
from forecasts.queries.public import public_forecasters
from forecasts.queries.scope import parse_query
from forecasts.queries.scorecard import Subject, scorecard


class _Scorecard(Read):
    """Subclasses find the subject; the parameter `named` says the same of the query."""

    takes = (KIND, TRACK, COHORT, COUNTING, BASIS)
    named = ""

    def subject(self, slug: str) -> Subject:
        raise NotImplementedError

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        row = self.subject(path["slug"])
        chosen = parse_query({**asked, self.named: row.slug}) if asked else None
        if chosen:
            check_counting(chosen)
        return Answer(lambda: self.given(scorecard(row, now, chosen)))


class Scorecard(_Scorecard):
    summary = "One forecaster's scorecard. Without parameters it shows the table that its page shows."
    document = ScorecardDocument
    named = FORECASTER.name

    def subject(self, slug: str) -> Subject:
        row = get_object_or_404(public_forecasters().select_related("merged_into"), slug=slug)
        return row.merged_into or row


class TopicScorecard(_Scorecard):
    summary = "The scorecard of a topic: everybody's forecasts on its predictions."
    document = TopicScorecardDocument
    named = TOPIC.name

    def subject(self, slug: str) -> Subject:
        return get_object_or_404(Topic, slug=slug)


class ArticleScorecard(_Scorecard):
    summary = "The scorecard of an article: everybody's forecasts on what it predicted."
    document = ArticleScorecardDocument
    named = ARTICLE.name

    def subject(self, slug: str) -> Subject:
        return get_object_or_404(public_articles(), slug=slug)
