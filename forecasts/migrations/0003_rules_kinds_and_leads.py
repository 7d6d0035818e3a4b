"""A column per rule, and sums by kind and lead band. What was derived before is dropped: the follower derives it anew."""

from django.db import migrations, models

DERIVED = ("CalibrationCell", "ScopeCount", "StoredStatistic", "FactRow", "Score")


def forget(apps, _schema_editor):
    for name in DERIVED:
        apps.get_model("forecasts", name).objects.all().delete()
    apps.get_model("forecasts", "Prediction").objects.exclude(scored_topics=[]).update(scored_topics=[])


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0002_guards'),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='calibrationcell',
            name='cell_once',
        ),
        migrations.RemoveConstraint(
            model_name='scopecount',
            name='scope_count_once',
        ),
        migrations.RemoveConstraint(
            model_name='score',
            name='score_positive',
        ),
        migrations.AddField(
            model_name='calibrationcell',
            name='kind',
            field=models.CharField(default='binary', max_length=20),
        ),
        migrations.AddField(
            model_name='calibrationcell',
            name='lead_band',
            field=models.CharField(blank=True, default='', max_length=12),
        ),
        migrations.AddField(
            model_name='cursor',
            name='engine',
            field=models.CharField(blank=True, default='', max_length=10),
        ),
        migrations.AddField(
            model_name='factrow',
            name='kind',
            field=models.CharField(default='binary', max_length=20),
        ),
        migrations.AddField(
            model_name='scopecount',
            name='kind',
            field=models.CharField(default='binary', max_length=20),
        ),
        migrations.AddField(
            model_name='scopecount',
            name='lead_band',
            field=models.CharField(blank=True, default='', max_length=12),
        ),
        migrations.AddField(
            model_name='score',
            name='baseline',
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name='score',
            name='crps_sum',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='score',
            name='peer',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='score',
            name='pit_high',
            field=models.FloatField(help_text='The forecast CDF at the outcome.', null=True),
        ),
        migrations.AddField(
            model_name='score',
            name='pit_low',
            field=models.FloatField(help_text='The forecast CDF just below the outcome.', null=True),
        ),
        migrations.AddField(
            model_name='score',
            name='rps_sum',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='score',
            name='spherical_sum',
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('article.imported', 'Article Imported'), ('topic.saved', 'Topic Saved'), ('group.saved', 'Group Saved'), ('forecaster.saved', 'Forecaster Saved'), ('forecaster.merged', 'Forecaster Merged'), ('prediction.logged', 'Prediction Logged'), ('prediction.amended', 'Prediction Amended'), ('prediction.opened', 'Prediction Opened'), ('prediction.closed', 'Prediction Closed'), ('prediction.due', 'Prediction Due'), ('prediction.resolved', 'Prediction Resolved'), ('prediction.voided', 'Prediction Voided'), ('prediction.corrected', 'Prediction Corrected'), ('forecast.issued', 'Forecast Issued'), ('forecast.withdrawn', 'Forecast Withdrawn'), ('source.saved', 'Source Saved'), ('watch.saved', 'Watch Saved'), ('findings.recorded', 'Findings Recorded'), ('finding.reviewed', 'Finding Reviewed'), ('proposal.made', 'Proposal Made'), ('proposal.rejected', 'Proposal Rejected'), ('import.applied', 'Import Applied'), ('dispute.opened', 'Dispute Opened'), ('dispute.closed', 'Dispute Closed'), ('rights.changed', 'Rights Changed')], max_length=40),
        ),
        migrations.AlterField(
            model_name='score',
            name='brier_sum',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='score',
            name='happened',
            field=models.BooleanField(null=True),
        ),
        migrations.AddConstraint(
            model_name='calibrationcell',
            constraint=models.UniqueConstraint(fields=('scope', 'scope_id', 'lead_band', 'kind', 'counting', 'cohort', 'track', 'basis', 'month', 'tick'), name='cell_once'),
        ),
        migrations.AddConstraint(
            model_name='scopecount',
            constraint=models.UniqueConstraint(fields=('scope', 'scope_id', 'lead_band', 'kind', 'counting', 'cohort', 'track', 'basis', 'month'), name='scope_count_once'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(('log_sum__gte', 0), ('weight__gte', 0), models.Q(('brier_sum__isnull', True), ('brier_sum__gte', 0), _connector='OR')), name='score_positive'),
        ),
    ]
