"""Lists that editors keep, and indexes in the order of the desk's lists and piles."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0013_stored_tick_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(help_text='Name of the model that the list is of.', max_length=40)),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(help_text="What follows the question mark in the address.", max_length=1000)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.AlterModelOptions(
            name='evidencesource',
            options={'ordering': ('title', 'id'), 'permissions': (('operate_sources', 'Can add, change and pause evidence sources'),)},
        ),
        migrations.AlterModelOptions(
            name='forecaster',
            options={'ordering': ('name', 'id')},
        ),
        migrations.AlterModelOptions(
            name='predictiongroup',
            options={'ordering': ('title', 'id')},
        ),
        migrations.AlterModelOptions(
            name='topic',
            options={'ordering': ('name', 'id')},
        ),
        migrations.AddIndex(
            model_name='evidencesource',
            index=models.Index(fields=['title', 'id'], name='forecasts_e_title_31e4f2_idx'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['review', '-reading_order', 'found_at', 'id'], name='finding_to_review'),
        ),
        migrations.AddIndex(
            model_name='forecaster',
            index=models.Index(fields=['name', 'id'], name='forecasts_f_name_1c4f9c_idx'),
        ),
        migrations.AddIndex(
            model_name='predictiongroup',
            index=models.Index(fields=['title', 'id'], name='forecasts_p_title_07fdc1_idx'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['status', 'proposed_at', 'id'], name='proposal_by_status'),
        ),
        migrations.AddIndex(
            model_name='topic',
            index=models.Index(fields=['name', 'id'], name='forecasts_t_name_06e652_idx'),
        ),
        migrations.AddField(
            model_name='savedfilter',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('user', 'noun', 'name'), name='saved_filter_once'),
        ),
    ]
