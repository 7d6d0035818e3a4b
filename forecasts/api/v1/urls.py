from django.urls import path, re_path
from rest_framework.views import APIView

from .views.assessors import AssessorDetail, AssessorList
from .views.calibration import Calibration, CalibrationHistory
from .views.comparison import Compare, Leaderboard
from .views.drafts import DraftDetail, DraftList
from .views.index import Errors, Index, Nothing, Schema
from .views.ledger import EntryList, Head, SourceHealth
from .views.people import ArticleDetail, ForecasterDetail, ForecasterList, TopicList
from .views.recap import Recap
from .views.records import ResolutionList, ScoreList
from .views.reference import reference
from .views.scorecards import ArticleScorecard, Scorecard, TopicScorecard
from .writes import routes

ROUTES: dict[str, type[APIView]] = {
    "predictions": routes.Predictions,
    "predictions/<slug:slug>": routes.OnePrediction,
    "predictions/<slug:slug>/open": routes.Opening,
    "predictions/<slug:slug>/disputes": routes.Disputes,
    "drafts": DraftList,
    "drafts/<slug:slug>": DraftDetail,
    "forecasts": routes.Forecasts,
    "forecasts/bulk": routes.Bulk,
    "forecasts/withdraw": routes.Withdrawal,
    "findings": routes.Findings,
    "findings/<int:pk>/review": routes.Reviewing,
    "proposals": routes.Proposals,
    "proposals/<int:pk>/accept": routes.Acceptance,
    "proposals/<int:pk>/reject": routes.Rejection,
    "resolutions": ResolutionList,
    "scores": ScoreList,
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
LISTED = tuple(
    (route.replace("<slug:slug>", "{slug}").replace("<int:pk>", "{id}"), view) for route, view in ROUTES.items()
)

urlpatterns = [
    path("", Index.as_view(routes=LISTED)),
    path("docs", reference),
    *(path(route, view.as_view()) for route, view in ROUTES.items()),
    re_path("", Nothing.as_view()),
]
