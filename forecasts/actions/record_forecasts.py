"""Record many forecasts at once: all of them or none, under one ledger entry with the root over its rows."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from forecasts.errors import TooLarge
from forecasts.ledger import contents, merkle
from forecasts.ledger.append import By, append
from forecasts.ledger.canonical import plain
from forecasts.models import EntryKind, Forecast, ImportRun, Prediction

from .base import action, person, require
from .bulk import insert_rows
from .forecast_rows import check_rows, named
from .forecasting import start_clock
from .made import count_said

MOST = 10_000
TIMES = ("issued_at", "recorded_at", "stands_from")
COLUMNS = (
    "prediction_id",
    "forecaster_id",
    *TIMES,
    "tick",
    "values",
    "basis",
    "wording",
    "wording_table",
    "article_id",
    "quote",
    "quote_start",
    "quote_end",
    "provenance",
    "external_id",
    "rationale",
    "import_run_id",
    "row_index",
)


@dataclass(frozen=True)
class Recorded:
    """`run` is None where every row was here already."""

    run: ImportRun | None
    recorded: int
    unchanged: int


@action
def record_forecasts(*, rows: Sequence[object], source: str, at: dt.datetime, by: By) -> Recorded:
    """Record `rows` (`forecast_rows.FIELDS`), 10,000 at most. One that its forecaster recorded before under the same
    `external_id`, saying the same, is left out, so that a request may be repeated.

    Raises Refused with every problem of every row, TooLarge.
    """
    require(by, "keep_predictions", "record forecasts")
    if len(rows) > MOST:
        raise TooLarge("body", f"{len(rows)} forecasts", f"send at most {MOST} at once")
    checked = check_rows(rows, _locked(named(rows, "prediction")), at)
    if not checked.new:
        return Recorded(None, 0, checked.unchanged)
    leaves = list(map(_leaf, checked.new))
    root = merkle.root(leaves)
    run = ImportRun.objects.create(
        source=source,
        sha256=hashlib.sha256(b"\n".join(leaves)).hexdigest(),
        rows=len(leaves),
        new=len(leaves),
        unchanged=checked.unchanged,
        root=root,
        at=at,
        by=person(by),
    )
    insert_rows(Forecast, COLUMNS, _values(checked.new, run))
    predictions = {row.prediction for row in checked.new}
    for prediction in predictions:
        start_clock(prediction)
    count_said(Q(import_run=run), [row.pk for row in predictions])
    content = {"source": source, "recorded_rows": {"root": root, "forecasts": len(leaves)}}
    append(EntryKind.FORECASTS_RECORDED, subject=f"import:{run.pk}", content=content, at=at, by=by)
    return Recorded(run, len(leaves), checked.unchanged)


def _locked(slugs: set[str]) -> dict[str, Prediction]:
    """By slug, held in one order, so that two requests never wait for each other."""
    rows = Prediction.objects.select_related("current_resolution").select_for_update(of=("self",), no_key=True)
    return {row.slug: row for row in rows.filter(slug__in=slugs).order_by("pk")}


def _leaf(row: Forecast) -> bytes:
    """What `canonical` gives, in a tenth of its time: all keys and numbers are plain text here."""
    leaf = plain(contents.recorded_forecast(row))
    return json.dumps(leaf, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _values(rows: Sequence[Forecast], run: ImportRun) -> Iterator[list[object]]:
    adapted = connection.ops.adapt_datetimefield_value
    for index, row in enumerate(rows):
        row.import_run_id, row.row_index = run.pk, index
        values = [getattr(row, name) for name in COLUMNS]
        for name in TIMES:
            place = COLUMNS.index(name)
            values[place] = adapted(values[place])
        values[COLUMNS.index("values")] = None if row.values is None else json.dumps(row.values)
        yield values
