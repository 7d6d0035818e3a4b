"""Sources of every kind, one request at a time to each host, and data series with their first prints."""

from urllib.parse import urlsplit

import django.db.models.deletion
from django.db import migrations, models


def hosts(apps, _schema_editor):
    """As models.HostGate.of reads them."""
    for source in apps.get_model("forecasts", "EvidenceSource").objects.all():
        parts = urlsplit(source.url)
        standard = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
        source.host = parts.netloc.rpartition("@")[2].lower().removesuffix(standard)[:260]
        source.save(update_fields=["host"])


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0004_derived_forecasters'),
    ]

    operations = [
        migrations.CreateModel(
            name='HostGate',
            fields=[
                ('host', models.CharField(max_length=260, primary_key=True, serialize=False)),
                ('free_at', models.DateTimeField(help_text='Not before this may it be asked again.')),
                ('lease_id', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RobotsFile',
            fields=[
                ('origin', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('text', models.TextField(blank=True)),
                ('fetched_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SeriesPrint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=40)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('value', models.CharField(help_text='A decimal, as exact as it was printed.', max_length=60)),
                ('first_seen_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('source', 'start', 'first_seen_at'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='evidencesource',
            name='source_kind_known',
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='host',
            field=models.CharField(default='', editable=False, max_length=260),
        ),
        migrations.AddField(
            model_name='finding',
            name='dated_by',
            field=models.CharField(default='none', help_text='Where the date of publication was read.', max_length=10),
        ),
        migrations.AddField(
            model_name='watch',
            name='rule',
            field=models.JSONField(blank=True, default=dict, help_text='Over a data series: what its values must do for yes.'),
        ),
        migrations.AlterField(
            model_name='evidencesource',
            name='kind',
            field=models.CharField(choices=[('feed', 'news feed'), ('page', 'web page'), ('sitemap', 'news sitemap'), ('data_series', 'data series'), ('market', 'market')], default='feed', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='evidencesource',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['feed', 'page', 'sitemap', 'data_series', 'market'])), name='source_kind_known'),
        ),
        migrations.AddField(
            model_name='seriesprint',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='forecasts.snapshot'),
        ),
        migrations.AddField(
            model_name='seriesprint',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='forecasts.evidencesource'),
        ),
        migrations.AddConstraint(
            model_name='seriesprint',
            constraint=models.UniqueConstraint(fields=('source', 'label', 'first_seen_at'), name='series_print_once'),
        ),
        migrations.AddConstraint(
            model_name='seriesprint',
            constraint=models.CheckConstraint(condition=models.Q(('start__lte', models.F('end'))), name='series_print_period_in_order'),
        ),
        migrations.AlterField(
            model_name='watch',
            name='groups',
            field=models.JSONField(blank=True, default=list, help_text='A list of groups; an item must match a term of every group.'),
        ),
        migrations.RunPython(hosts, migrations.RunPython.noop),
    ]
