"""Findings by ranking, articles behind items, assessments and what they cost; pages seen twice; words counted."""

import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


def found_by(apps, _schema_editor):
    """Until now by watch groups, a series or an editor, which their reasons tell apart."""
    findings = apps.get_model("forecasts", "Finding").objects
    findings.filter(why="a new value of the series that decides").update(found_by="series")
    findings.filter(source=None).update(found_by="editor")


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0005_sources_of_every_kind'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertThreshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(help_text='The ranking whose scores it cuts.', max_length=40)),
                ('threshold', models.FloatField()),
                ('reviewed', models.PositiveIntegerField(help_text='Ranked findings that editors had accepted or dismissed.')),
                ('accepted', models.PositiveIntegerField()),
                ('fitted_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-fitted_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessor', models.CharField(help_text='Its name and version.', max_length=100)),
                ('cache_key', models.CharField(help_text='SHA-256 of all that it depends on.', max_length=64)),
                ('at', models.DateTimeField()),
                ('relation', models.CharField(choices=[('confirms', 'Confirms'), ('refutes', 'Refutes'), ('partial', 'confirms in part'), ('related', 'Related'), ('unrelated', 'Unrelated'), ('cannot_tell', 'cannot tell')], max_length=12)),
                ('claimed', models.CharField(blank=True, help_text='What the assessor said itself.', max_length=12)),
                ('overruled', models.CharField(blank=True, help_text='The rule by which that was not believed.', max_length=20)),
                ('event_date', models.DateField(null=True)),
                ('quotes', models.JSONField(default=list, help_text='Each: text, start and end in the item.')),
                ('unmet', models.JSONField(default=list)),
                ('annul_reason', models.TextField(blank=True)),
                ('confidence', models.FloatField(help_text="0 to 1, the assessor's own word.")),
                ('why', models.TextField(blank=True)),
                ('model', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'ordering': ('-at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='AssessorCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessor', models.CharField(max_length=100)),
                ('begun_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('cost_micros', models.PositiveBigIntegerField()),
                ('prompt_tokens', models.PositiveIntegerField(default=0)),
                ('completion_tokens', models.PositiveIntegerField(default=0)),
                ('estimated', models.BooleanField(default=True)),
                ('error_code', models.CharField(blank=True, max_length=40)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('-begun_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='AssessorState',
            fields=[
                ('assessor', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('state', models.CharField(default='closed', max_length=10)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('trips', models.PositiveIntegerField(default=0)),
                ('until', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LinkedArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=260)),
                ('next_try_at', models.DateTimeField(help_text='Empty when it is done with.', null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('lease_id', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('error_code', models.CharField(blank=True, max_length=40)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('next_try_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='WordCount',
            fields=[
                ('term', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('items', models.FloatField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='check',
            name='check_status_known',
        ),
        migrations.RemoveConstraint(
            model_name='check',
            name='check_failure_has_code',
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='follow_links',
            field=models.BooleanField(default=False, help_text='Read the article behind an item that matches, too, and quote from it.'),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='forecaster',
            field=models.ForeignKey(blank=True, help_text='Of a market: whose forecasts its prices are, on the predictions watched over it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forecasts.forecaster'),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='is_primary',
            field=models.BooleanField(default=False, help_text='Where the event itself is announced: a court, an agency, the maker.', verbose_name='primary source'),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='last_new_at',
            field=models.DateTimeField(editable=False, help_text='When it last said something new.', null=True),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='moved_count',
            field=models.PositiveIntegerField(default=0, editable=False, help_text='Checks in a row that were sent there for good.'),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='moved_to',
            field=models.URLField(blank=True, editable=False, max_length=2048),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='search_all',
            field=models.BooleanField(default=True, help_text='Also place what appears here under predictions that nobody watches over this source.', verbose_name='look for every prediction'),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='seen_once',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forecasts.snapshot'),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='usual_gap',
            field=models.PositiveIntegerField(editable=False, help_text='Seconds between news, smoothed; empty until it was seen twice.', null=True),
        ),
        migrations.AddField(
            model_name='evidencesource',
            name='weight',
            field=models.DecimalField(decimal_places=2, default=1, help_text='Multiplies the odds that an item is shown: above 1 for a trusted source, below for a doubtful one.', max_digits=4, verbose_name='trust'),
        ),
        migrations.AddField(
            model_name='finding',
            name='behind',
            field=models.ForeignKey(blank=True, help_text='Of an article: the item that led to it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='forecasts.finding'),
        ),
        migrations.AddField(
            model_name='finding',
            name='found_by',
            field=models.CharField(choices=[('watch', 'watch groups'), ('ranking', 'ranking'), ('series', 'a value of a series'), ('link', 'the article behind an item'), ('editor', 'an editor')], default='watch', max_length=10),
        ),
        migrations.AddField(
            model_name='finding',
            name='item_end',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='finding',
            name='item_start',
            field=models.PositiveIntegerField(help_text="Where the whole item begins in the snapshot's text.", null=True),
        ),
        migrations.AddField(
            model_name='finding',
            name='reading_order',
            field=models.PositiveIntegerField(default=500, help_text='0 to 1000; more is read sooner.'),
        ),
        migrations.AddField(
            model_name='finding',
            name='same_story_as',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retellings', to='forecasts.finding'),
        ),
        migrations.AddField(
            model_name='finding',
            name='warnings',
            field=models.JSONField(blank=True, default=list, help_text='What to beware of, as sentences.'),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='fault',
            field=models.CharField(blank=True, editable=False, help_text='What was wrong with them then; empty when nothing was.', max_length=200),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='verified_at',
            field=models.DateTimeField(editable=False, help_text='When the bytes were last read again and hashed.', null=True),
        ),
        migrations.AddField(
            model_name='watch',
            name='changed_at',
            field=models.DateTimeField(editable=False, help_text='When its words last changed; what its source shows is then read anew.', null=True),
        ),
        migrations.AlterField(
            model_name='check',
            name='status',
            field=models.CharField(choices=[('ok', 'Ok'), ('unchanged', 'Unchanged'), ('seen_once', 'changed, to be seen again'), ('failed', 'Failed'), ('refused', 'Refused')], max_length=10),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='sha256',
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['ok', 'unchanged', 'seen_once', 'failed', 'refused'])), name='check_status_known'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('ok', 'unchanged', 'seen_once')), models.Q(('error_code', ''), _negated=True), _connector='OR'), name='check_failure_has_code'),
        ),
        migrations.AddConstraint(
            model_name='evidencesource',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', Decimal('0.1')), ('weight__lte', 10)), name='source_weight_range'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('found_by__in', ['watch', 'ranking', 'series', 'link', 'editor'])), name='finding_found_by_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('item_end__isnull', True), ('item_start__isnull', True)), models.Q(('item_start__lte', models.F('quote_start')), ('quote_end__lte', models.F('item_end'))), _connector='OR'), name='finding_quote_in_item'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('reading_order__lte', 1000)), name='finding_reading_order_range'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(fields=('sha256', 'text_sha256'), name='snapshot_once'),
        ),
        migrations.AddConstraint(
            model_name='alertthreshold',
            constraint=models.CheckConstraint(condition=models.Q(('threshold__gte', 0), ('threshold__lte', 1)), name='threshold_range'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='forecasts.finding'),
        ),
        migrations.AddField(
            model_name='assessorcall',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessor_calls', to='forecasts.finding'),
        ),
        migrations.AddField(
            model_name='linkedarticle',
            name='finding',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='linked_article', to='forecasts.finding'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['cache_key'], name='forecasts_a_cache_k_bd5e3d_idx'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('finding', 'cache_key'), name='assessment_once'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('relation__in', ['confirms', 'refutes', 'partial', 'related', 'unrelated', 'cannot_tell'])), name='assessment_relation_known'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__gte', 0), ('confidence__lte', 1)), name='assessment_confidence_range'),
        ),
        migrations.AddIndex(
            model_name='assessorcall',
            index=models.Index(fields=['assessor', 'begun_at'], name='forecasts_a_assesso_93913b_idx'),
        ),
        migrations.AddIndex(
            model_name='linkedarticle',
            index=models.Index(fields=['next_try_at'], name='forecasts_l_next_tr_270b1d_idx'),
        ),
        migrations.RunPython(found_by, migrations.RunPython.noop),
    ]
