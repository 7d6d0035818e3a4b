"""Recomputing the whole chain, and holding today's rows against what was said of them."""

import json
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Concat

from forecasts.errors import LedgerBroken
from forecasts.models import (
    CriteriaVersion,
    EntryKind,
    Forecast,
    ImportRun,
    LedgerEntry,
    LedgerHead,
    Resolution,
)

from . import contents, merkle
from .canonical import canonical, content_digest, entry_digest
from .current import check_predictions

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

BATCH = 2000
GENESIS = "0" * 64
FIRST_TREE, TREE = "1", "2"  # formats of an import's tree; the first said no number
SALT = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Verified:
    """A ledger that holds: its size and last digest, and how many entries had their content erased."""

    size: int
    digest: str
    erased: int
    rows: int


def verify() -> Verified:
    """Check every entry in order; raises LedgerBroken with the seq of the first break."""
    prev, seq, erased, rows = GENESIS, 0, 0, _Rows()
    with _all(LedgerEntry.objects.order_by("seq")) as entries:
        for entry in entries:
            seq += 1
            _check_chain(entry, seq, prev)
            prev = entry.digest
            erased += entry.content is None
            rows.hold(entry)
    _check_head(seq, prev)
    rows.all_told(seq)
    predictions = check_predictions(seq)
    return Verified(size=seq, digest=prev, erased=erased, rows=rows.count + predictions)


def _all(rows: QuerySet[M, Row]) -> "closing[Generator[Row]]":
    """Every row, a batch at a time. A cursor left open by a break would be closed by the garbage collector, inside
    whatever this connection is doing then.
    """
    return closing(rows.iterator(chunk_size=BATCH))  # type: ignore[arg-type]  # it is a generator


def _check_chain(entry: LedgerEntry, seq: int, prev: str) -> None:
    if entry.seq != seq:
        raise LedgerBroken(seq, f"it is missing; the next one found is {entry.seq}")
    if entry.prev != prev:
        raise LedgerBroken(seq, "its previous digest is not the digest of the entry before it")
    expected = entry_digest(
        seq=entry.seq,
        kind=entry.kind,
        at=entry.at,
        actor=entry.actor,
        subject=entry.subject,
        content_sha256=entry.content_sha256,
        prev=entry.prev,
    )
    if entry.digest != expected:
        raise LedgerBroken(seq, "its digest does not follow from its header")
    if entry.content is None or entry.salt is None:
        return
    if not SALT.fullmatch(entry.salt) or content_digest(entry.salt, entry.content.encode()) != entry.content_sha256:
        raise LedgerBroken(seq, "its content is not the content that was hashed")


def _check_head(size: int, digest: str) -> None:
    head = LedgerHead.objects.filter(id=1).first()
    if head is None:
        raise LedgerBroken(size, "the head, which counts the entries, is gone")
    if head.size > size:
        raise LedgerBroken(size + 1, f"it is missing; the head counts {head.size} entries")
    if (head.size, head.digest) != (size, digest):
        raise LedgerBroken(size, "the head names another last entry")


class _Rows:
    """Compares append-only rows with their entries, and finds rows of which no entry speaks."""

    def __init__(self) -> None:
        self.count = 0
        self.told: set[str] = set()
        self.erased: set[str] = set()
        self.first_runs: set[int] = set()

    def hold(self, entry: LedgerEntry) -> None:
        if entry.content is None:
            self.erased.add(entry.subject)
            if entry.kind == EntryKind.IMPORT_APPLIED:
                self.first_runs.add(entry.subject_id)
            return
        content = json.loads(entry.content)
        for name, check in _ROW_CHECKS.items():
            if said := content.get(name):
                problem, row = check(entry.subject_id, said)
                if problem:
                    raise LedgerBroken(entry.seq, problem)
                self.told.add(row)
                self.count += 1
        if (said := content.get("import_rows")) and said.get("v", FIRST_TREE) == FIRST_TREE:
            self.first_runs.add(entry.subject_id)

    def all_told(self, size: int) -> None:
        """A row of which no entry speaks was written behind the ledger's back."""
        loose = Forecast.objects.filter(import_run__isnull=True).values_list("pk", "prediction_id")
        self._refuse_untold("forecast", loose, size)
        with_first = Q(prediction__import_run__in=self.first_runs, supersedes__isnull=True)
        settled = Resolution.objects.filter(import_run__isnull=True).exclude(with_first)
        self._refuse_untold("resolution", settled.values_list("pk", "prediction_id"), size)
        versions = CriteriaVersion.objects.exclude(prediction__import_run__isnull=False, number=1)
        place = Concat("prediction_id", Value("."), "number", output_field=CharField())
        self._refuse_untold("version", versions.values_list(place, "prediction_id"), size)
        runs = ImportRun.objects.values_list("pk", "pk")
        self._refuse_untold("import", runs, size)

    def _refuse_untold(self, kind: str, rows: QuerySet[M, tuple[Any, int]], size: int) -> None:
        with _all(rows) as found:
            for pk, prediction_id in found:
                name = f"{kind}:{pk}"
                if name not in self.told and not self.erased & {name, f"prediction:{prediction_id}"}:
                    raise LedgerBroken(size, f"{name} stands in the database, but no entry up to here speaks of it")


