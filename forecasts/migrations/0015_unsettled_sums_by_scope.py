"""Sums of what is unsettled are kept by scope, and totalled. Nothing is carried over: workers sum all of it again."""

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
                ('counting', models.CharField(blank=True, max_length=10)),
                ('track', models.CharField(blank=True, max_length=10)),
                ('basis', models.CharField(blank=True, max_length=10)),
                ('lead_band', models.CharField(blank=True, max_length=12)),
                ('is_void', models.BooleanField()),
                ('month', models.DateField(help_text='First day of the month of the latest deadline.')),
                ('weight', models.BigIntegerField()),
                ('ticks', models.BigIntegerField(help_text='The sum of weight x tick.')),
                ('squares_high', models.BigIntegerField(help_text='The sum of weight x squared tick of each, in whole 2^32.')),
                ('squares_low', models.BigIntegerField(help_text='The sum of what these leave. Together they reach beyond 64 bits.')),
                ('opens_at', models.DateTimeField(help_text="The opening of scoring's clock.")),
                ('prediction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='unsettled_sums', to='forecasts.prediction')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('counting', ''), ('scope', 'topic')), fields=['scope_id', 'opens_at'], name='unsettled_sum_on_topic')],
                'constraints': [
                    models.UniqueConstraint(fields=('prediction', 'scope', 'scope_id', 'counting', 'track', 'basis', 'lead_band'), name='unsettled_sum_once'),
                    models.CheckConstraint(condition=models.Q(('scope__in', ['all', 'forecaster', 'topic'])), name='unsettled_sum_scope_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='UnsettledTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('all', 'All'), ('forecaster', 'Forecaster'), ('topic', 'Topic')], max_length=12)),
                ('scope_id', models.BigIntegerField(default=0)),
                ('counting', models.CharField(blank=True, max_length=10)),
                ('track', models.CharField(blank=True, max_length=10)),
                ('basis', models.CharField(blank=True, max_length=10)),
                ('lead_band', models.CharField(blank=True, max_length=12)),
                ('is_void', models.BooleanField()),
                ('month', models.DateField(help_text='First day of the month of the latest deadline.')),
                ('weight', models.BigIntegerField()),
                ('ticks', models.BigIntegerField(help_text='The sum of weight x tick.')),
                ('squares_high', models.BigIntegerField(help_text='The sum of weight x squared tick of each, in whole 2^32.')),
                ('squares_low', models.BigIntegerField(help_text='The sum of what these leave. Together they reach beyond 64 bits.')),
                ('predictions', models.BigIntegerField(help_text='How many the row sums.')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('predictions', 0)), fields=['id'], name='unsettled_total_of_none')],
                'constraints': [
                    models.UniqueConstraint(fields=('scope', 'scope_id', 'counting', 'track', 'basis', 'lead_band', 'is_void', 'month'), name='unsettled_total_once'),
                    models.CheckConstraint(condition=models.Q(('scope__in', ['all', 'forecaster', 'topic'])), name='unsettled_total_scope_known'),
                ],
            },
        ),
    ]
