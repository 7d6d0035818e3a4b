"""Indexes in the order of the desk's lists and piles: names of reference nouns, proposals and evidence that wait."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0011_home_counts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
    ]
