"""A large file of forecasts in, and everything out, beside what the database does by itself.

COPY of PostgreSQL is the yardstick; on SQLite it is the insertion of the same rows.
"""

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from forecasts.actions import apply_import
from forecasts.actions.import_block import admit, insert_block
from forecasts.actions.import_lookup import Lookup
from forecasts.exports.own import csv_pieces, ndjson_pieces
from forecasts.imports.own import parse
from forecasts.models import Forecast, ImportRun, Prediction, PredictionStatus

from .measure import rate, row

FORECASTS = 100_000
HEADER = "prediction,forecaster,issued_at,value,external_id"
MICROSECOND = dt.timedelta(microseconds=1)
OWN_COLUMNS = """SELECT p.external_id, p.slug, w.slug, issued_at, tick, "values", f.external_id, basis, wording,
        wording_table, f.rationale FROM forecasts_forecast f JOIN forecasts_prediction p ON p.id = f.prediction_id
    JOIN forecasts_forecaster w ON w.id = f.forecaster_id WHERE p.published_at IS NOT NULL ORDER BY p.id, f.id"""


def run() -> None:
    data = _file()
    bulk = parse({"many.csv": data})
    admitted = admit(bulk.block, Lookup(bulk), timezone.now())
    run = ImportRun.objects.create(source="the yardstick", sha256="0" * 64, rows=0, at=timezone.now())

    def ours() -> None:
        applied = apply_import(bulk=parse({"many.csv": data}), at=timezone.now(), by="benchmark:import")
        assert applied.plan.states["new"] == FORECASTS

    copy = "COPY of the same rows" if connection.vendor == "postgresql" else "inserting the same rows"
    name = f"import of {FORECASTS:,} forecasts, validated, with ledger"
    rate(FORECASTS, "forecasts", row(name, undone(ours), copy, undone(lambda: insert_block(admitted, run)), runs=3))
    ours()
    stored = f"{Forecast.objects.count():,} forecasts"
    copied = "COPY of the same columns" if connection.vendor == "postgresql" else "reading them"
    row(f"export of {stored}, CSV", lambda: sum(map(len, csv_pieces())), copied, copy_out, runs=3)
    row(f"export of {stored}, NDJSON", lambda: sum(map(len, ndjson_pieces())), copied, copy_out, runs=3)


def _file() -> bytes:
    """Forecasts on open predictions, each a microsecond behind the one before it."""
    rows = Prediction.objects.filter(status=PredictionStatus.OPEN)
    keys = [f"reckoner:{slug}" for slug in rows.values_list("slug", flat=True)]
    start = timezone.now() - FORECASTS * MICROSECOND
    lines = (
        f"{keys[n % len(keys)]},bench-{n % 100},{(start + n * MICROSECOND).isoformat()},{n % 10_001 / 10_000},many-{n}"
        for n in range(FORECASTS)
    )
    return "\n".join((HEADER, *lines)).encode()


def undone(job: Callable[[], object]) -> Callable[[], None]:
    """Everything is checked as at a commit, and then rolled back, so that each run begins where the first did."""

    def run() -> None:
        with transaction.atomic():
            job()
            if connection.vendor == "postgresql":
                connection.check_constraints()
            transaction.set_rollback(True)

    return run


def copy_out(select: str = OWN_COLUMNS) -> None:
    """What the database itself makes of a query, as CSV, into nothing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv)") as copy:
                assert sum(map(len, copy))
        else:
            cursor.execute(select)
            assert cursor.fetchall()
