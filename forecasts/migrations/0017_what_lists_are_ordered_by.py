"""When the outcome was known and last corrected, beside each prediction: lists are ordered by them."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def copied(apps, schema_editor):
    current = apps.get_model("forecasts", "Resolution").objects.filter(pk=OuterRef("current_resolution")).order_by()
    settled = apps.get_model("forecasts", "Prediction").objects.filter(current_resolution__isnull=False)
    settled.update(
        known_at=Subquery(current.values("known_at")),
        corrected_at=Subquery(current.filter(supersedes__isnull=False).values("resolved_at")),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0016_forecasts_by_forecaster'),
    ]

    operations = [
        migrations.AddField(
            model_name='prediction',
            name='corrected_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='prediction',
            name='known_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(copied, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='prediction',
            index=models.Index(condition=models.Q(('known_at__isnull', False)), fields=['known_at', 'published_at', 'id'], name='prediction_by_knowledge'),
        ),
        migrations.AddIndex(
            model_name='prediction',
            index=models.Index(condition=models.Q(('corrected_at__isnull', False)), fields=['corrected_at', 'id'], name='prediction_corrected'),
        ),
        migrations.AddIndex(
            model_name='prediction',
            index=models.Index(fields=['id'], include=('status', 'resolves_by', 'latest_deadline', 'due_at', 'published_at', 'known_at', 'corrected_at'), name='prediction_listed'),
        ),
        migrations.RemoveIndex(
            model_name='resolution',
            name='resolution_by_known',
        ),
        migrations.RemoveIndex(
            model_name='resolution',
            name='resolution_correcting',
        ),
    ]
