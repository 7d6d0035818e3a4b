from django.urls import path, re_path

from .base import Read
from .views.assessors import AssessorDetail, AssessorList
from .views.calibration import Calibration, CalibrationHistory
from .views.comparison import Compare, Leaderboard
from .views.index import Errors, Index, Nothing, Schema
from .views.ledger import EntryList, Head, SourceHealth
from .views.people import ArticleDetail, ForecasterDetail, ForecasterList, TopicList
from .views.predictions import ForecastList, PredictionDetail, PredictionList
from .views.recap import Recap
from .views.scorecards import ArticleScorecard, Scorecard, TopicScorecard

ROUTES: dict[str, type[Read]] = {
    "predictions": PredictionList,
    "predictions/<slug:slug>": PredictionDetail,
    "forecasts": ForecastList,
    "forecasters": ForecasterList,
    "forecasters/<slug:slug>": ForecasterDetail,
    "topics": TopicList,
    "articles/<slug:slug>": ArticleDetail,
    "scorecards/forecaster/<slug:slug>": Scorecard,
    "scorecards/topic/<slug:slug>": TopicScorecard,
    "scorecards/article/<slug:slug>": ArticleScorecard,
    "calibration": Calibration,
    "calibration/history": CalibrationHistory,
    "recap": Recap,
    "compare": Compare,
    "leaderboard": Leaderboard,
    "assessors": AssessorList,
    "assessors/<slug:slug>": AssessorDetail,
    "ledger/entries": EntryList,
    "ledger/head": Head,
    "sources/health": SourceHealth,
    "errors": Errors,
    "schema": Schema,
}
LISTED = tuple((route.replace("<slug:slug>", "{slug}"), view) for route, view in ROUTES.items())

urlpatterns = [
    path("", Index.as_view(routes=LISTED)),
    *(path(route, view.as_view()) for route, view in ROUTES.items()),
    re_path("", Nothing.as_view()),
]