def _check_forecast(_subject: int, said: dict[str, object]) -> tuple[str, str]:
    pk = int(str(said["forecast"]))
    row = Forecast.objects.filter(pk=pk).first()
    return _difference(f"forecast {pk}", contents.forecast(row) if row else None, said), f"forecast:{pk}"


def _check_resolution(_subject: int, said: dict[str, object]) -> tuple[str, str]:
    pk = int(str(said["resolution"]))
    row = Resolution.objects.filter(pk=pk).first()
    return _difference(f"resolution {pk}", contents.resolution(row) if row else None, said), f"resolution:{pk}"


def _check_version(prediction_id: int, said: dict[str, object]) -> tuple[str, str]:
    number = int(str(said["version"]))
    row = CriteriaVersion.objects.filter(prediction_id=prediction_id, number=number).first()
    name = f"version {number} of prediction {prediction_id}"
    return _difference(name, contents.version(row) if row else None, said), f"version:{prediction_id}.{number}"


def _check_import(run_id: int, said: dict[str, object]) -> tuple[str, str]:
    leaves = first_import_leaves if said.get("v", FIRST_TREE) == FIRST_TREE else import_leaves
    if merkle.root(leaves(run_id)) == said["root"]:
        return "", f"import:{run_id}"
    return f"the rows of import {run_id} are not those that were hashed", ""


def _check_recorded(run_id: int, said: dict[str, object]) -> tuple[str, str]:
    with _all(Forecast.objects.filter(import_run_id=run_id).order_by("row_index")) as rows:
        root = merkle.root(canonical(contents.recorded_forecast(row)) for row in rows)
    if root == said["root"]:
        return "", f"import:{run_id}"
    return f"the forecasts of request {run_id} are not those that were hashed", ""


_ROW_CHECKS: dict[str, Callable[[int, dict[str, object]], tuple[str, str]]] = {
    "forecast_row": _check_forecast,
    "resolution_row": _check_resolution,
    "version_row": _check_version,
    "import_rows": _check_import,
    "recorded_rows": _check_recorded,
}


def import_leaves(run_id: int, start: int = 0) -> Iterator[bytes]:
    """The leaves of an import as they stand today, from a row index on: its forecasts by row index, then the
    predictions that it brought, then the resolutions, both by id.
    """
    rows = Forecast.objects.filter(import_run_id=run_id, row_index__gte=start).order_by("row_index")
    with _all(rows) as forecasts:
        yield from (canonical(contents.imported_forecast(row)) for row in forecasts)
    versions = CriteriaVersion.objects.filter(prediction__import_run_id=run_id, number=1).order_by("prediction_id")
    with _all(versions.select_related("prediction")) as first:
        yield from (canonical(contents.imported_prediction(row)) for row in first)
    with _all(Resolution.objects.filter(import_run_id=run_id).order_by("pk")) as resolutions:
        yield from (canonical(contents.resolution(row)) for row in resolutions)


def first_import_leaves(run_id: int) -> Iterator[bytes]:
    """In the first format: forecasts by row index, then each prediction with its first resolution, by id."""
    with _all(Forecast.objects.filter(import_run_id=run_id).order_by("row_index")) as forecasts:
        yield from (canonical(contents.first_forecast_leaf(row)) for row in forecasts)
    ids = Forecast.objects.filter(import_run_id=run_id).values("prediction_id")
    versions = CriteriaVersion.objects.filter(prediction__in=ids, number=1).order_by("prediction_id")
    resolutions = Resolution.objects.filter(prediction__in=ids, supersedes__isnull=True).order_by("prediction_id")
    with _all(versions) as first, _all(resolutions) as outcomes:
        for version, resolution in zip(first, outcomes, strict=False):  # a missing one gives another root
            yield canonical(contents.first_prediction_leaf(version, resolution))


def _difference(name: str, row: dict[str, object] | None, said: dict[str, object]) -> str:
    if row is None:
        return f"{name} is gone"
    if canonical(row) == canonical(said):
        return ""
    now = json.loads(canonical(row))
    fields = ", ".join(sorted(key for key in now.keys() | said.keys() if now.get(key) != said.get(key)))
    return f"{name} differs from what the ledger says in: {fields}"
