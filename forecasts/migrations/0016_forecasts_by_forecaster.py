"""What somebody has said, on which predictions: from an index alone, in place of two that others lead."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0015_unsettled_sums_by_scope'),
    ]

    operations = [
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
    ]
