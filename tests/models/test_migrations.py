"""What the migrations leave behind: no model without one, the triggers, the first rows, and least rights."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection

from forecasts.models import Cursor, CursorName, LedgerHead

pytestmark = pytest.mark.django_db

VIEWS = {
    "view_article",
    "view_calibrationcell",
    "view_check",
    "view_criteriaversion",
    "view_dispute",
    "view_evidencesource",
    "view_finding",
    "view_followerfailure",
    "view_forecast",
    "view_forecaster",
    "view_importrun",
    "view_ledgerentry",
    "view_milestone",
    "view_prediction",
    "view_predictiongroup",
    "view_proposal",
    "view_resolution",
    "view_score",
    "view_snapshot",
    "view_topic",
    "view_watch",
}
RIGHTS = {
    "Editors": {"keep_predictions", "propose_resolutions"},
    "Approvers": {"resolve_predictions"},
    "Operators": {"operate_sources", "operate_webhooks", "operate_keys", "view_webhook", "view_delivery"},
}


def test_no_model_waits_for_a_migration() -> None:
    said = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert "No changes detected" in said.getvalue()


def test_the_triggers_are_there_after_the_last_migration() -> None:
    tables = ("forecast", "criteriaversion", "resolution", "ledgerentry", "article")
    expected = {f"forecasts_{table}_{name}" for table in tables for name in ("keeps", "fixed")}
    if connection.vendor == "postgresql":
        expected |= {f"forecasts_{table}_whole" for table in tables}
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'forecasts_%'"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert {name for (name,) in cursor.fetchall()} == expected


def test_the_first_rows_are_there() -> None:
    assert list(LedgerHead.objects.values_list("id", "size", "digest")) == [(1, 0, "0" * 64)]
    assert set(Cursor.objects.values_list("name", "seq")) == {(name.value, 0) for name in CursorName}


def test_the_groups_have_exactly_the_rights_listed() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(RIGHTS)
    for name, rights in RIGHTS.items():
        given = Permission.objects.filter(group__name=name)
        assert set(given.values_list("codename", flat=True)) == rights | VIEWS
        assert set(given.values_list("content_type__app_label", flat=True)) == {"forecasts"}
