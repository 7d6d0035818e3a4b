"""The forecasters that we derive ourselves. Their slugs are those of `queries.derived`; a test holds the two together."""

from django.db import migrations

ABOUT_CROWDS = "Pooled from the forecasts given as numbers while at least three forecasters stand."
DERIVED = (
    ("always-50", "Even guess", "baseline", "50 % on yes or no, the same for every option, evenly over a range."),
    (
        "topic-base-rate",
        "Base rate of the topic",
        "baseline",
        "How often earlier predictions of the same topics came true, as known when the prediction opened.",
    ),
    ("crowd-median", "Crowd: median", "crowd", ABOUT_CROWDS),
    ("crowd-recency-weighted-median", "Crowd: recency-weighted median", "crowd", ABOUT_CROWDS),
    ("crowd-geometric-mean-of-odds", "Crowd: geometric mean of odds", "crowd", ABOUT_CROWDS),
    ("crowd-extremised", "Crowd: extremised mean of odds", "crowd", ABOUT_CROWDS),
    ("crowd-trimmed-mean", "Crowd: trimmed mean", "crowd", ABOUT_CROWDS),
    ("crowd-mean-cdf", "Crowd: mean of distributions", "crowd", ABOUT_CROWDS),
    ("crowd-mean-quantiles", "Crowd: mean of quantiles", "crowd", ABOUT_CROWDS),
)


def add(apps, _schema_editor):
    forecaster = apps.get_model("forecasts", "Forecaster")
    for slug, name, kind, bio in DERIVED:
        forecaster.objects.create(slug=slug, name=name, kind=kind, bio=bio)


def remove(apps, _schema_editor):
    apps.get_model("forecasts", "Forecaster").objects.filter(slug__in=[slug for slug, *_ in DERIVED]).delete()


class Migration(migrations.Migration):
    dependencies = (("forecasts", "0003_rules_kinds_and_leads"),)

    operations = (migrations.RunPython(add, remove),)
