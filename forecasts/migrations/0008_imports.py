"""Imports that are repeated: natural keys, counts, and which run brought a prediction or an outcome."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def came_with(apps, _schema_editor):
    """The runs so far brought whole predictions; which one is read from their forecasts."""
    forecasts = apps.get_model("forecasts", "Forecast").objects
    predictions = apps.get_model("forecasts", "Prediction").objects
    for run in apps.get_model("forecasts", "ImportRun").objects.order_by("-pk"):
        brought = forecasts.filter(import_run=run).values("prediction")
        predictions.filter(pk__in=brought).update(import_run=run)


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0007_desk_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='importrun',
            name='conflicting',
            field=models.PositiveIntegerField(default=0, help_text='Of the file, what is here with other content.'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='format',
            field=models.CharField(blank=True, help_text='Name of the parser.', max_length=40),
        ),
        migrations.AddField(
            model_name='importrun',
            name='new',
            field=models.PositiveIntegerField(default=0, help_text='Forecasters, predictions, forecasts, outcomes.'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='refused',
            field=models.PositiveIntegerField(default=0, help_text='Of the file, what cannot be taken.'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='unchanged',
            field=models.PositiveIntegerField(default=0, help_text='Of the file, what was here already.'),
        ),
        migrations.AddField(
            model_name='prediction',
            name='external_id',
            field=models.CharField(blank=True, editable=False, help_text='FORMAT:ID, of what was imported.', max_length=200, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='prediction',
            name='import_run',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predictions', to='forecasts.importrun'),
        ),
        migrations.AddField(
            model_name='resolution',
            name='import_run',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='forecasts.importrun'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='root',
            field=models.CharField(help_text='RFC 9162 root over its rows.', max_length=64),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='rows',
            field=models.PositiveIntegerField(help_text='Forecasts that it brought.', verbose_name='forecasts'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='sha256',
            field=models.CharField(db_index=True, help_text='Digest of the file.', max_length=64),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='skipped',
            field=models.JSONField(default=dict, help_text='What would be accepted, to number of rows left out.'),
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveIntegerField(help_text='Bytes.')),
                ('packed', models.BinaryField(help_text='The bytes, compressed by zlib.')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RunPython(came_with, migrations.RunPython.noop),
    ]
