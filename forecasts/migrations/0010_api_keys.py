"""Keys of programs with the right to make them, kept answers, and bulks of one request."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def operators(apps, _schema_editor):
    config = apps.get_app_config("forecasts")
    config.models_module = True  # rights are otherwise made only after the last migration
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    right = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="forecasts", codename="operate_keys"
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Operators")
    group.permissions.add(right)


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0009_webhooks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('article.imported', 'Article Imported'), ('topic.saved', 'Topic Saved'), ('group.saved', 'Group Saved'), ('forecaster.saved', 'Forecaster Saved'), ('forecaster.merged', 'Forecaster Merged'), ('prediction.logged', 'Prediction Logged'), ('prediction.amended', 'Prediction Amended'), ('prediction.opened', 'Prediction Opened'), ('prediction.closed', 'Prediction Closed'), ('prediction.due', 'Prediction Due'), ('prediction.resolved', 'Prediction Resolved'), ('prediction.voided', 'Prediction Voided'), ('prediction.corrected', 'Prediction Corrected'), ('forecast.issued', 'Forecast Issued'), ('forecast.withdrawn', 'Forecast Withdrawn'), ('forecasts.recorded', 'Forecasts Recorded'), ('source.saved', 'Source Saved'), ('watch.saved', 'Watch Saved'), ('findings.recorded', 'Findings Recorded'), ('finding.reviewed', 'Finding Reviewed'), ('proposal.made', 'Proposal Made'), ('proposal.rejected', 'Proposal Rejected'), ('import.applied', 'Import Applied'), ('dispute.opened', 'Dispute Opened'), ('dispute.closed', 'Dispute Closed'), ('rights.changed', 'Rights Changed'), ('webhook.saved', 'Webhook Saved'), ('webhook.rotated', 'Webhook Rotated'), ('key.made', 'Key Made'), ('key.revoked', 'Key Revoked')], max_length=40),
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What it is for, such as “nightly model run”.', max_length=100)),
                ('prefix', models.CharField(editable=False, help_text='How its secret begins.', max_length=11)),
                ('digest', models.CharField(editable=False, help_text='SHA-256 of the secret.', max_length=64, unique=True)),
                ('scopes', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(editable=False)),
                ('expires_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('revoked_at', models.DateTimeField(editable=False, null=True)),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(help_text='Whom it acts as.', on_delete=django.db.models.deletion.PROTECT, related_name='api_keys', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'API key',
                'ordering': ('-made_at', '-id'),
                'permissions': (('operate_keys', 'Can make and revoke API keys'),),
            },
        ),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The Idempotency-Key.', max_length=200)),
                ('request_sha256', models.CharField(help_text='Over method, address, type and body.', max_length=64)),
                ('begun_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('headers', models.JSONField(default=dict)),
                ('body', models.TextField(blank=True)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='forecasts.apikey')),
            ],
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='api_key_expires_later'),
        ),
        migrations.AddConstraint(
            model_name='keptanswer',
            constraint=models.UniqueConstraint(fields=('key', 'name'), name='kept_answer_once'),
        ),
        migrations.RunPython(operators, migrations.RunPython.noop),
    ]
