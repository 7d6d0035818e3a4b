"""The tick table beside what was computed from it, which answers then need not sum anew. Old rows get theirs in time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0012_made_counts")]

    operations = [
        migrations.AddField(
            model_name="storedstatistic",
            name="tick_table",
            field=models.BinaryField(null=True, help_text="The table itself, packed, where cells hold its sums."),
        ),
    ]
