"""The fast lane for very many plain forecasts: checked by columns, copied as text, their leaves from one template.

Only rows about which nothing is to be said go this way: new ones, in time, of yes or no, on predictions and by
forecasters that are here. All others go one by one (`import_plan`), where each gets its answer.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db import connection

from forecasts.ledger.canonical import instant
from forecasts.models import Basis, Forecast, ForecasterKind, ImportRun, Prediction, PredictionKind, Track
from forecasts.queries.own_rows import OWN, moment_text
from forecasts.scoring.rules import TICKS

from .bulk import copy_text, insert_rows
from .import_lookup import Lookup
from .imported import Block

AT_ONCE = 5000
LONGEST_ID = 200
YEAR_1000 = "1000"  # before it, times are spelt otherwise in the ledger
NOBODY, NOTHING = 0, (0, "")
Progress = Callable[[Sequence[Any]], Iterable[Any]]
BASES = {basis.value for basis in Basis} - {Basis.IMPLIED.value}
COLUMNS = (
    "prediction_id",
    "forecaster_id",
    "issued_at",
    "recorded_at",
    "stands_from",
    "tick",
    "basis",
    "wording",
    "wording_table",
    "quote",
    "provenance",
    "external_id",
    "rationale",
    "import_run_id",
    "row_index",
)
Line = tuple[int, int, int, str, int, str, str]
"""Row in the file, prediction, forecaster, issued at as the ledger spells it, tick, basis, external id."""


@dataclass(frozen=True)
class Admitted:
    """`lines` can be inserted as they are, in the order of the file; `others` are places in the block."""

    lines: list[Line]
    others: list[int]
    predictions: list[Prediction]
    at: dt.datetime


def admit(block: Block, lookup: Lookup, at: dt.datetime, progress: Progress = iter) -> Admitted:
    """Part the rows of `block` into those that are plainly new and right, and the others."""
    limits = {key: (row.pk, _limit(row, at)) for key, row in lookup.predictions.items()}
    people = {slug: row.pk for slug, row in lookup.forecasters.items() if not ForecasterKind(row.kind).is_derived}
    whose = [people.get(slug, NOBODY) for slug in block.forecasters]
    issued = list(map(moment_text, block.issued_at))
    stored = _stored(whose, block.external_ids)
    lines, others = [], []
    columns = list(zip(block.predictions, whose, issued, block.ticks, block.basis, block.external_ids, strict=True))
    for place, (key, who, moment, tick, basis, external_id) in enumerate(progress(columns)):
        prediction, limit = limits.get(key, NOTHING)
        named = (who, external_id)
        is_said = 0 <= tick <= TICKS and basis in BASES and _is_plain(external_id)
        if who and is_said and YEAR_1000 <= moment < limit and named not in stored:
            stored.add(named)
            lines.append((block.rows[place], prediction, who, moment, tick, basis, external_id))
        else:
            others.append(place)
    taken = set(map(itemgetter(1), lines))
    return Admitted(lines, others, [row for row in lookup.predictions.values() if row.pk in taken], at)


def _limit(row: Prediction, at: dt.datetime) -> str:
    """Forecasts issued before it count; none of a prediction that is not of yes or no."""
    if row.kind != PredictionKind.BINARY:
        return ""
    known_at = row.current_resolution.known_at if row.current_resolution else None
    return instant(min(filter(None, (row.closes_at, known_at, at))))


def _is_plain(text: str) -> bool:
    """Spelt alike in JSON, in COPY and in a column, where nothing of it is escaped; and no key that this desk made."""
    is_simple = text.isascii() and text.isprintable() and '"' not in text and "\\" not in text
    return is_simple and 0 < len(text.strip()) <= len(text) <= LONGEST_ID and not text.startswith(OWN)


def _stored(whose: Sequence[int], external_ids: Sequence[str]) -> set[tuple[int, str]]:
    """Those of the keys that are here."""
    by_forecaster: dict[int, list[str]] = {}
    for who, external_id in zip(whose, external_ids, strict=True):
        by_forecaster.setdefault(who, []).append(external_id)
    found: set[tuple[int, str]] = set()
    for who, ids in by_forecaster.items():
        theirs = Forecast.objects.filter(forecaster=who, external_id__isnull=False)
        if who and theirs.exists():
            for start in range(0, len(ids), AT_ONCE):
                here = theirs.filter(external_id__in=ids[start : start + AT_ONCE]).values_list("external_id", flat=True)
                found.update((who, str(external_id)) for external_id in here)
    return found


def leaves(admitted: Admitted) -> Iterator[bytes]:
    """The leaf of each line: what `canonical(contents.imported_forecast(row))` is, which a test proves."""
    recorded = instant(admitted.at)
    for _, prediction, who, moment, tick, basis, external_id in admitted.lines:
        yield (
            f'{{"basis":"{basis}","external_id":"{external_id}","forecaster":"{who}","issued_at":"{moment}",'
            f'"prediction":"{prediction}","provenance":"imported","rationale":"","recorded_at":"{recorded}",'
            f'"stands_from":"{recorded}","tick":"{tick}","values":null,"wording":"","wording_table":""}}'
        ).encode()


def insert_block(admitted: Admitted, run: ImportRun) -> None:
    """Insert the lines, numbered from 0."""
    if connection.vendor == "postgresql":
        copy_text(Forecast, COLUMNS, _text(admitted, run))
    else:
        insert_rows(Forecast, COLUMNS, _values(admitted, run))


def _text(admitted: Admitted, run: ImportRun) -> Iterator[str]:
    recorded = instant(admitted.at)
    for index, (_, prediction, who, moment, tick, basis, external_id) in enumerate(admitted.lines):
        yield (
            f"{prediction}\t{who}\t{moment}\t{recorded}\t{recorded}\t{tick}\t{basis}\t\t\t\t{Track.IMPORTED}\t"
            f"{external_id}\t\t{run.pk}\t{index}\n"
        )


def _values(admitted: Admitted, run: ImportRun) -> Iterator[tuple[object, ...]]:
    recorded = _sqlite(instant(admitted.at))
    for index, (_, prediction, who, moment, tick, basis, external_id) in enumerate(admitted.lines):
        times = (_sqlite(moment), recorded, recorded)
        texts = ("", "", "", str(Track.IMPORTED), external_id, "")
        yield (prediction, who, *times, tick, basis, *texts, run.pk, index)


def _sqlite(moment: str) -> str:
    """A time as Django writes it into SQLite, which compares it as text."""
    text = moment.removesuffix("Z").replace("T", " ")
    return text.removesuffix(".000000")
