from django.urls import path

from . import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("predictions/", views.predictions, name="predictions"),
    path("predictions/<slug:slug>/", views.prediction, name="prediction"),
    path("forecasters/", views.forecasters, name="forecasters"),
    path("forecasters/<slug:slug>/", views.forecaster, name="forecaster"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("assessors/", views.assessors, name="assessors"),
    path("assessors/<slug:slug>/", views.assessor, name="assessor"),
    path("method/", views.method, name="method"),
    path("ledger/", views.ledger, name="ledger"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
