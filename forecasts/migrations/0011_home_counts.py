"""An index for the last statistic, which every page asks for to know whether anything has changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0010_api_keys")]

    operations = [
        migrations.AlterField(
            model_name="storedstatistic",
            name="computed_at",
            field=models.DateTimeField(db_index=True, null=True),
        ),
    ]
