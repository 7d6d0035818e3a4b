"""Webhooks and their deliveries; the cursor of their follower begins at the head, for nobody has asked for the past."""

import django.db.models.deletion
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

RIGHTS = ("operate_webhooks", "view_webhook", "view_delivery")


def first_rows(apps, _schema_editor):
    head = apps.get_model("forecasts", "LedgerHead").objects.get()
    apps.get_model("forecasts", "Cursor").objects.update_or_create(name="webhooks", defaults={"seq": head.size})


def operators(apps, _schema_editor):
    config = apps.get_app_config("forecasts")
    config.models_module = True  # rights are otherwise made only after the last migration
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    rights = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="forecasts", codename__in=RIGHTS
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Operators")
    group.permissions.add(*rights)


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0008_imports'),
    ]

    operations = [
        migrations.AlterField(
            model_name='cursor',
            name='name',
            field=models.CharField(choices=[('scoring', 'Scoring'), ('assessing', 'Assessing'), ('webhooks', 'Webhooks')], max_length=20, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='followerfailure',
            name='cursor',
            field=models.CharField(choices=[('scoring', 'Scoring'), ('assessing', 'Assessing'), ('webhooks', 'Webhooks')], max_length=20),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('article.imported', 'Article Imported'), ('topic.saved', 'Topic Saved'), ('group.saved', 'Group Saved'), ('forecaster.saved', 'Forecaster Saved'), ('forecaster.merged', 'Forecaster Merged'), ('prediction.logged', 'Prediction Logged'), ('prediction.amended', 'Prediction Amended'), ('prediction.opened', 'Prediction Opened'), ('prediction.closed', 'Prediction Closed'), ('prediction.due', 'Prediction Due'), ('prediction.resolved', 'Prediction Resolved'), ('prediction.voided', 'Prediction Voided'), ('prediction.corrected', 'Prediction Corrected'), ('forecast.issued', 'Forecast Issued'), ('forecast.withdrawn', 'Forecast Withdrawn'), ('source.saved', 'Source Saved'), ('watch.saved', 'Watch Saved'), ('findings.recorded', 'Findings Recorded'), ('finding.reviewed', 'Finding Reviewed'), ('proposal.made', 'Proposal Made'), ('proposal.rejected', 'Proposal Rejected'), ('import.applied', 'Import Applied'), ('dispute.opened', 'Dispute Opened'), ('dispute.closed', 'Dispute Closed'), ('rights.changed', 'Rights Changed'), ('webhook.saved', 'Webhook Saved'), ('webhook.rotated', 'Webhook Rotated')], max_length=40),
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('url', models.URLField(help_text='An https address; a private one must be in the settings.', max_length=2048)),
                ('kinds', models.JSONField(default=list, verbose_name='events')),
                ('paused', models.BooleanField(default=False)),
                ('paused_reason', models.CharField(blank=True, max_length=300)),
                ('secret', models.CharField(editable=False, max_length=100)),
                ('previous_secret', models.CharField(blank=True, editable=False, max_length=100)),
                ('previous_until', models.DateTimeField(editable=False, help_text='Until then both secrets sign.', null=True)),
                ('free_at', models.DateTimeField(editable=False, help_text='Not before this may it be called again.')),
                ('failure_count', models.PositiveIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('last_good_at', models.DateTimeField(editable=False, null=True)),
                ('lease_id', models.UUIDField(editable=False, null=True)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ('title',),
                'permissions': (('operate_webhooks', 'Can add, change, pause and replay webhooks'),),
                'constraints': [models.CheckConstraint(condition=models.Q(('paused', False), ('paused_reason__gt', ''), _connector='OR'), name='webhook_pause_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('lease_id__isnull', True), ('lease_until__isnull', True)), models.Q(('lease_id__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='webhook_lease_whole'), models.CheckConstraint(condition=models.Q(models.Q(('previous_secret', ''), ('previous_until__isnull', True)), models.Q(('previous_secret__gt', ''), ('previous_until__isnull', False)), _connector='OR'), name='webhook_previous_secret_ends')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('delivered', 'Delivered'), ('failed', 'given up'), ('withheld', 'no longer public')], default='waiting', max_length=10)),
                ('queued_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('http_status', models.PositiveIntegerField(null=True, verbose_name='HTTP status')),
                ('error_code', models.CharField(blank=True, max_length=20)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('milliseconds', models.PositiveIntegerField(help_text='How long the last try took.', null=True)),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='forecasts.ledgerentry')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='forecasts.webhook')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['webhook', 'next_try_at'], name='delivery_queue')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'delivered', 'failed', 'withheld'])), name='delivery_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('next_try_at__isnull', False), ('status', 'waiting')), models.Q(models.Q(('status', 'waiting'), _negated=True), ('next_try_at__isnull', True)), _connector='OR'), name='delivery_waiting_has_time'), models.UniqueConstraint(fields=('webhook', 'entry'), name='delivery_once')],
            },
        ),
        migrations.RunPython(first_rows, migrations.RunPython.noop),
        migrations.RunPython(operators, migrations.RunPython.noop),
    ]
