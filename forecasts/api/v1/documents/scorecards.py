"""Scorecards of forecasters, topics and articles."""

from typing import Any

from rest_framework import serializers

from .calibration import CalibrationDocument
from .fields import ArticleReference, Document, ForecasterReference, Probability, Tick, TopicReference
from .history import HistoryDocument
from .predictions import PredictionRowDocument


class SurpriseDocument(Document[Any]):
    slug = serializers.CharField()
    statement = serializers.CharField()
    forecaster = serializers.CharField(help_text="Name of who said it.")
    tick = Tick(allow_null=False)
    probability = Probability(allow_null=False)
    happened = serializers.BooleanField()
    brier = serializers.FloatField()
    url = serializers.CharField()


class OtherTableDocument(Document[Any]):
    heading = serializers.CharField(source="label")
    n_predictions = serializers.IntegerField(source="predictions")
    url = serializers.CharField(source="query.url")


class CommonDocument(Document[Any]):
    heading = serializers.CharField(help_text="Names the table when it is not the live one of stated numbers.")
    headline = CalibrationDocument()
    others = OtherTableDocument(many=True)
    history = HistoryDocument(allow_null=True, help_text="Null of kinds, countings and articles of which none is kept.")
    surprises = SurpriseDocument(many=True)
    early = PredictionRowDocument(many=True)
    due = PredictionRowDocument(many=True)
    overdue = PredictionRowDocument(many=True)
    predictions = PredictionRowDocument(many=True)
    corrections = PredictionRowDocument(many=True)
    url = serializers.CharField(source="subject.get_absolute_url")


class ScorecardDocument(CommonDocument):
    """One forecaster's scorecard, as its page shows it."""

    forecaster = ForecasterReference(source="subject")


class TopicScorecardDocument(CommonDocument):
    """The scorecard of everybody's forecasts on one topic, as its page shows it."""

    topic = TopicReference(source="subject")


class ArticleScorecardDocument(CommonDocument):
    """The scorecard of everybody's forecasts on what one article predicted, as its page shows it."""

    article = ArticleReference(source="subject")
