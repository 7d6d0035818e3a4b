"""What somebody has said, on which predictions: from an index alone, in place of two that others lead."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

guards = import_module("forecasts.migrations.0002_guards")


def guard_again(apps, schema_editor):
    """SQLite rebuilt the table, and lost its triggers with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        guards.unguard(apps, schema_editor)
        guards.guard(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0015_unsettled_sums_by_scope'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),  # the last on the way back
        migrations.AlterField(
            model_name='forecast',
            name='forecaster',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='forecasts', to='forecasts.forecaster'),
        ),
        migrations.AlterField(
            model_name='forecast',
            name='prediction',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='forecasts', to='forecasts.prediction'),
        ),
        migrations.AddIndex(
            model_name='forecast',
            index=models.Index(fields=['forecaster', 'prediction'], name='forecast_by_forecaster'),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
