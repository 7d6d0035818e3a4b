"""What the schema alone cannot say: append-only tables, the head of the ledger, the groups and their rights.

SQLite drops a table's triggers when Django rebuilds the table: a later migration that alters one of these tables on
SQLite must end with `guard` again. A test counts the triggers after the last migration.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

APPEND_ONLY = ("forecasts_forecast", "forecasts_criteriaversion", "forecasts_resolution")
FIXED = {
    "forecasts_ledgerentry": ("seq", "kind", "at", "actor", "subject", "content_sha256", "prev", "digest"),
    "forecasts_article": ("text", "text_sha256"),
}
ERASABLE = {"forecasts_ledgerentry": ("content", "salt")}
KEPT = (*APPEND_ONLY, *FIXED)

RIGHTS = {
    "Editors": ("keep_predictions", "propose_resolutions"),
    "Approvers": ("resolve_predictions",),
    "Operators": ("operate_sources",),
}
VIEWED = (
    "article milestone topic forecaster predictiongroup prediction criteriaversion forecast evidencesource watch check "
    "snapshot finding proposal resolution score calibrationcell dispute ledgerentry importrun followerfailure"
).split()


def sqlite_statements():
    def trigger(table, name, event, when):
        condition = f" WHEN {when}" if when else ""
        return (
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW{condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )

    for table in KEPT:
        yield trigger(table, "keeps", "DELETE", "")
    for table in APPEND_ONLY:
        yield trigger(table, "fixed", "UPDATE", "")
    for table, columns in FIXED.items():
        yield trigger(table, "fixed", "UPDATE", changed(table, columns, "IS NOT"))


def changed(table, columns, differs):
    parts = [f"NEW.{column} {differs} OLD.{column}" for column in columns]
    parts += [
        f"(NEW.{column} IS NOT NULL AND NEW.{column} {differs} OLD.{column})" for column in ERASABLE.get(table, ())
    ]
    return " OR ".join(parts)


def postgresql_statements():
    yield (
        "CREATE FUNCTION forecasts_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$"
    )

    def trigger(table, name, event, when="", each="ROW"):
        condition = f" WHEN ({when})" if when else ""
        return (
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each}{condition} "
            "EXECUTE FUNCTION forecasts_refuse()"
        )

    for table in KEPT:
        yield trigger(table, "keeps", "DELETE")
        yield trigger(table, "whole", "TRUNCATE", each="STATEMENT")
    for table in APPEND_ONLY:
        yield trigger(table, "fixed", "UPDATE")
    for table, columns in FIXED.items():
        yield trigger(table, "fixed", "UPDATE", changed(table, columns, "IS DISTINCT FROM"))


def guard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[vendor]
    for statement in statements():
        schema_editor.execute(statement, params=None)  # a % in it is a %


def unguard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in KEPT:
        for name in ("keeps", "fixed", "whole"):
            on_table = f" ON {table}" if vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS forecasts_refuse()")


def first_rows(apps, schema_editor):
    apps.get_model("forecasts", "LedgerHead").objects.create(id=1, size=0, digest="0" * 64)
    for name in ("scoring", "assessing"):
        apps.get_model("forecasts", "Cursor").objects.create(name=name, seq=0)


def groups(apps, schema_editor):
    config = apps.get_app_config("forecasts")
    config.models_module = True  # rights are otherwise made only after the last migration
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="forecasts")
    seen = permission.filter(codename__in=[f"view_{name}" for name in VIEWED])
    for name, rights in RIGHTS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set([*seen, *permission.filter(codename__in=rights)])


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(first_rows, migrations.RunPython.noop),
        migrations.RunPython(groups, migrations.RunPython.noop),
    ]
