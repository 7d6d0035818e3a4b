"""Sums of what is unsettled are kept by scope. Nothing is carried over: workers sum all of it again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0014_desk_lists_kept'),
    ]

    operations = [
        migrations.DeleteModel(name='UnsettledSum'),
        migrations.CreateModel(
            name='UnsettledSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('all', 'All'), ('forecaster', 'Forecaster'), ('topic', 'Topic')], max_length=12)),
                ('scope_id', models.BigIntegerField(default=0)),
                ('overdue_since', models.DateTimeField(null=True)),
                ('latest_deadline', models.DateTimeField()),
                ('counting', models.CharField(blank=True, max_length=10)),
                ('lead_band', models.CharField(blank=True, max_length=12)),
                ('track', models.CharField(blank=True, max_length=10)),
                ('basis', models.CharField(blank=True, max_length=10)),
                ('weight', models.BigIntegerField()),
                ('ticks', models.BigIntegerField(help_text='The sum of weight x tick.')),
                ('squares', models.BigIntegerField(help_text='The sum of weight x squared tick.')),
                ('prediction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='unsettled_sums', to='forecasts.prediction')),
            ],
            options={
                'indexes': [models.Index(fields=['scope', 'scope_id', 'counting', 'track', 'basis', 'lead_band'], include=('overdue_since', 'latest_deadline', 'weight', 'ticks', 'squares'), name='unsettled_sum_of_scope')],
                'constraints': [
                    models.UniqueConstraint(fields=('prediction', 'scope', 'scope_id', 'counting', 'lead_band', 'track', 'basis'), name='unsettled_sum_once'),
                    models.CheckConstraint(condition=models.Q(('scope__in', ['all', 'forecaster', 'topic'])), name='unsettled_sum_scope_known'),
                ],
            },
        ),
    ]
