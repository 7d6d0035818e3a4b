"""How many predictions each scope has said anything about, and indexes for the lists of a scorecard; sums of what is unsettled."""

import datetime as dt
from collections import Counter, defaultdict

from django.db import migrations, models

AT_ONCE = 1000


def count(apps, _schema_editor):
    """As actions.made counts what is said from now on."""
    prediction, forecast = apps.get_model("forecasts", "Prediction"), apps.get_model("forecasts", "Forecast")
    made_count = apps.get_model("forecasts", "MadeCount")
    merged = apps.get_model("forecasts", "Forecaster").objects.filter(merged_into__isnull=False)
    kept = dict(merged.values_list("pk", "merged_into"))
    ids = list(prediction.objects.filter(published_at__isnull=False).order_by("pk").values_list("pk", flat=True))
    found = Counter()
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        topics = defaultdict(set)
        for pk, topic in prediction.topics.through.objects.filter(prediction__in=some).values_list("prediction", "topic"):
            topics[pk].add(topic)
        keys = {row.pk: key(row) for row in prediction.objects.filter(pk__in=some).select_related("current_resolution")}
        said = defaultdict(lambda: defaultdict(set))
        rows = forecast.objects.filter(prediction__in=some).values_list("prediction", "forecaster", "provenance")
        for pk, who, provenance in rows.order_by().distinct():
            scopes = [("forecaster", kept.get(who, who)), ("all", 0), *(("topic", topic) for topic in topics[pk])]
            for scope in scopes:
                said[pk][scope].add("imported" if provenance == "imported" else "own")
        found.update(
            (*scope, "both" if len(kinds) > 1 else min(kinds), *keys[pk])
            for pk, scopes in said.items()
            for scope, kinds in scopes.items()
        )
    names = ("scope", "scope_id", "said", "kind", "state", "void_reason", "moment", "latest_deadline")
    counts = (made_count(**dict(zip(names, each)), predictions=n) for each, n in found.items())
    made_count.objects.bulk_create(counts, batch_size=AT_ONCE)


def key(row):
    resolution = row.current_resolution
    if resolution is None:
        return row.kind, "waiting", "", row.resolves_by, row.latest_deadline
    state = "void" if row.status == "void" else "due" if row.due_at else "early"
    return row.kind, state, resolution.void_reason, month(resolution.known_at), month(row.latest_deadline)


def month(at):
    return at.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0011_home_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='MadeCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('all', 'All'), ('forecaster', 'Forecaster'), ('topic', 'Topic')], max_length=12)),
                ('scope_id', models.BigIntegerField(default=0)),
                ('said', models.CharField(choices=[('imported', 'Imported'), ('own', 'Own'), ('both', 'Both')], max_length=10)),
                ('kind', models.CharField(default='binary', max_length=20)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('early', 'Early'), ('due', 'Due'), ('void', 'Void')], max_length=10)),
                ('void_reason', models.CharField(blank=True, max_length=20)),
                ('moment', models.DateTimeField()),
                ('latest_deadline', models.DateTimeField()),
                ('predictions', models.BigIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name='forecast',
            index=models.Index(fields=['prediction', 'issued_at', 'recorded_at', 'id'], name='forecast_by_issue'),
        ),
        migrations.AddIndex(
            model_name='prediction',
            index=models.Index(condition=models.Q(('status__in', ('open', 'closed'))), fields=['resolves_by', 'id'], name='prediction_waiting'),
        ),
        migrations.AddIndex(
            model_name='prediction',
            index=models.Index(condition=models.Q(('due_at__isnull', True), ('status', 'resolved')), fields=['latest_deadline', 'id'], name='prediction_early'),
        ),
        migrations.AddIndex(
            model_name='resolution',
            index=models.Index(fields=['known_at'], name='resolution_by_known'),
        ),
        migrations.AddIndex(
            model_name='resolution',
            index=models.Index(condition=models.Q(('supersedes__isnull', False)), fields=['resolved_at'], name='resolution_correcting'),
        ),
        migrations.AddIndex(
            model_name='madecount',
            index=models.Index(condition=models.Q(('predictions', 0)), fields=['id'], name='made_count_of_none'),
        ),
        migrations.AddConstraint(
            model_name='madecount',
            constraint=models.UniqueConstraint(fields=('scope', 'scope_id', 'said', 'kind', 'state', 'void_reason', 'moment', 'latest_deadline'), name='made_count_once'),
        ),
        migrations.AddConstraint(
            model_name='madecount',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'early', 'due', 'void'])), name='made_count_state_known'),
        ),
        migrations.CreateModel(
            name='UnsettledSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counting', models.CharField(max_length=10)),
                ('lead_band', models.CharField(max_length=12)),
                ('track', models.CharField(max_length=10)),
                ('basis', models.CharField(max_length=10)),
                ('weight', models.BigIntegerField()),
                ('ticks', models.BigIntegerField(help_text='The sum of weight x tick.')),
                ('squares', models.BigIntegerField(help_text='The sum of weight x squared tick.')),
                ('prediction', models.ForeignKey(on_delete=models.deletion.PROTECT, related_name='unsettled_sums', to='forecasts.prediction')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('prediction', 'counting', 'lead_band', 'track', 'basis'), name='unsettled_sum_once')],
            },
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
